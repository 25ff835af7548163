/// Gives each distinct run of bytes a code, in order of first appearance: the builder of a
/// ``TokenColumn`` that makes a string once per distinct token and not once per row.
///
/// An open-addressing table of codes. A token of up to 7 bytes is its own 64-bit key, so that
/// ordinary ids compare in one step; a longer one is hashed, and its bytes compared.
struct TokenEncoder {
    enum TextEncoding {
        case utf8
        /// ISO 8859-1: every byte is the code point of that number.
        case latin1
    }

    private var codes: [Int32] = []
    /// By code.
    private var keys: [UInt64] = []
    /// Where each token starts in ``arena``, by code; one more than there are tokens.
    private var starts = [0]
    private var arena: [UInt8] = []
    /// Codes by hash, −1 where free; a power of two of them, at most half taken.
    private var slots = [Int32](repeating: -1, count: 64)

    init(reservingRows rows: Int = 0) {
        codes.reserveCapacity(rows)
    }

    /// Rows so far.
    var count: Int { codes.count }

    /// Adds a row that holds the token `bytes[range]`.
    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
        bytes.withUnsafeBufferPointer { self.append(Cell(rebasing: $0[range])) }
    }

    /// Adds a row that holds these bytes.
    mutating func append(_ cell: Cell) {
        codes.append(code(cell))
    }

    /// Forgets rows at the end; their tokens stay.
    mutating func truncate(to count: Int) {
        codes.removeLast(max(0, codes.count - count))
    }

    /// Adds a row with a token that no row has yet; false, and no row, where one has.
    mutating func appendIfNew(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let known = keys.count
        let code = bytes.withUnsafeBufferPointer {
            self.code(Cell(rebasing: $0[range]))
        }
        guard keys.count > known else { return false }
        codes.append(code)
        return true
    }

    /// The column, its tokens decoded. Invalid UTF-8 becomes replacement characters.
    func finish(as encoding: TextEncoding) -> TokenColumn {
        let dictionary = keys.indices.map { code in
            let token = arena[starts[code]..<starts[code + 1]]
            return encoding == .latin1
                ? Self.latin1(token) : String(decoding: token, as: UTF8.self)
        }
        return TokenColumn(codes: codes, dictionary: dictionary)
    }

    /// Each byte from 0x80 on becomes two bytes of UTF-8.
    private static func latin1(_ token: ArraySlice<UInt8>) -> String {
        guard token.contains(where: { $0 >= 0x80 }) else {
            return String(decoding: token, as: UTF8.self)
        }
        var text: [UInt8] = []
        for byte in token {
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(0xC0 | byte >> 6)
                text.append(0x80 | byte & 0x3F)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func code(_ cell: Cell) -> Int32 {
        let key = Self.key(cell)
        let mask = slots.count - 1
        var slot = Self.slot(of: key, mask)
        while slots[slot] >= 0 {
            let code = slots[slot]
            if keys[Int(code)] == key, isShort(key) || holds(code, cell) { return code }
            slot = (slot + 1) & mask
        }
        let code = Int32(keys.count)
        slots[slot] = code
        keys.append(key)
        arena.append(contentsOf: cell)
        starts.append(arena.count)
        if keys.count * 2 > slots.count { grow() }
        return code
    }

    private func holds(_ code: Int32, _ cell: Cell) -> Bool {
        arena[starts[Int(code)]..<starts[Int(code) + 1]].elementsEqual(cell)
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for (code, key) in keys.enumerated() {
            var slot = Self.slot(of: key, mask)
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(code)
        }
    }

    /// A key whose top byte is below 8 holds the bytes themselves, and their count there.
    private func isShort(_ key: UInt64) -> Bool { key >> 56 < 8 }

    private static func key(_ cell: Cell) -> UInt64 {
        if cell.count < 8 {
            var key = UInt64(cell.count) << 56
            var shift: UInt64 = 0
            for byte in cell {
                key |= UInt64(byte) << shift
                shift += 8
            }
            return key
        }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in cell { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash | 0xFF << 56
    }

    private static func slot(of key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: SplitMix64.mix(key)) & mask
    }
}
