import ResultsFormat
import Retrieval

extension TimeProfile {
    /// Interactions over time by the column that the spec orders by, else the first column of
    /// moments; nil where there is none, or all are at one time.
    init?(of interactions: Table, split: DataSplit, column name: String?) {
        guard let (name, column) = Self.times(of: interactions, name) else { return nil }
        switch column {
        case .integers(let values): self.init(name, values.count, split) { Double(values[$0]) }
        case .numbers(let values): self.init(name, values.count, split) { values[$0] }
        case .times(let times): self.init(name, times.count, split) { times.seconds(of: $0) }
        case .tokens, .tokenLists: return nil
        }
    }

    /// - Parameter seconds: since 1970, of a row.
    @inline(__always)
    private init?(
        _ column: String, _ rows: Int, _ split: DataSplit, seconds: (Int) -> Double
    ) {
        guard rows > 0 else { return nil }
        var low = seconds(0)
        var high = low
        for row in 1..<rows {
            let value = seconds(row)
            if value < low { low = value }
            if value > high { high = value }
        }
        guard high > low, low.isFinite, high.isFinite else { return nil }
        let count = 40
        let step = (high - low) / Double(count)
        func counts(_ rows: [Int32]) -> [Int] {
            var counts = [Int](repeating: 0, count: count)
            for row in rows {
                counts[min(count - 1, max(0, Int((seconds(Int(row)) - low) / step)))] += 1
            }
            return counts
        }
        var parts: OrderedMap<[Int]> = ["train": counts(split.train)]
        if let validation = split.validation { parts["validation"] = counts(validation) }
        parts["test"] = counts(split.test)
        self.init(column: column, start: low, stepSeconds: step, parts: parts)
    }

    private static func times(of table: Table, _ name: String?) -> (String, Column)? {
        if let name, let column = table[name], column.holdsNumbers { return (name, column) }
        let usual = ["timestamp", "time", "datetime"]
        for name in usual + table.names {
            switch table[name] {
            case .times(let times)?: return (name, .times(times))
            case .integers(let values)? where usual.contains(name):
                return (name, .integers(values))
            default: continue
            }
        }
        return nil
    }
}

extension Column {
    fileprivate var holdsNumbers: Bool {
        switch self {
        case .integers, .numbers, .times: true
        case .tokens, .tokenLists: false
        }
    }
}
