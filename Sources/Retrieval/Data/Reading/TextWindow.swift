/// The part of a file that is in memory while it is read: a window that slides to the end.
///
/// Memory stays bounded whatever the size of the file; only a record longer than the window makes
/// it grow. A gzip file, known by its first two bytes, is inflated on the way, and UTF-16, known by
/// its byte order mark, becomes UTF-8.
final class TextWindow {
    /// As messages name it.
    let file: String
    private let bytes: FileBytes
    private var inflater: Inflater?
    private var decoder: UTF16Decoder?
    /// Bytes that were read before the text was found to be UTF-16.
    private var pending: [UInt8] = []
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0
    /// The number of the line with which the window begins.
    private var firstLine = 1
    /// Whether the window begins where the file does.
    private(set) var isFirst = true
    /// Whether the window ends where the file does.
    private(set) var isFinal = false

    /// Bytes that may be read behind the end of the text, whatever they hold.
    static let padding = Kernels.textPadding
    /// No record is longer.
    static let longestRecord = 1 << 30

    init(
        file: String, bytes: FileBytes, capacity: Int = 1 << 20
    ) throws(DataError) {
        self.file = file
        self.bytes = bytes
        memory = .allocate(byteCount: max(64, capacity) + Self.padding, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        count = try fill(from: 0, to: 2)
        let start = Array(memory[..<count])
        if start == [0x1F, 0x8B] {
            count = 0
            do {
                inflater = try Inflater(bytes, start: start)
            } catch {
                throw damaged
            }
        }
        try fill()
        if let form = FileForm(place.bytes).remedy {
            throw .unreadable(file: file, reason: form)
        }
        if let decoder = UTF16Decoder(start: place.bytes.prefix(1 << 12)) {
            try decode(by: decoder)
        }
    }

    /// Has all text, that which was read already too, become UTF-8.
    private func decode(by decoder: UTF16Decoder) throws(DataError) {
        self.decoder = decoder
        // What is in memory is read once more, from there.
        pending = Array(place.bytes.dropFirst(1 << 12))
        count = 0
        try fill()
    }

    deinit { memory.deallocate() }

    /// Bytes of the file read so far, and all that it has.
    var progress: (done: Int, total: Int) { (bytes.consumed, bytes.identity.size) }

    /// The text in the window; it is valid until ``advance(to:)``.
    var place: TextPlace {
        let text = UnsafeRawBufferPointer(memory)[..<count]
        return TextPlace(
            file: file, bytes: UnsafeRawBufferPointer(rebasing: text).bindMemory(to: UInt8.self),
            firstLine: firstLine)
    }

    /// Forgets the text before a line's beginning and fills the room. The window grows where it
    /// holds one record only, and not all of that.
    func advance(to start: Int) throws(DataError) {
        if start > 0 {
            isFirst = false
            firstLine += Kernels.countByte(place.bytes.baseAddress, start, 0x0A)
            let rest = UnsafeRawBufferPointer(rebasing: memory[start..<count])
            memory.baseAddress?.copyMemory(from: rest.baseAddress!, byteCount: rest.count)
            count -= start
        } else {
            try grow()
        }
        try fill()
    }

    private func grow() throws(DataError) {
        guard count < Self.longestRecord else {
            throw place.malformed(
                at: 0, required: "a record of at most \(Self.longestRecord) bytes",
                found: "no end of one (is a quote missing?)")
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: memory.count * 2, alignment: 16)
        larger.initializeMemory(as: UInt8.self, repeating: 0)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    private func fill() throws(DataError) {
        let capacity = memory.count - Self.padding
        let filled = try fill(from: count, to: capacity)
        count += filled
        isFinal = count < capacity
    }

    private func fill(from start: Int, to end: Int) throws(DataError) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: memory[start..<end])
        guard decoder != nil else { return try raw(into: room) }
        return try decoder!.read(into: room, from: raw)
    }

    /// The file's own bytes, inflated.
    private func raw(into room: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
        guard pending.isEmpty else {
            let count = min(pending.count, room.count)
            room.copyBytes(from: pending.prefix(count))
            pending.removeFirst(count)
            let rest = UnsafeMutableRawBufferPointer(rebasing: room[count...])
            return rest.isEmpty ? count : try count + raw(into: rest)
        }
        do {
            return try inflater?.read(into: room) ?? bytes.read(into: room)
        } catch let failure as FileFailure {
            throw .unreadable(file: file, reason: failure.reason)
        } catch {
            throw damaged
        }
    }

    private var damaged: DataError {
        .unreadable(file: file, reason: "the gzip file is damaged or cut short")
    }
}
