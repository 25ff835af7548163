/// What the cells of a column may be: all that the builders which are going to read them take.
struct ColumnGuess {
    /// Types that hold every cell, the narrowest first; none where a cell is empty.
    private let fitting: [ColumnDeclaration]
    /// The least and the greatest, where all are integers.
    private let range: ClosedRange<Int64>?
    private let hasSeparators: Bool

    private static let patterns = [
        "iso8601", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
        "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y", "%d/%b/%Y:%H:%M:%S %z",
    ]

    init(_ cells: [[UInt8]]) {
        var candidates = [ColumnDeclaration("", .integer)]
        candidates += Self.patterns.map { ColumnDeclaration("", .timestamp, format: $0) }
        candidates.append(ColumnDeclaration("", .float))
        var builders: [(ColumnDeclaration, any ColumnBuilder)] = []
        for candidate in candidates {
            if let builder = try? candidate.makeBuilder() { builders.append((candidate, builder)) }
        }
        for cell in cells where !builders.isEmpty {
            cell.withUnsafeBufferPointer { bytes in
                builders.removeAll { !$0.1.append(bytes) }
            }
        }
        fitting = cells.isEmpty ? [] : builders.map(\.0)
        var range: ClosedRange<Int64>?
        if let builder = builders.first?.1 as? IntegerBuilder,
            case .integers(let values) = builder.finish(), let least = values.min(),
            let most = values.max()
        {
            range = least...most
        }
        self.range = range
        let separated = cells.count { $0.contains(UInt8(ascii: "|")) }
        hasSeparators = separated * 4 > cells.count && cells.count > 1
    }

    var isInteger: Bool { fitting.first?.kind == .integer }
    var isWritten: Bool { fitting.first?.kind == .timestamp }
    var isFraction: Bool { fitting.first?.kind == .float }

    /// Whether another cell may stand in the column, such as what may be its header.
    func accepts(_ cell: [UInt8]) -> Bool {
        guard let type = fitting.first, let builder = try? type.makeBuilder() else { return true }
        return cell.withUnsafeBufferPointer { builder.append($0) }
    }

    /// The unit in which integers are times since 1970, from 1990 to 2100; nil for others.
    var unit: ColumnDeclaration.TimeUnit? {
        guard let range else { return nil }
        let units: [ColumnDeclaration.TimeUnit] = [
            .seconds, .milliseconds, .microseconds, .nanoseconds,
        ]
        return units.first {
            range.lowerBound >= 631_152_000 * $0.perSecond
                && range.upperBound / $0.perSecond < 4_102_444_800
        }
    }

    /// The column as a spec declares it; ids are strings, whatever they look like.
    func declaration(_ name: String, isID: Bool, isTime: Bool) -> ColumnDeclaration {
        if isID { return ColumnDeclaration(name) }
        if isTime, let unit { return ColumnDeclaration(name, .timestamp, unit: unit) }
        if var type = fitting.first {
            type.name = name
            return type
        }
        return ColumnDeclaration(name, hasSeparators ? .list : .string)
    }
}
