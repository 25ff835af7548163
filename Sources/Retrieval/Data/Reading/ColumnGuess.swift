/// What the cells of a column may be: what the builders which are going to read them take nearly
/// all of.
struct ColumnGuess {
    /// The type that holds most cells, the narrowest of such; nil where none holds nearly all.
    private let type: ColumnDeclaration?
    /// The least and the greatest, where they are numbers.
    private let range: ClosedRange<Double>?
    private let hasSeparators: Bool
    /// Whether a number has a point or a comma before decimals.
    private let hasDecimals: Bool
    /// Cells that hold nothing, and what some programs write there.
    let missingCount: Int
    let missingTexts: [String]
    /// Cells that are of no such type, and hold something.
    let misfitCount: Int
    /// Whether its cells are numbers.
    var isNumber: Bool { type?.kind == .integer || type?.kind == .float }
    /// Whether dates are read day first though they may as well be month first.
    let isAmbiguousDate: Bool
    /// Whether its cells are counted up by one: numbers of rows.
    let isCounter: Bool
    private let decimal: UInt8

    /// - Parameter decimal: what stands before the decimals of numbers.
    init(_ cells: [[UInt8]], decimal: UInt8 = UInt8(ascii: ".")) {
        self.decimal = decimal
        let isMissing = { (cell: [UInt8]) in
            cell.withUnsafeBufferPointer { MissingCells.isUsual($0) }
        }
        let missing = cells.filter(isMissing)
        missingCount = missing.count
        missingTexts = Set(missing.filter { !$0.isEmpty }).map {
            String(decoding: $0, as: UTF8.self)
        }.sorted()
        let present = missing.isEmpty ? cells : cells.filter { !isMissing($0) }
        isCounter = Self.isCounter(cells)
        let fitting = Self.fitting(present, decimal)
        let best = fitting.first
        type = best?.type
        misfitCount = best.map { present.count - $0.count } ?? 0
        let other = { (first: String, second: String) in
            best?.type.format?.hasPrefix(first) == true
                && fitting.contains {
                    $0.type.format?.hasPrefix(second) == true && $0.count == best?.count
                }
        }
        isAmbiguousDate = other("%d/%m", "%m/%d") || other("%m/%d", "%d/%m")
        if let best, best.type.kind != .timestamp,
            let values = (try? best.builder.finish())?.doubles, let least = values.min(),
            let most = values.max()
        {
            range = least...most
        } else {
            range = nil
        }
        hasDecimals = present.contains { $0.contains(decimal) }
        let separated = present.count { $0.contains(UInt8(ascii: "|")) }
        hasSeparators = separated * 4 > present.count && present.count > 1
    }

    private static func isCounter(_ cells: [[UInt8]]) -> Bool {
        var last: Int64?
        for cell in cells {
            guard let number = cell.withUnsafeBufferPointer(CellParsing.integer),
                last.map({ number == $0 &+ 1 }) ?? true
            else { return false }
            last = number
        }
        return cells.count > 2
    }

    /// The types that hold nearly all cells, those that hold the most first.
    private static func fitting(
        _ cells: [[UInt8]], _ decimal: UInt8
    ) -> [(type: ColumnDeclaration, builder: any ColumnBuilder, count: Int)] {
        var candidates = [ColumnDeclaration("", .integer)]
        candidates += TimestampText.patterns.map { ColumnDeclaration("", .timestamp, format: $0) }
        candidates.append(ColumnDeclaration("", .float))
        let options = CellOptions(decimal: decimal)
        var states: [(type: ColumnDeclaration, builder: any ColumnBuilder, count: Int)] = []
        for type in candidates {
            if let builder = try? type.makeBuilder(options) { states.append((type, builder, 0)) }
        }
        // So many may be wrong, and no more of the first ones.
        let tolerance = cells.count / 20
        for (seen, cell) in cells.enumerated() where !states.isEmpty {
            cell.withUnsafeBufferPointer { bytes in
                for index in states.indices where states[index].builder.append(bytes) {
                    states[index].count += 1
                }
            }
            states.removeAll { seen + 1 - $0.count > min(tolerance, 2 + seen / 4) }
        }
        guard !cells.isEmpty else { return [] }
        // A stable sort: the narrower stays before the wider.
        return states.enumerated().sorted {
            (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset)
        }.map(\.element)
    }

    /// The format of whole numbers that are dates in digits, `20001231` or with a time behind it,
    /// from 1970 to 2100; nil for others.
    var dateInDigits: String? {
        guard let range, type?.kind == .integer, misfitCount == 0 else { return nil }
        switch (range.lowerBound, range.upperBound) {
        case (19_700_101..., ..<21_000_101): return "%Y%m%d"
        case (19_700_101_000_000..., ..<21_000_101_000_000): return "%Y%m%d%H%M%S"
        default: return nil
        }
    }

    var isWritten: Bool { type?.kind == .timestamp }
    var isFraction: Bool { type?.kind == .float }
    /// Whether numbers are whole, though they are written with decimals.
    var isWholeFraction: Bool { type?.kind == .integer && hasDecimals }

    /// Whether another cell may stand in the column, such as what may be its header.
    func accepts(_ cell: [UInt8]) -> Bool {
        guard let type, let builder = try? type.makeBuilder(CellOptions(decimal: decimal)) else {
            return true
        }
        return cell.withUnsafeBufferPointer { builder.append($0) }
    }

    /// The unit in which numbers are times since 1970, from 1990 to 2100; nil for others.
    var unit: ColumnDeclaration.TimeUnit? {
        guard let range else { return nil }
        let units: [ColumnDeclaration.TimeUnit] = [
            .seconds, .milliseconds, .microseconds, .nanoseconds,
        ]
        return units.first { unit in
            let perSecond = Double(unit.perSecond)
            return range.lowerBound >= 631_152_000 * perSecond
                && range.upperBound / perSecond < 4_102_444_800
        }
    }

    /// As ``declaration(_:isID:isTime:)``, with a stand-in for what is missing where no row need be
    /// left out for it.
    func completeDeclaration(_ name: String, isID: Bool, isTime: Bool) -> ColumnDeclaration {
        var type = declaration(name, isID: isID, isTime: isTime)
        let isNumber = type.kind == .integer || type.kind == .float || type.kind == .timestamp
        if missingCount > 0, isNumber, !isID, !isTime { type.fill = .median }
        return type
    }

    /// The column as a spec declares it; ids are strings, whatever they look like, but for whole
    /// numbers with decimals, which another program may write without.
    func declaration(_ name: String, isID: Bool, isTime: Bool) -> ColumnDeclaration {
        if isID { return ColumnDeclaration(name, isWholeFraction ? .integer : .string) }
        if isTime, let dateInDigits {
            return ColumnDeclaration(name, .timestamp, format: dateInDigits)
        }
        if isTime, let unit { return ColumnDeclaration(name, .timestamp, unit: unit) }
        if var type {
            type.name = name
            if isWholeFraction { type.kind = .float }
            return type
        }
        return ColumnDeclaration(name, hasSeparators ? .list : .string)
    }
}
