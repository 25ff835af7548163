/// Byte strings, one behind the other.
public struct ByteArrays: Hashable, Sendable {
    /// Where string i stands: `bytes[offsets[i]..<offsets[i + 1]]`.
    public private(set) var offsets: [Int] = [0]
    /// The bytes of all strings.
    public private(set) var bytes: [UInt8] = []

    /// How many strings there are.
    public var count: Int { offsets.count - 1 }

    /// String `index`, below ``count``.
    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[offsets[index]..<offsets[index + 1]] }

    mutating func append(_ view: ByteView) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: view.base, count: view.count))
        offsets.append(bytes.count)
    }

    mutating func append(_ string: some Sequence<UInt8>) {
        bytes.append(contentsOf: string)
        offsets.append(bytes.count)
    }

    mutating func append(_ other: ByteArrays) {
        let start = bytes.count
        bytes += other.bytes
        offsets.append(contentsOf: other.offsets.lazy.dropFirst().map { $0 + start })
    }

    /// Makes room for so many strings in all, if they go on as they began.
    mutating func reserve(_ count: Int) {
        guard self.count > 0, count > self.count else { return }
        offsets.reserveCapacity(count + 1)
        let wanted = Double(bytes.count) / Double(self.count) * Double(count) * 1.03
        // A file that lies about its rows gets no memory for them.
        bytes.reserveCapacity(Int(min(wanted, 0x1p28)))
    }

    /// PLAIN: each behind its length of four bytes.
    static func plain(_ bytes: ByteView, count: Int) throws(Damage) -> ByteArrays {
        var values = ByteArrays()
        values.offsets.reserveCapacity(min(count, bytes.count / 4) + 1)
        var end = 0
        for index in 0..<count {
            let length = try bytes.length(at: end + 4 * index)
            let left = bytes.count - end - 4 * (index + 1)
            guard length <= left else { throw .short("\(length) bytes", left) }
            end += length
            values.offsets.append(end)
        }
        values.fill { target, offsets in
            for index in 0..<count {
                let start = offsets[index]
                copy(
                    bytes.base + (start + 4 * (index + 1)), to: target + start,
                    offsets[index + 1] - start)
            }
        }
        return values
    }

    /// Strings of one length.
    static func fixed(_ bytes: ByteView, count: Int, width: Int) throws(Damage) -> ByteArrays {
        let (size, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow else { throw .short("\(count) values", bytes.count) }
        _ = try bytes.part(from: 0, count: size)
        var values = ByteArrays()
        for index in 0..<count {
            values.append(try bytes.part(from: index * width, count: width))
        }
        return values
    }

    /// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
    static func deltaLength(_ bytes: ByteView, count: Int) throws(Damage) -> ByteArrays {
        let (lengths, size) = try DeltaBinaryPacked.decode(bytes, count: count)
        let texts = try bytes.from(size)
        var values = ByteArrays()
        values.offsets.reserveCapacity(lengths.count + 1)
        var end = 0
        for length in lengths {
            let length = try natural(length)
            guard length <= texts.count - end else {
                throw .short("\(length) bytes", texts.count - end)
            }
            end += length
            values.offsets.append(end)
        }
        values.fill { target, _ in target.copyMemory(from: texts.base, byteCount: end) }
        return values
    }

    /// DELTA_BYTE_ARRAY: how much each shares with the one before it, then the rests.
    static func delta(_ bytes: ByteView, count: Int) throws(Damage) -> ByteArrays {
        let (prefixes, size) = try DeltaBinaryPacked.decode(bytes, count: count)
        let rest = try bytes.from(size)
        let (lengths, start) = try DeltaBinaryPacked.decode(rest, count: count)
        var values = ByteArrays()
        values.offsets.reserveCapacity(prefixes.count + 1)
        var (position, end, last) = (start, 0, 0)
        for (prefix, length) in zip(prefixes, lengths) {
            guard prefix >= 0, prefix <= last else {
                throw .wrong(required: "a prefix of at most \(last) bytes", found: "\(prefix)")
            }
            // A page of prefixes of prefixes could grow without an end.
            guard end < 1 << 31 else {
                throw .wrong(required: "a page of less than 2 GiB", found: "more")
            }
            let length = try natural(length)
            guard length <= rest.count - position else {
                throw .short("\(length) bytes", rest.count - position)
            }
            position += length
            last = Int(prefix) + length
            end += last
            values.offsets.append(end)
        }
        values.fill { target, offsets in
            var source = rest.base + start
            for index in lengths.indices {
                let (prefix, place) = (Int(prefixes[index]), target + offsets[index])
                if prefix > 0 { copy(target + offsets[index - 1], to: place, prefix) }
                copy(source, to: place + prefix, Int(lengths[index]))
                source += Int(lengths[index])
            }
        }
        return values
    }

    /// Has the bytes written that the offsets tell of, and up to 16 more.
    private mutating func fill(
        _ write: (UnsafeMutableRawPointer, UnsafeBufferPointer<Int>) -> Void
    ) {
        let size = offsets[count]
        bytes = offsets.withUnsafeBufferPointer { offsets in
            [UInt8](unsafeUninitializedCapacity: size + ByteView.padding) { buffer, filled in
                if let target = buffer.baseAddress { write(target, offsets) }
                filled = size
            }
        }
    }

    /// Copies bytes; 16 where they are fewer, for most strings are short.
    @inline(__always)
    private static func copy(
        _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
    ) {
        guard count <= ByteView.padding else {
            target.copyMemory(from: source, byteCount: count)
            return
        }
        target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    }

    private static func natural(_ length: Int64) throws(Damage) -> Int {
        guard length >= 0 else {
            throw .wrong(required: "a length that is not negative", found: "\(length)")
        }
        return Int(length)
    }
}
