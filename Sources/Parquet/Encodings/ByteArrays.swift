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
        offsets += other.offsets.dropFirst().map { $0 + start }
    }

    /// Appends `prefix` bytes of the last string and then others.
    mutating func append(prefix: Int, of last: Range<Int>, _ suffix: ByteView) {
        bytes.append(contentsOf: bytes[last.lowerBound..<last.lowerBound + prefix])
        append(suffix)
    }

    /// PLAIN: each behind its length of four bytes.
    static func plain(_ bytes: ByteView, count: Int) throws(Damage) -> ByteArrays {
        var values = ByteArrays()
        values.bytes.reserveCapacity(bytes.count)
        var position = 0
        for _ in 0..<count {
            let length = try bytes.length(at: position)
            values.append(try bytes.part(from: position + 4, count: length))
            position += 4 + length
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
        var values = ByteArrays()
        var position = size
        for length in lengths {
            values.append(try bytes.part(from: position, count: try natural(length)))
            position += Int(length)
        }
        return values
    }

    /// DELTA_BYTE_ARRAY: how much each shares with the one before it, then the rests.
    static func delta(_ bytes: ByteView, count: Int) throws(Damage) -> ByteArrays {
        let (prefixes, size) = try DeltaBinaryPacked.decode(bytes, count: count)
        let rest = try bytes.from(size)
        let (lengths, start) = try DeltaBinaryPacked.decode(rest, count: count)
        var values = ByteArrays()
        var position = start
        var last = 0..<0
        for (prefix, length) in zip(prefixes, lengths) {
            guard prefix >= 0, prefix <= last.count else {
                throw .wrong(
                    required: "a prefix of at most \(last.count) bytes", found: "\(prefix)")
            }
            // A page of prefixes of prefixes could grow without an end.
            guard values.bytes.count < 1 << 31 else {
                throw .wrong(required: "a page of less than 2 GiB", found: "more")
            }
            let suffix = try rest.part(from: position, count: try natural(length))
            values.append(prefix: Int(prefix), of: last, suffix)
            position += Int(length)
            last = values.offsets[values.count - 1]..<values.bytes.count
        }
        return values
    }

    private static func natural(_ length: Int64) throws(Damage) -> Int {
        guard length >= 0 else {
            throw .wrong(required: "a length that is not negative", found: "\(length)")
        }
        return Int(length)
    }
}
