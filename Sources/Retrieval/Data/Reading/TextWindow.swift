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

    /// The text that follows, where it was read already.
    private var ahead: UnsafeMutableRawBufferPointer?
    private var aheadCount = 0
    private var aheadIsFinal = false
    private var aheadFailure: DataError?

    /// Bytes that may be read behind the end of the text, whatever they hold.
    static let padding = Kernels.textPadding
    /// No record is longer.
    static let longestRecord = 1 << 30

    init(
        file: String, bytes: FileBytes, capacity: Int = 1 << 20
    ) throws(DataError) {
        self.file = file
        self.bytes = bytes
        memory = Self.allocate(max(64, capacity) + Self.padding)
        count = try fill(memory, from: 0, to: 2)
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

    deinit {
        memory.deallocate()
        ahead?.deallocate()
    }

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

    /// Where the text's last line ends; 0 where none does.
    var lastLineEnd: Int { (place.bytes.lastIndex(of: 0x0A) ?? -1) + 1 }

    /// Reads the text that follows, from a place in the window on, while others read the window.
    /// What fails is thrown by ``turn(to:from:)``.
    func readAhead(from cut: Int) {
        let rest = UnsafeRawBufferPointer(rebasing: memory[cut..<count])
        // Room for the rest of a long record.
        let wanted = max(memory.count, 2 * rest.count + Self.padding)
        let room = ahead.flatMap { $0.count >= wanted ? $0 : nil } ?? Self.allocate(wanted)
        if let ahead, ahead.baseAddress != room.baseAddress { ahead.deallocate() }
        ahead = room
        room.copyMemory(from: rest)
        do throws(DataError) {
            let capacity = room.count - Self.padding
            aheadCount = try rest.count + fill(room, from: rest.count, to: capacity)
            aheadIsFinal = aheadCount < capacity
        } catch {
            aheadFailure = error
        }
    }

    /// Goes on to the text that was read ahead, keeping what stands from `start` to `cut`.
    func turn(to start: Int, from cut: Int) throws(DataError) {
        if let aheadFailure { throw aheadFailure }
        guard let next = ahead else { return }
        try checkLength(count - start)
        firstLine += Kernels.countByte(place.bytes.baseAddress, start, 0x0A)
        isFirst = isFirst && start == 0
        if start == cut {
            (memory, ahead) = (next, memory)
            count = aheadCount
        } else {
            let kept = UnsafeRawBufferPointer(rebasing: memory[start..<cut])
            let larger = Self.allocate(kept.count + next.count)
            larger.copyMemory(from: kept)
            UnsafeMutableRawBufferPointer(rebasing: larger[kept.count...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: next[..<aheadCount]))
            memory.deallocate()
            memory = larger
            count = kept.count + aheadCount
        }
        isFinal = aheadIsFinal
    }

    private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        return memory
    }

    private func checkLength(_ count: Int) throws(DataError) {
        guard count < Self.longestRecord else {
            throw place.malformed(
                at: 0, required: "a record of at most \(Self.longestRecord) bytes",
                found: "no end of one (is a quote missing?)")
        }
    }

    private func grow() throws(DataError) {
        try checkLength(count)
        let larger = Self.allocate(memory.count * 2)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }

    private func fill() throws(DataError) {
        let capacity = memory.count - Self.padding
        let filled = try fill(memory, from: count, to: capacity)
        count += filled
        isFinal = count < capacity
    }

    private func fill(
        _ memory: UnsafeMutableRawBufferPointer, from start: Int, to end: Int
    ) throws(DataError) -> Int {
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
