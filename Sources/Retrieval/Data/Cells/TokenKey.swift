/// What a token is looked up by: the bytes themselves of up to 7, with their count in the top byte,
/// or a hash with a top byte of 255.
struct TokenKey: Hashable {
    let bits: UInt64

    init(bits: UInt64) {
        self.bits = bits
    }

    init(_ cell: Cell) {
        guard cell.count < 8 else {
            self.init(hashing: cell)
            return
        }
        var bits = UInt64(cell.count) << 56
        for (index, byte) in cell.enumerated() { bits |= UInt64(byte) << UInt64(8 * index) }
        self.init(bits: bits)
    }

    /// The key of a cell behind which there are bytes that may be read.
    @inline(__always)
    init(inBlock cell: Cell) {
        guard cell.count < 8, let base = cell.baseAddress else {
            self.init(hashing: cell)
            return
        }
        let word = UInt64(
            littleEndian: UnsafeRawPointer(base).loadUnaligned(as: UInt64.self))
        let count = UInt64(cell.count)
        self.init(bits: count &<< 56 | word & (1 &<< (count &* 8) &- 1))
    }

    /// Eight bytes at a time, the last eight once more where they are not whole.
    private init(hashing cell: Cell) {
        let base = UnsafeRawPointer(cell.baseAddress!)
        var hash = UInt64(cell.count)
        var offset = 0
        while offset < cell.count {
            let start = min(offset, cell.count - 8)
            let word = UInt64(littleEndian: (base + start).loadUnaligned(as: UInt64.self))
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            offset += 8
        }
        bits = hash | 0xFF << 56
    }

    /// In place of the hash of a long token, where it stands in the arena.
    init(place: UInt32) {
        bits = UInt64(place) | 0xFF << 56
    }

    var place: UInt32 { UInt32(truncatingIfNeeded: bits) }

    /// Whether the key is the token.
    @inline(__always)
    var isShort: Bool { bits &>> 56 < 8 }

    /// The number whose plain decimal notation a short token is.
    @inline(__always)
    var number: Int? {
        let count = bits &>> 56
        guard count &- 1 < 7, bits & 0xFF != 0x30 || count == 1 else { return nil }
        let digits = (bits ^ 0x30_3030_3030_3030) &<< (64 &- count &* 8)
        return BlockParsing.digits(digits).map { Int($0) }
    }

    /// The first slot to look at, of 2 to the power of 64 less `shift`.
    @inline(__always)
    func slot(_ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: ((bits ^ bits &>> 32) &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    /// The bytes of a short token.
    func withBytes<Result>(_ body: (Cell) -> Result) -> Result {
        withUnsafeBytes(of: bits.littleEndian) { bytes in
            body(Cell(rebasing: bytes.bindMemory(to: UInt8.self)[..<Int(bits >> 56)]))
        }
    }
}

/// The bytes of long tokens, each behind its length, in words.
struct TokenArena {
    private var words: [UInt64] = []

    var isEmpty: Bool { words.isEmpty }

    @inline(__always)
    func fetch(_ place: UInt32) {
        words.withUnsafeBufferPointer { Kernels.prefetch($0.baseAddress! + Int(place)) }
    }

    /// - Returns: where the token stands.
    mutating func append(_ cell: Cell) -> UInt32 {
        let place = UInt32(words.count)
        words.append(UInt64(cell.count))
        var start = 0
        while start < cell.count {
            var word: UInt64 = 0
            for (index, byte) in cell[start..<min(cell.count, start + 8)].enumerated() {
                word |= UInt64(byte) << UInt64(8 * index)
            }
            words.append(word.littleEndian)
            start += 8
        }
        return place
    }

    /// Whether the token at a place is this one, of 8 bytes or more.
    @inline(__always)
    func holds(_ cell: Cell, at place: UInt32) -> Bool {
        words.withUnsafeBufferPointer { words in
            let place = Int(place)
            guard words[place] == UInt64(cell.count) else { return false }
            let token = UnsafeRawPointer(words.baseAddress! + (place &+ 1))
            let text = UnsafeRawPointer(cell.baseAddress!)
            var start = 0
            while start &+ 8 <= cell.count {
                guard Self.agree(token + start, text + start) else { return false }
                start &+= 8
            }
            // The last eight once more.
            return Self.agree(token + (cell.count &- 8), text + (cell.count &- 8))
        }
    }

    @inline(__always)
    private static func agree(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> Bool {
        first.loadUnaligned(as: UInt64.self) == second.loadUnaligned(as: UInt64.self)
    }

    func withBytes<Result>(at place: UInt32, _ body: (Cell) -> Result) -> Result {
        words.withUnsafeBytes { bytes in
            let text = UnsafeRawBufferPointer(rebasing: bytes[((Int(place) + 1) * 8)...])
            return body(
                Cell(rebasing: text.bindMemory(to: UInt8.self)[..<Int(words[Int(place)])]))
        }
    }
}
