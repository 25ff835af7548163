/// Orders of rows, stable: equal rows stay as they stood.
package enum RowOrder {
    /// Row numbers by ascending key.
    ///
    /// A radix sort of the distances from the least key, with the rows in the lower half of a word
    /// where a distance fits into the upper one: seconds of a hundred years do.
    package static func ascending(_ keys: [Int64]) -> [Int32] {
        guard let least = keys.min(), let most = keys.max(), least < most else {
            return [Int32](0..<Int32(keys.count))
        }
        let width = 64 - UInt64(bitPattern: most &- least).leadingZeroBitCount
        var words: [UInt64] = []
        words.reserveCapacity(keys.count)
        for (row, key) in keys.enumerated() {
            words.append(UInt64(bitPattern: key &- least) &<< 32 | UInt64(row))
        }
        RadixSort.sort(&words, low: 32, high: min(64, 32 + width))
        if width > 32 {
            // By the lower half of the distance so far, and then by the upper one.
            for place in words.indices {
                let row = words[place] & 0xFFFF_FFFF
                let distance = UInt64(bitPattern: keys[Int(row)] &- least)
                words[place] = distance & ~0xFFFF_FFFF | row
            }
            RadixSort.sort(&words, low: 32, high: width)
        }
        return words.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
    }

    /// The key that stands at a place once they are sorted; they are not.
    ///
    /// Of the distances from the least key sixteen bits are counted at a time, the upper ones
    /// first, and what differs in them from the key that is looked for is left out.
    ///
    /// - Parameter place: below the count of keys.
    package static func key(at place: Int, of keys: [Int64]) -> Int64 {
        precondition(keys.indices.contains(place), "there is no such place")
        guard let least = keys.min(), let most = keys.max(), least < most else { return keys[0] }
        let width = 64 - UInt64(bitPattern: most &- least).leadingZeroBitCount
        var shift = max(0, width - 16)
        var left = keys
        var (place, known) = (place, least)
        while true {
            // What is left lies between `known` and the next one of these bits.
            var counts = [Int](repeating: 0, count: 1 << 16)
            for key in left { counts[Int(UInt64(bitPattern: key &- known) &>> UInt64(shift))] += 1 }
            var digit = 0
            while place >= counts[digit] {
                place -= counts[digit]
                digit += 1
            }
            known = known &+ Int64(bitPattern: UInt64(digit) &<< UInt64(shift))
            if shift == 0 { return known }
            let end = UInt64(1) &<< UInt64(shift)
            left = left.filter { $0 >= known && UInt64(bitPattern: $0 &- known) < end }
            shift = max(0, shift - 16)
        }
    }

    /// Row numbers in ascending order.
    package static func sorted(_ rows: [Int32]) -> [Int32] {
        guard let most = rows.max(), let least = rows.min(), least >= 0,
            !zip(rows, rows.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return rows }
        guard Int(most) / 64 < rows.count else { return rows.sorted() }
        // A bit for each row; a row that is named twice is left to the other way.
        var marks = [UInt64](repeating: 0, count: Int(most) / 64 + 1)
        for row in rows { marks[Int(row) &>> 6] |= 1 &<< UInt64(row & 63) }
        guard marks.reduce(0, { $0 + $1.nonzeroBitCount }) == rows.count else {
            return rows.sorted()
        }
        return [Int32](unsafeUninitializedCapacity: rows.count) { sorted, count in
            for (index, word) in marks.enumerated() {
                var word = word
                while word != 0 {
                    sorted.initializeElement(
                        at: count, to: Int32(index &* 64 &+ word.trailingZeroBitCount))
                    count &+= 1
                    word &= word &- 1
                }
            }
        }
    }

    /// Row numbers by ascending value of a column of integers, numbers or times; nil: as they
    /// stand.
    package static func ascending(
        _ table: Table, by column: String?
    ) throws(DataError) -> [Int32] {
        guard let column else { return [Int32](0..<Int32(table.rowCount)) }
        return ascending(try OrderKeys(table, column).values)
    }
}

extension Ragged where Element == Int32 {
    /// Rows gathered by the code of a column, a row of this for each code, in a given order within.
    ///
    /// - Parameter order: the rows to gather.
    init(rowsOf column: TokenColumn, order: [Int32]) {
        self.init(
            order, groupOf: { column.codes[Int($0)] }, count: column.dictionary.count)
    }
}

extension TokenColumn {
    /// How many rows hold each code.
    package func countsByCode() -> [Int] {
        var counts = [Int](repeating: 0, count: dictionary.count)
        for code in codes { counts[Int(code)] += 1 }
        return counts
    }

    /// The same column with each token once, where several codes stand for equal ones: the first.
    func withDistinctTokens() -> TokenColumn {
        var known: [String: Int32] = [:]
        var newCode: [Int32] = []
        var tokens: [String] = []
        for token in dictionary {
            let code = known[token] ?? Int32(tokens.count)
            if Int(code) == tokens.count {
                known[token] = code
                tokens.append(token)
            }
            newCode.append(code)
        }
        guard tokens.count < dictionary.count else { return self }
        return TokenColumn(codes: codes.map { newCode[Int($0)] }, dictionary: tokens)
    }

    /// The same column with the tokens that rows use alone, in order of first appearance.
    public func compacted() -> TokenColumn {
        var newCode = [Int32](repeating: -1, count: dictionary.count)
        var tokens: [String] = []
        let codes = self.codes.map { code in
            if newCode[Int(code)] < 0 {
                newCode[Int(code)] = Int32(tokens.count)
                tokens.append(dictionary[Int(code)])
            }
            return newCode[Int(code)]
        }
        return TokenColumn(codes: codes, dictionary: tokens)
    }
}

extension Table {
    /// The same table, its columns of tokens without tokens that no row uses: as a source that
    /// had delivered these rows alone would have encoded them.
    public func compacted() -> Table {
        Table(
            name: name,
            columns: names.map { name in
                switch self[name]! {
                case .tokens(let column): return (name, .tokens(column.compacted()))
                case .tokenLists(let lists):
                    let inner = TokenColumn(codes: lists.codes, dictionary: lists.dictionary)
                        .compacted()
                    return (
                        name,
                        .tokenLists(
                            TokenListColumn(
                                offsets: lists.offsets, codes: inner.codes,
                                dictionary: inner.dictionary))
                    )
                case let other: return (name, other)
                }
            }, standIns: standIns
        ).leaving(unread)
    }
}
