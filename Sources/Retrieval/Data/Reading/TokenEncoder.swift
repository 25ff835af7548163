import Platform

/// Gives each distinct run of bytes a code, in order of first appearance: the builder of a
/// ``TokenColumn`` that makes a string once per distinct token and not once per row.
///
/// An open-addressing table of codes. A token of up to 7 bytes is its own 64-bit key, so that
/// ordinary ids compare in one step; a longer one is hashed, and its bytes compared. Beside it, the
/// codes of numbers that are not much larger than there are tokens stand in an array by number.
struct TokenEncoder {
    private var codes: [Int32] = []
    /// By code: the key of a short token, and where a long one stands.
    private var tokens: [TokenKey] = []
    private var arena = TokenArena()
    /// A power of two of them, at most half taken.
    private var slots = [Slot](repeating: Slot(), count: 64)
    /// 64 less the logarithm of their count.
    private var shift: UInt64 = 64 - 6
    /// Number → code, −1 where it has none.
    private var codeOfNumber: [Int32] = []
    /// Of the numbers that came as such.
    private var numbers = NumberCodes()

    private struct Slot {
        var key = TokenKey(bits: 0)
        /// −1 where the slot is free.
        var code: Int32 = -1
        /// Where a long token stands in the arena.
        var place: UInt32 = 0
    }

    /// By the number of each other encoder whose rows are added, its codes' own codes.
    private var codesOfOthers: [[Int32]] = []
    /// Tokens at the last time that rows were taken out.
    private var taken = 0

    /// Whether a token that is not known yet must not be taken.
    private let refuses: ((Cell) -> Bool)?

    /// - Parameter refuses: asked once of each new token, not of each row.
    init(reservingRows rows: Int = 0, refusing refuses: ((Cell) -> Bool)? = nil) {
        self.refuses = refuses
        codes.reserveCapacity(rows)
    }

    /// Rows so far.
    var count: Int { codes.count }

