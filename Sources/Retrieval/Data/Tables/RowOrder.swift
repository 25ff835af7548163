/// Orders of rows, stable: equal rows stay as they stood.
enum RowOrder {
    /// Row numbers by ascending key.
    ///
    /// A radix sort by 16 bits at a time of the distance from the least key, so times of a few
    /// years in seconds take two passes.
    static func ascending(_ keys: [Int64]) -> [Int32] {
        var rows = [Int32](0..<Int32(keys.count))
        guard let least = keys.min(), let most = keys.max(), least < most else { return rows }
        let distances = keys.map { UInt64(bitPattern: $0 &- least) }
        let widest = UInt64(bitPattern: most &- least)
        var sorted = rows
        var shift: UInt64 = 0
        while shift < 64, widest >> shift > 0 {
            var starts = [Int](repeating: 0, count: 1 << 16 + 1)
            for distance in distances { starts[Int(distance >> shift & 0xFFFF) + 1] += 1 }
            for digit in 1..<starts.count { starts[digit] += starts[digit - 1] }
            for row in rows {
                let digit = Int(distances[Int(row)] >> shift & 0xFFFF)
                sorted[starts[digit]] = row
                starts[digit] += 1
            }
            swap(&rows, &sorted)
            shift += 16
        }
        return rows
    }

    /// Row numbers by ascending value of a column of integers, numbers or times; nil: as they
    /// stand.
    static func ascending(
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
            }, standIns: standIns)
    }
}
