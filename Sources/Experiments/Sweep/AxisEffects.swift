import Platform
import ResultsFormat

/// What each axis of a sweep does to the objective: its means over all configurations that have a
/// value of the axis in common, whatever the other axes are.
public struct AxisEffects: Sendable {
    /// One axis, or several that vary together.
    public struct Axis: Sendable {
        /// Its path; of axes that vary together the first one.
        public var path: String
        /// How many other paths vary with it.
        public var companions: Int
        /// The share of the variance between the configurations that lies between the levels.
        public var share: Double
        /// In the order of the values.
        public var levels: [Level]
    }

    /// The configurations that share a value of an axis, or a third of its range.
    public struct Level: Sendable {
        /// The value as in JSON, or `0.01 to 0.1`.
        public var label: String
        /// The mean of the objective over the configurations.
        public var mean: Double
        /// How many configurations there are.
        public var count: Int
    }

    /// The axes, those that matter most first.
    public let axes: [Axis]

    /// More values than these are put together by their size, where they are numbers.
    private static let mostLevels = 6

    public init(_ ranking: SweepRanking) {
        let rows = ranking.rows.compactMap { row in
            row.summary.map { (settings: row.entry.settings, value: $0.mean) }
        }
        let values = rows.map(\.value)
        var paths: [String] = []
        var known: Set<String> = []
        for path in rows.flatMap({ $0.settings.map(\.key) }) where known.insert(path).inserted {
            paths.append(path)
        }
        var axes: [Axis] = []
        var places: [[Int]: Int] = [:]
        for path in paths.sorted() {
            let settings = rows.map { $0.settings[path] }
            let groups = Self.groups(settings)
            guard groups.count > 1, groups.contains(where: { $0.members.count > 1 }) else {
                continue
            }
            var membership = [Int](repeating: 0, count: rows.count)
            for (index, group) in groups.enumerated() {
                for member in group.members { membership[member] = index }
            }
            if let place = places[membership] {
                axes[place].companions += 1
                continue
            }
            places[membership] = axes.count
            axes.append(
                Axis(
                    path: path, companions: 0,
                    share: Self.share(values, groups.map(\.members)),
                    levels: groups.map { group in
                        Level(
                            label: group.label,
                            mean: Self.mean(group.members.map { values[$0] }),
                            count: group.members.count)
                    }))
        }
        self.axes = axes.enumerated().sorted {
            ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
        }.map(\.element)
    }

    /// Rows by their value, in the order of the values; many different numbers in three parts of
    /// about as many rows. What leaves a path to the base has no value.
    private static func groups(_ values: [JSONValue?]) -> [(label: String, members: [Int])] {
        var byValue: [JSONValue?: [Int]] = [:]
        for (index, value) in values.enumerated() { byValue[value, default: []].append(index) }
        let numbers = values.compactMap { $0?.doubleValue }
        guard byValue.count > mostLevels, numbers.count == values.count else {
            let groups = byValue.sorted { isBefore($0.key, $1.key) }
            let short = groups.map { shortLabel($0.key) }
            let labels = Set(short).count == short.count ? short : groups.map { label($0.key) }
            return zip(labels, groups).map { ($0, $1.value) }
        }
        let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        return (0..<3).map { third in
            let part = order[order.count * third / 3..<order.count * (third + 1) / 3]
            let ends = [part.first, part.last].compactMap { $0 }.map { label(values[$0]) }
            return (ends.joined(separator: " to "), Array(part))
        }
    }

    private static func isBefore(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left, let right else { return left == nil && right != nil }
        if let a = left.doubleValue, let b = right.doubleValue { return a < b }
        return label(left) < label(right)
    }

    /// Of components and lists their names and numbers, as trials' names have them.
    private static func shortLabel(_ value: JSONValue?) -> String {
        switch value {
        case .object, .array:
            let words = TrialNaming.words(value ?? .null)
            return words.count > 24 ? words.prefix(23) + "…" : words
        default: return label(value)
        }
    }

    private static func label(_ value: JSONValue?) -> String {
        guard let value else { return "(base)" }
        let text = (try? value.jsonText(.compact)) ?? ""
        return text.count > 24 ? text.prefix(23) + "…" : text
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(values.count, 1))
    }

    /// The correlation ratio η²: the sum of squares between groups by that of all.
    private static func share(_ values: [Double], _ groups: [[Int]]) -> Double {
        let all = mean(values)
        let total = values.reduce(0) { $0 + ($1 - all) * ($1 - all) }
        let between = groups.reduce(0.0) { sum, members in
            let own = mean(members.map { values[$0] })
            return sum + Double(members.count) * (own - all) * (own - all)
        }
        return total > 0 ? min(between / total, 1) : 0
    }
}

extension AxisEffects {
    /// A line for each axis; empty where the configurations tell nothing of them.
    ///
    /// - Parameter width: of the terminal, where lines are broken; nil breaks nothing.
    public func text(width: Int? = nil) -> String {
        guard !axes.isEmpty else { return "" }
        let title = "what the axes do: share of the variance between configurations, mean by value"
        return TextTable.text([[title]], width: width)
            + TextTable.text(
                axes.prefix(12).map { axis in
                    [
                        axis.path + (axis.companions > 0 ? " (+\(axis.companions))" : ""),
                        (axis.share * 100).fixed(0) + "%",
                        axis.levels.map { "\($0.label): \($0.mean.fixed(4))" }
                            .joined(separator: "   "),
                    ]
                }, indent: 4, width: width)
    }
}