    /// Adds a row that holds the token `bytes[range]`.
    mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
        _ = bytes.withUnsafeBufferPointer { self.append(Cell(rebasing: $0[range])) }
    }

    /// Adds a row that holds these bytes; false, and no row, where they are refused.
    mutating func append(_ cell: Cell) -> Bool {
        guard let code = code(cell) else { return false }
        codes.append(code)
        return true
    }

    /// Adds a row for each code of a dictionary, −1 for nothing, up to the first whose text is
    /// refused; answers how many.
    mutating func append(
        _ entries: [Int32], of count: Int, _ text: (Int) -> Cell
    ) -> Int {
        var own = [Int32](repeating: -1, count: count + 1)
        for (row, entry) in entries.enumerated() {
            // What holds nothing has the last place.
            let place = entry < 0 ? count : Int(entry)
            if own[place] < 0 {
                guard let code = code(entry < 0 ? Cell(start: nil, count: 0) : text(place)) else {
                    return row
                }
                own[place] = code
            }
            codes.append(own[place])
        }
        return entries.count
    }

    /// Adds a row for each number, its token as it is written without a point, up to the first that
    /// is refused; answers how many.
    ///
    /// - Parameter isPresent: whether a row has a number, or else the empty token; nil: all have.
    mutating func append(_ values: [Int64], isPresent: [Bool]?) -> Int {
        values.withUnsafeBufferPointer { values in
            numbers.expect(values)
            guard let isPresent else { return append(values) }
            var row = 0
            while row < values.count {
                let end = isPresent[row...].firstIndex(of: false) ?? values.count
                let taken = append(UnsafeBufferPointer(rebasing: values[row..<end]))
                guard taken == end - row else { return row + taken }
                row = end
                while row < values.count, !isPresent[row] {
                    guard append(Cell(start: nil, count: 0)) else { return row }
                    row += 1
                }
            }
            return row
        }
    }

    private mutating func append(_ values: UnsafeBufferPointer<Int64>) -> Int {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: NumberCodes.blockSize) { found in
            guard let found = found.baseAddress else { return 0 }
            var done = 0
            while done < values.count {
                let block = UnsafeBufferPointer(
                    rebasing: values[done..<min(values.count, done + NumberCodes.blockSize)])
                numbers.fetch(block)
                var row = 0
                while true {
                    row = numbers.find(block, from: row, found)
                    guard row < block.count, let code = insert(block[row]) else { break }
                    (found + row).initialize(to: code)
                    row += 1
                }
                codes.append(contentsOf: UnsafeBufferPointer(start: found, count: row))
                done += row
                if row < block.count { break }
            }
            return done
        }
    }

    /// Gives a number that came as such for the first time the code of its text; nil where that is
    /// refused.
    private mutating func insert(_ number: Int64) -> Int32? {
        var text = "\(number)"
        let code = text.withUTF8 { self.code($0) }
        if let code { numbers.insert(number, code: code) }
        return code
    }

    /// Adds a row for each cell up to the first that is refused; answers how many.
    mutating func append(each cells: CellColumn) -> Int {
        withUnsafeTemporaryAllocation(of: TokenKey.self, capacity: cells.count) { keys in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: cells.count) { found in
                guard let keys = keys.baseAddress, let found = found.baseAddress else { return 0 }
                findNumbers(cells, keys, found)
                fetchLongTokens(keys, found, cells.count)
                var row = 0
                while true {
                    row = findTokens(cells, keys, found, from: row)
                    guard row < cells.count, let code = insert(keys[row], cells[row]) else {
                        break
                    }
                    (found + row).initialize(to: code)
                    row += 1
                }
                codes.append(contentsOf: UnsafeBufferPointer(start: found, count: row))
                return row
            }
        }
    }

    /// Writes the keys of the cells, and the codes of numbers, −1 for what is to be looked up.
    private func findNumbers(
        _ cells: CellColumn, _ keys: UnsafeMutablePointer<TokenKey>,
        _ found: UnsafeMutablePointer<Int32>
    ) {
        codeOfNumber.withUnsafeBufferPointer { codeOfNumber in
            slots.withUnsafeBufferPointer { slots in
                // Where each will be looked up is fetched first, and looked at when all are: no
                // step then waits for memory.
                for row in 0..<cells.count {
                    let key = TokenKey(inBlock: cells[row])
                    (keys + row).initialize(to: key)
                    var place: Int32 = -1
                    if let number = key.number, number < codeOfNumber.count {
                        place = Int32(truncatingIfNeeded: number)
                        Kernels.prefetch(codeOfNumber.baseAddress! + number)
                    }
                    (found + row).initialize(to: place)
                }
                for row in 0..<cells.count {
                    let place = found[row]
                    let code = place < 0 ? -1 : codeOfNumber[Int(place)]
                    found[row] = code
                    if code < 0 { Kernels.prefetch(slots.baseAddress! + keys[row].slot(shift)) }
                }
            }
        }
    }

    /// Has the bytes fetched that the cells will be compared with.
    private func fetchLongTokens(
        _ keys: UnsafeMutablePointer<TokenKey>, _ found: UnsafeMutablePointer<Int32>, _ count: Int
    ) {
        guard !arena.isEmpty else { return }
        slots.withUnsafeBufferPointer { slots in
            for row in 0..<count where found[row] < 0 && !keys[row].isShort {
                arena.fetch(slots[keys[row].slot(shift)].place)
            }
        }
    }

    /// Writes the codes of what is left up to the first token that has none, and answers which
    /// that is.
    private func findTokens(
        _ cells: CellColumn, _ keys: UnsafeMutablePointer<TokenKey>,
        _ found: UnsafeMutablePointer<Int32>, from start: Int
    ) -> Int {
        let mask = slots.count &- 1
        return slots.withUnsafeBufferPointer { slots in
            for row in start..<cells.count where found[row] < 0 {
                let key = keys[row]
                var slot = key.slot(shift)
                while true {
                    let entry = slots[slot]
                    guard entry.code >= 0 else { return row }
                    if entry.key == key, key.isShort || arena.holds(cells[row], at: entry.place) {
                        found[row] = entry.code
                        break
                    }
                    slot = (slot &+ 1) & mask
                }
            }
            return cells.count
        }
    }

    /// Makes room for rows, so many in all.
    mutating func reserve(_ rows: Int) { codes.reserveLargeCapacity(rows) }

    /// Forgets rows at the end; their tokens stay.
    mutating func truncate(to count: Int) {
        codes.removeLast(max(0, codes.count - count))
    }

    /// Adds a row with a token that no row has yet; false, and no row, where one has.
    mutating func appendIfNew(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let known = tokens.count
        let code = bytes.withUnsafeBufferPointer {
            self.code(Cell(rebasing: $0[range]))
        }
        guard let code, tokens.count > known else { return false }
        codes.append(code)
        return true
    }

    /// Takes all rows out; tokens stay.
    mutating func takePart() -> ColumnPart {
        defer { taken = tokens.count }
        let part = ColumnPart.tokens(codes: codes, new: taken..<tokens.count)
        codes = codes.emptyOfSameSize
        return part
    }

    /// Adds parts that other encoders took out, each after all that it took out before: tokens get
    /// codes in the order in which they first appear in the parts.
    mutating func append(
        _ parts: [(state: Int, part: ColumnPart)], of others: [TokenEncoder?]
    ) {
        for (state, part) in parts {
            guard let other = others[state] else { continue }
            while codesOfOthers.count <= state { codesOfOthers.append([]) }
            // What was known of an encoder that is gone; an encoder begins with token 0.
            codesOfOthers[state].removeLast(codesOfOthers[state].count - part.new.lowerBound)
            for token in part.new {
                codesOfOthers[state].append(other.withBytes(of: token) { code($0) } ?? -1)
            }
            append(part.codes, by: codesOfOthers[state])
        }
    }

    /// Adds a row for each code of another encoder.
    private mutating func append(_ others: [Int32], by own: [Int32]) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: others.count) { block in
            guard let start = block.baseAddress else { return }
            own.withUnsafeBufferPointer { own in
                for (row, code) in others.enumerated() {
                    (start + row).initialize(to: own[Int(code)])
                }
            }
            codes.append(contentsOf: UnsafeBufferPointer(start: start, count: others.count))
        }
    }

    private func withBytes<Result>(of token: Int, _ body: (Cell) -> Result) -> Result {
        let token = tokens[token]
        return token.isShort ? token.withBytes(body) : arena.withBytes(at: token.place, body)
    }

    /// The column, its tokens decoded, and how many of these are not of the encoding: what is not
    /// becomes replacement characters.
    ///
    /// Tokens of different bytes may be equal as text: by canonical equivalence, as `é` and `e`
    /// with an accent are, or once bytes were replaced. They are one token, as they are wherever
    /// tokens are looked up.
    func finish(as encoding: TextEncoding) -> (column: TokenColumn, unreadable: Int) {
        var isPlain = true
        var unreadable: Set<Int32> = []
        let dictionary = tokens.enumerated().map { code, token in
            let decode = { (cell: Cell) in
                guard cell.contains(where: { $0 >= 0x80 }) else { return encoding.text(cell) }
                isPlain = false
                if !encoding.canRead(cell) { unreadable.insert(Int32(code)) }
                return encoding.text(cell)
            }
            return token.isShort
                ? token.withBytes(decode) : arena.withBytes(at: token.place, decode)
        }
        let column = TokenColumn(codes: codes, dictionary: dictionary)
        // Of what is in no row, cut at the end of a window perhaps, nobody need know.
        if !unreadable.isEmpty { unreadable.formIntersection(codes) }
        return (isPlain ? column : column.withDistinctTokens(), unreadable.count)
    }

    private mutating func code(_ cell: Cell) -> Int32? {
        let key = TokenKey(cell)
        let mask = slots.count - 1
        var slot = key.slot(shift)
        while slots[slot].code >= 0 {
            let entry = slots[slot]
            if entry.key == key, key.isShort || arena.holds(cell, at: entry.place) {
                return entry.code
            }
            slot = (slot + 1) & mask
        }
        return insert(key, cell)
    }

    /// Gives a token a code that has none; nil where it is refused.
    private mutating func insert(_ key: TokenKey, _ cell: Cell) -> Int32? {
        if let refuses, refuses(cell) { return nil }
        if tokens.count * 2 >= slots.count { grow() }
        let code = Int32(tokens.count)
        let place = key.isShort ? 0 : arena.append(cell)
        tokens.append(key.isShort ? key : TokenKey(place: place))
        fill(Slot(key: key, code: code, place: place))
        if let number = key.number { remember(number, code) }
        return code
    }

    private mutating func fill(_ entry: Slot) {
        let mask = slots.count - 1
        var slot = entry.key.slot(shift)
        while slots[slot].code >= 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func grow() {
        var old = [Slot](repeating: Slot(), count: slots.count * 2)
        swap(&slots, &old)
        shift -= 1
        for entry in old where entry.code >= 0 { fill(entry) }
    }

    private mutating func remember(_ number: Int, _ code: Int32) {
        if number < codeOfNumber.count {
            codeOfNumber[number] = code
        } else if number < 1 << 14 + 16 * tokens.count {
            let size = 1 << (Int.bitWidth - number.leadingZeroBitCount)
            codeOfNumber = [Int32](repeating: -1, count: max(1024, size))
            for (code, token) in tokens.enumerated() {
                guard let number = token.number, number < size else { continue }
                codeOfNumber[number] = Int32(code)
            }
        }
    }
}

extension ColumnPart {
    fileprivate var codes: [Int32] {
        switch self {
        case .tokens(let codes, _), .lists(_, let codes, _): codes
        default: []
        }
    }

    fileprivate var new: Range<Int> {
        switch self {
        case .tokens(_, let new), .lists(_, _, let new): new
        default: 0..<0
        }
    }
}
