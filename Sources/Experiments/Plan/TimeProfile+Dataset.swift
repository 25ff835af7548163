import ResultsFormat
import Retrieval

extension TimeProfile {
    /// Interactions over time by the column that the spec orders by, else the first column of
    /// moments; nil where there is none, or all are at one time.
    init?(of interactions: Table, split: DataSplit, column name: String?) {
        guard let (column, seconds) = Self.times(of: interactions, name),
            let low = seconds.min(), let high = seconds.max(), high > low,
            low.isFinite, high.isFinite
        else { return nil }
        let count = 40
        let step = (high - low) / Double(count)
        func counts(_ rows: [Int32]) -> [Int] {
            var counts = [Int](repeating: 0, count: count)
            for row in rows {
                counts[min(count - 1, max(0, Int((seconds[Int(row)] - low) / step)))] += 1
            }
            return counts
        }
        var parts: OrderedMap<[Int]> = ["train": counts(split.train)]
        if let validation = split.validation { parts["validation"] = counts(validation) }
        parts["test"] = counts(split.test)
        self.init(column: column, start: low, stepSeconds: step, parts: parts)
    }

    private static func times(of table: Table, _ name: String?) -> (String, [Double])? {
        if let name, let column = table[name] {
            switch column {
            case .integers, .numbers, .times:
                if let seconds = try? table.doubles(name) { return (name, seconds) }
            default: break
            }
        }
        for column in ["timestamp", "time", "datetime"] + table.names {
            guard let values = table[column] else { continue }
            switch values {
            case .times:
                if let seconds = try? table.doubles(column) { return (column, seconds) }
            case .integers where ["timestamp", "time", "datetime"].contains(column):
                if let seconds = try? table.doubles(column) { return (column, seconds) }
            default: continue
            }
        }
        return nil
    }
}
