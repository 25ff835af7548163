/// Gives each distinct run of bytes a code, in order of first appearance: the builder of a
/// ``TokenColumn`` that makes a string once per distinct token and not once per row.
///
/// An open-addressing table of codes. A token of up to 7 bytes is its own 64-bit key, so that
/// ordinary ids compare in one step; a longer one is hashed, and its bytes compared.
struct TokenEncoder {
    private var codes: [Int32] = []
    /// By code.
    private var keys: [UInt64] = []
    /// Where each token starts in ``arena``, by code; one more than there are tokens.
    private var starts = [0]
    private var arena: [UInt8] = []
    /// Keys and their codes by hash; a power of two of them, at most half taken.
    private var slots = [Slot](repeating: Slot(), count: 64)
    /// The keys of a block of cells.
    private var pending: [UInt64] = []

    private struct Slot {
        var key: UInt64 = 0
        /// −1 where the slot is free.
        var code: Int32 = -1
    }

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

    /// Adds a row for each cell.
    mutating func append(each cells: CellColumn) {
        // The keys first, so that looking them up waits for nothing but memory.
        pending.removeAll(keepingCapacity: true)
        for row in 0..<cells.count { pending.append(Self.key(inBlock: cells[row])) }
        var row = 0
        while row < cells.count {
            row = appendKnown(cells, from: row)
            guard row < cells.count else { return }
            codes.append(code(cells[row]))
            row += 1
        }
    }

    /// Adds rows up to the first with a token that no row has yet, and answers which that is.
    private mutating func appendKnown(_ cells: CellColumn, from start: Int) -> Int {
        let (slots, pending) = (self.slots, self.pending)
        // A variable of its own, that the rest may be read meanwhile.
        var codes: [Int32] = []
        swap(&codes, &self.codes)
        defer { self.codes = codes }
        let mask = slots.count - 1
        return slots.withUnsafeBufferPointer { slots in
            for row in start..<cells.count {
                let key = pending[row]
                var slot = Self.slot(of: key, mask)
                while true {
                    let entry = slots[slot]
                    guard entry.code >= 0 else { return row }
                    if entry.key == key, Self.isShort(key) || holds(entry.code, cells[row]) {
                        codes.append(entry.code)
                        break
                    }
                    slot = (slot + 1) & mask
                }
            }
            return cells.count
        }
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
            return encoding.text(token)
        }
        return TokenColumn(codes: codes, dictionary: dictionary)
    }

    private mutating func code(_ cell: Cell) -> Int32 {
        let key = Self.key(cell)
        let mask = slots.count - 1
        var slot = Self.slot(of: key, mask)
        while slots[slot].code >= 0 {
            let entry = slots[slot]
            if entry.key == key, Self.isShort(key) || holds(entry.code, cell) { return entry.code }
            slot = (slot + 1) & mask
        }
        let code = Int32(keys.count)
        slots[slot] = Slot(key: key, code: code)
        keys.append(key)
        arena.append(contentsOf: cell)
        starts.append(arena.count)
        if keys.count * 2 > slots.count { grow() }
        return code
    }

    private func holds(_ code: Int32, _ cell: Cell) -> Bool {
        let start = starts[Int(code)]
        guard starts[Int(code) + 1] - start == cell.count else { return false }
        return arena.withUnsafeBufferPointer { bytes in
            for index in 0..<cell.count where bytes[start &+ index] != cell[index] { return false }
            return true
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [Slot](repeating: Slot(), count: slots.count * 2)
        for (code, key) in keys.enumerated() {
            var slot = Self.slot(of: key, mask)
            while slots[slot].code >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Slot(key: key, code: Int32(code))
        }
    }

    /// A key whose top byte is below 8 holds the bytes themselves, and their count there.
    private static func isShort(_ key: UInt64) -> Bool { key >> 56 < 8 }

    /// The key of a cell behind which there are bytes that may be read.
    @inline(__always)
    private static func key(inBlock cell: Cell) -> UInt64 {
        guard cell.count < 8, let base = cell.baseAddress else { return key(cell) }
        let word = UInt64(
            littleEndian: UnsafeRawPointer(base).loadUnaligned(as: UInt64.self))
        let bits = UInt64(cell.count) &* 8
        return UInt64(cell.count) << 56 | word & (1 << bits &- 1)
    }

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
        // Eight bytes at a time, the last eight once more where they are not whole.
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
        return hash | 0xFF << 56
    }

    private static func slot(of key: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: SplitMix64.mix(key)) & mask
    }
}
