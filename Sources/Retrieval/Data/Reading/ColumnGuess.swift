/// What the cells of a column may be: what the builders which are going to read them take nearly
/// all of.
struct ColumnGuess {
    /// The type that holds most cells, the narrowest of such; nil where none holds nearly all.
    private let type: ColumnDeclaration?
    /// As what the numbers are moments: since 1970, from 1990 to 2100, or dates in digits; nil where
    /// not nearly all are.
    private let moment: ColumnDeclaration?
    /// Cells that hold something else than such a moment, and those of another age.
    private let momentMisfits: (count: Int, strays: Int)
    private let hasSeparators: Bool
    /// Whether a number has a point or a comma before decimals.
    private let hasDecimals: Bool
    /// Cells that hold nothing, and what some programs write there.
    let missingCount: Int
    let missingTexts: [String]
    /// Cells that are of no such type, and hold something.
    private let misfitCount: Int
    /// Whether its cells are numbers.
    var isNumber: Bool { type?.kind == .integer || type?.kind == .float }
    /// Whether dates are read day first though they may as well be month first.
    let isAmbiguousDate: Bool
    /// Whether its cells are counted up by one: numbers of rows.
    let isCounter: Bool
    private let decimal: UInt8

    /// - Parameters:
    ///   - decimal: what stands before the decimals of numbers.
    ///   - isCalledTime: whether the column is called as times are: the majority then decides.
    init(_ cells: [[UInt8]], decimal: UInt8 = UInt8(ascii: "."), isCalledTime: Bool = false) {
        self.decimal = decimal
        let words = isCalledTime ? Self.words(in: cells) : []
        let isMissing = { (cell: [UInt8]) in
            words.contains(cell) || cell.withUnsafeBufferPointer { MissingCells.isUsual($0) }
        }
        let missing = cells.filter(isMissing)
        missingCount = missing.count
        missingTexts = Set(missing.filter { !$0.isEmpty }).map {
            String(decoding: $0, as: UTF8.self)
        }.sorted()
        let present = missing.isEmpty ? cells : cells.filter { !isMissing($0) }
        isCounter = Self.isCounter(cells)
        let fitting = Self.fitting(present, decimal, isCalledTime: isCalledTime)
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
        let numbers =
            best.flatMap { $0.type.kind == .timestamp ? nil : (try? $0.builder.finish())?.doubles }
        let least = present.count - Self.tolerance(of: present.count, isCalledTime)
        let found = numbers.flatMap {
            Self.moment($0, isWhole: best?.type.kind == .integer, least)
        }
        moment = found?.type
        momentMisfits =
            found.map { Self.misfits(of: present, numbers ?? [], $0, decimal) } ?? (0, 0)
        hasDecimals = present.contains { $0.contains(decimal) }
        let separated = present.count { $0.contains(UInt8(ascii: "|")) }
        hasSeparators = separated * 4 > present.count && present.count > 1
    }

    /// The texts without a digit, where they are so few that they may stand for nothing: among times
    /// such as `never` do.
    private static func words(in cells: [[UInt8]]) -> Set<[UInt8]> {
        var words: Set<[UInt8]> = []
        for cell in cells where !cell.contains(where: { $0 &- 0x30 <= 9 }) {
            guard words.count < 5 || words.contains(cell) else { return [] }
            words.insert(cell)
        }
        return words
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
        _ cells: [[UInt8]], _ decimal: UInt8, isCalledTime: Bool
    ) -> [(type: ColumnDeclaration, builder: any ColumnBuilder, count: Int)] {
        var candidates = [ColumnDeclaration("", .integer)]
        candidates += TimestampText.patterns.map { ColumnDeclaration("", .timestamp, format: $0) }
        candidates.append(ColumnDeclaration("", .float))
        let options = CellOptions(decimal: decimal)
        var states: [(type: ColumnDeclaration, builder: any ColumnBuilder, count: Int)] = []
        for type in candidates {
            if let builder = try? type.makeBuilder(options) { states.append((type, builder, 0)) }
        }
        let tolerance = tolerance(of: cells.count, isCalledTime)
        let (atFirst, share) = isCalledTime ? (50, 2) : (2, 4)
        for (seen, cell) in cells.enumerated() where !states.isEmpty {
            cell.withUnsafeBufferPointer { bytes in
                for index in states.indices where states[index].builder.append(bytes) {
                    states[index].count += 1
                }
            }
            states.removeAll { seen + 1 - $0.count > min(tolerance, atFirst + seen / share) }
        }
        guard !cells.isEmpty else { return [] }
        // A stable sort: the narrower stays before the wider.
        return states.enumerated().sorted {
            (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset)
        }.map(\.element)
    }

    /// So many of the cells may be wrong, and no more of the first ones.
    private static func tolerance(of count: Int, _ isCalledTime: Bool) -> Int {
        isCalledTime ? max(0, count - 1) / 2 : count / 20
    }

    /// What numbers are as moments, if at least so many are.
    private static func moment(
        _ numbers: [Double], isWhole: Bool, _ least: Int
    ) -> Moment? {
        candidates.first { candidate in
            guard isWhole || candidate.type.format == nil, !numbers.isEmpty else { return false }
            return numbers.count { candidate.range.contains($0) } >= least
        }
    }

    /// The cells that are not read as such moments, and how many of the others are of another age.
    private static func misfits(
        of cells: [[UInt8]], _ numbers: [Double], _ moment: Moment, _ decimal: UInt8
    ) -> (count: Int, strays: Int) {
        guard let builder = try? moment.type.makeBuilder(CellOptions(decimal: decimal)) else {
            return (0, 0)
        }
        let read = cells.count { $0.withUnsafeBufferPointer { builder.append($0) } }
        return (cells.count - read, max(0, read - numbers.count { moment.range.contains($0) }))
    }

    /// A way in which numbers are moments, and the numbers that are likely to be.
    private typealias Moment = (type: ColumnDeclaration, range: Range<Double>)

    /// The ways there are, from 1990 to 2100, dates in digits from 1970.
    private static let candidates: [Moment] = {
        let units: [ColumnDeclaration.TimeUnit] = [
            .seconds, .milliseconds, .microseconds, .nanoseconds,
        ]
        return units.map { unit in
            let perSecond = Double(unit.perSecond)
            return (
                ColumnDeclaration("", .timestamp, unit: unit),
                631_152_000 * perSecond..<4_102_444_800 * perSecond
            )
        } + [
            (ColumnDeclaration("", .timestamp, format: "%Y%m%d"), 19_700_101..<21_000_101),
            (
                ColumnDeclaration("", .timestamp, format: "%Y%m%d%H%M%S"),
                19_700_101_000_000..<21_000_101_000_000
            ),
        ]
    }()

    /// The cells that do not fit the column's type.
    func misfits(isTime: Bool) -> Int {
        isTime && moment != nil ? momentMisfits.count : misfitCount
    }

    /// Of a column of times, the cells that are moments of another age.
    var strayCount: Int { momentMisfits.strays }

    /// The format of whole numbers that are dates in digits, `20001231` or with a time behind it;
    /// nil for others.
    var dateInDigits: String? { moment?.format }

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

    /// The unit in which numbers are times since 1970; nil for others.
    var unit: ColumnDeclaration.TimeUnit? { moment?.format == nil ? moment?.unit : nil }

    /// Whether the column may hold times, under a name that says so.
    var isMoment: Bool { isWritten || moment != nil }

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
