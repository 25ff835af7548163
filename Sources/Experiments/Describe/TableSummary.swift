import Retrieval

/// What the columns of a table hold.
public struct TableSummary: Sendable {
    /// What a column holds.
    public struct ColumnSummary: Sendable {
        public var name: String
        /// "tokens", "lists of tokens", "integers", "numbers" or "times".
        public var kind: String
        /// Distinct tokens; nil for numbers.
        public var distinct: Int?
        /// Rows that hold an empty token or an empty list, or a stand-in for a missing number.
        public var empty: Int?
        /// The mean number of tokens of a list.
        public var meanLength: Double?
        /// Of numbers.
        public var range: (least: Double, mean: Double, most: Double)?
    }

    public var name: String
    /// Rows of every column.
    public var rows: Int
    /// In the table's order.
    public var columns: [ColumnSummary]

    init(_ table: Table) {
        name = table.name
        rows = table.rowCount
        columns = table.names.compactMap { name in
            table[name].map { column in
                var summary = ColumnSummary(name, column)
                if let missing = table.standIns[name] { summary.empty = missing.count }
                return summary
            }
        }
    }
}

extension TableSummary.ColumnSummary {
    init(_ name: String, _ column: Column) {
        self.name = name
        kind = column.kind
        switch column {
        case .tokens(let tokens):
            let counts = tokens.countsByCode()
            distinct = counts.count { $0 > 0 }
            empty = tokens.dictionary.firstIndex(of: "").map { counts[$0] } ?? 0
        case .tokenLists(let lists):
            var isUsed = [Bool](repeating: false, count: lists.dictionary.count)
            for code in lists.codes { isUsed[Int(code)] = true }
            distinct = isUsed.count { $0 }
            empty = (0..<lists.count).count { lists.codes(of: $0).isEmpty }
            meanLength = Double(lists.codes.count) / Double(max(1, lists.count))
        case .integers(let values): range = Self.range(values.lazy.map { Double($0) })
        case .numbers(let values): range = Self.range(values)
        case .times(let times): range = Self.range(times.ticks.indices.lazy.map(times.seconds))
        }
    }

    private static func range(
        _ values: some Collection<Double>
    ) -> (least: Double, mean: Double, most: Double)? {
        guard var least = values.first else { return nil }
        var most = least
        var sum = 0.0
        for value in values {
            least = min(least, value)
            most = max(most, value)
            sum += value
        }
        return (least, sum / Double(values.count), most)
    }
}
