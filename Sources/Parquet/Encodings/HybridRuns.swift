/// The hybrid of run lengths and bit packing that levels, dictionary indices and booleans are
/// written in (Encodings.md, RLE/Bit-Packing Hybrid).
struct HybridRuns {
    enum Run {
        case repeated(UInt32, count: Int)
        /// Values of the width, from the first bit of a byte on; all of them are in the bytes.
        case packed(ByteView, count: Int)
    }

    private let bytes: ByteView
    private let width: Int
    private var position = 0

    /// - Parameter width: bits of a value, 0 to 32.
    init(_ bytes: ByteView, width: Int) throws(Damage) {
        guard (0...32).contains(width) else {
            throw .wrong(required: "a width of 0 to 32 bits", found: "\(width)")
        }
        self.bytes = bytes
        self.width = width
    }

    /// The next run, cut to at most `most` values.
    mutating func next(atMost most: Int) throws(Damage) -> Run {
        let header = try bytes.variable(at: &position)
        guard header >> 1 > 0 else {
            throw .wrong(required: "a run of at least one value", found: "an empty one")
        }
        guard header & 1 == 1 else {
            let size = (width + 7) / 8
            guard bytes.count - position >= size else {
                throw .short("a run's value", bytes.count - position)
            }
            let value = UInt32(
                truncatingIfNeeded: bytes.word(position) & (1 << UInt64(8 * size) - 1))
            guard width == 32 || value >> UInt32(width) == 0 else {
                throw .wrong(required: "a value of \(width) bits", found: "\(value)")
            }
            position += size
            return .repeated(value, count: Int(min(UInt64(most), header >> 1)))
        }
        // Groups of eight; the last may be cut short at the end of the page.
        let groups = Int(min(header >> 1, UInt64(most + 7) / 8))
        let count = min(groups * 8, most)
        let needed = (count * width + 7) / 8
        let packed = try bytes.part(from: position, count: needed)
        position += min(groups * width, bytes.count - position)
        return .packed(packed, count: count)
    }
}

/// Values of a fixed number of bits, one behind the other, lowest bits first.
enum BitPacking {
    /// Calls with each value; the bytes must hold them. `width` is at most 32.
    @inline(__always)
    static func forEach(
        _ bytes: ByteView, width: Int, count: Int, _ body: (Int, UInt32) -> Void
    ) {
        let mask: UInt64 = 1 << UInt64(width) - 1
        var bit = 0
        for index in 0..<count {
            let word = bytes.word(bit >> 3) >> UInt64(bit & 7)
            body(index, UInt32(truncatingIfNeeded: word & mask))
            bit += width
        }
    }
}

extension HybridRuns {
    /// Levels of a page, of which none is above `most`.
    static func levels(
        _ bytes: ByteView, count: Int, most: Int
    ) throws(Damage) -> Levels {
        let width = Int.bitWidth - most.leadingZeroBitCount
        var runs = try HybridRuns(bytes, width: width)
        var done = 0
        // A page whose levels are all the same says so in one run.
        if case .repeated(let value, let length) = count == 0
            ? .repeated(UInt32(most), count: 0) : try runs.next(atMost: count), length == count
        {
            guard value <= UInt32(most) else { throw tooLarge(value, most) }
            return .same(UInt8(value), count: count)
        }
        runs = try HybridRuns(bytes, width: width)
        var levels = [UInt8](repeating: 0, count: count)
        var highest: UInt32 = 0
        while done < count {
            switch try runs.next(atMost: count - done) {
            case .repeated(let value, let length):
                highest = max(highest, value)
                for index in done..<done + length {
                    levels[index] = UInt8(truncatingIfNeeded: value)
                }
                done += length
            case .packed(let packed, let length):
                levels.withUnsafeMutableBufferPointer { levels in
                    let start = done
                    BitPacking.forEach(packed, width: width, count: length) { index, value in
                        levels[start + index] = UInt8(truncatingIfNeeded: value)
                        highest = max(highest, value)
                    }
                }
                done += length
            }
        }
        guard highest <= UInt32(most) else { throw tooLarge(highest, most) }
        return .each(levels)
    }

    private static func tooLarge(_ value: UInt32, _ most: Int) -> Damage {
        .wrong(required: "levels up to \(most)", found: "\(value)")
    }

    /// Indices into a dictionary of `size` entries.
    static func indices(
        _ bytes: ByteView, width: Int, count: Int, size: Int
    ) throws(Damage) -> [Int32] {
        var runs = try HybridRuns(bytes, width: width)
        var indices = [Int32](repeating: 0, count: count)
        var highest: UInt32 = 0
        var done = 0
        while done < count {
            let run = try runs.next(atMost: count - done)
            indices.withUnsafeMutableBufferPointer { indices in
                switch run {
                case .repeated(let value, let length):
                    highest = max(highest, value)
                    for index in done..<done + length {
                        indices[index] = Int32(truncatingIfNeeded: value)
                    }
                    done += length
                case .packed(let packed, let length):
                    let start = done
                    BitPacking.forEach(packed, width: width, count: length) { index, value in
                        indices[start &+ index] = Int32(truncatingIfNeeded: value)
                        highest = max(highest, value)
                    }
                    done += length
                }
            }
        }
        guard count == 0 || highest < UInt32(clamping: size) else {
            throw .wrong(required: "indices below \(size)", found: "\(highest)")
        }
        return indices
    }
}

/// The levels of a page's values.
enum Levels {
    /// All are the same.
    case same(UInt8, count: Int)
    case each([UInt8])

    var count: Int {
        switch self {
        case .same(_, let count): count
        case .each(let levels): levels.count
        }
    }

    subscript(index: Int) -> UInt8 {
        switch self {
        case .same(let level, _): level
        case .each(let levels): levels[index]
        }
    }

    /// Which of them are this one.
    func marks(of level: Int) -> [Bool] {
        switch self {
        case .same(let own, let count): [Bool](repeating: Int(own) == level, count: count)
        case .each(let levels): levels.map { Int($0) == level }
        }
    }

    /// How many are this one.
    func count(of level: Int) -> Int {
        switch self {
        case .same(let own, let count): Int(own) == level ? count : 0
        case .each(let levels):
            levels.reduce(into: 0) { sum, own in sum += Int(own) == level ? 1 : 0 }
        }
    }

    /// The older encoding, BIT_PACKED: highest bits first, without runs. Answers the bytes it took.
    static func bitPacked(
        _ bytes: ByteView, count: Int, most: Int
    ) throws(Damage) -> (levels: Levels, size: Int) {
        let width = Int.bitWidth - most.leadingZeroBitCount
        let size = (count * width + 7) / 8
        let packed = try bytes.part(from: 0, count: size)
        var levels = [UInt8](repeating: 0, count: count)
        for index in 0..<count {
            var level = 0
            for bit in index * width..<(index + 1) * width {
                level = level << 1 | Int(packed.word(bit >> 3) >> UInt64(7 - bit & 7) & 1)
            }
            guard level <= most else {
                throw .wrong(required: "levels up to \(most)", found: "\(level)")
            }
            levels[index] = UInt8(level)
        }
        return (.each(levels), size)
    }
}
