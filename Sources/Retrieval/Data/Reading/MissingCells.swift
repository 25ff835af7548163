/// What the cells of a column are that hold nothing: the empty cell, and texts that stand for it.
struct MissingCells {
    private let texts: [[UInt8]]

    init(_ texts: [String] = []) {
        self.texts = texts.map { Array($0.utf8) }
    }

    /// Whether texts stand for nothing beside the empty cell.
    var hasTexts: Bool { !texts.isEmpty }

    @inline(__always)
    func contains(_ cell: Cell) -> Bool { cell.isEmpty || (hasTexts && isText(cell)) }

    func isText(_ cell: Cell) -> Bool {
        texts.contains { $0.count == cell.count && cell.elementsEqual($0) }
    }

    /// The dictionary with nothing in the place of the texts.
    func blanked(_ dictionary: [String]) -> [String] {
        guard hasTexts else { return dictionary }
        let texts = Set(texts.map { String(decoding: $0, as: UTF8.self) })
        return dictionary.map { texts.contains($0) ? "" : $0 }
    }

    /// Whether a cell is what programs often write for nothing.
    static func isUsual(_ cell: Cell) -> Bool {
        // Of many ids most begin with a digit.
        if let first = cell.first, first &- UInt8(ascii: "0") <= 9 { return false }
        return usual.contains { word in
            word.count == cell.count
                && zip(word, cell).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }
    }

    /// In small letters.
    private static let usual = [
        "", "na", "n/a", "nan", "-nan", "nat", "null", "(null)", "none", "nil", "\\n", "-", "?",
        "#n/a", "<na>", "undefined",
    ].map { Array($0.utf8) }
}

extension TokenColumn {
    /// The tokens that programs often write for nothing, and how many rows have each.
    package var usualForNothing: [(token: String, rows: Int)] {
        let usual = dictionary.indices.filter { code in
            var text = dictionary[code]
            return text.withUTF8 { MissingCells.isUsual($0) }
        }
        guard !usual.isEmpty else { return [] }
        let counts = countsByCode()
        return usual.filter { counts[$0] > 0 }.map { (dictionary[$0], counts[$0]) }
    }
}

/// What a missing number counts for: a stand-in, which `normalization` does not learn from.
public enum Fill: Hashable, Sendable {
    /// This number.
    case value(Double)
    /// Of the values that the column has.
    case mean, median
}

extension Fill: FieldConvertible {
    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .integer(let value): self = .value(Double(value))
        case .number(let value): self = .value(value)
        case .string("mean"): self = .mean
        case .string("median"): self = .median
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .value(let value): .number(value)
        case .mean: .string("mean")
        case .median: .string("median")
        }
    }

    /// - Parameter present: the values that there are.
    func value(of present: [Double]) -> Double? {
        switch self {
        case .value(let value): return value
        case .mean:
            return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
        case .median:
            guard !present.isEmpty else { return nil }
            let sorted = present.sorted()
            let middle = sorted.count / 2
            return sorted.count % 2 == 1
                ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
        }
    }
}

/// What `missing` of a column says: texts that stand for nothing or, in short, what an empty number
/// counts for.
public enum MissingChoice: Hashable, Sendable {
    /// What an empty number counts for.
    case fill(Double)
    /// Texts that stand for nothing.
    case texts([String])

    var texts: [String] {
        if case .texts(let texts) = self { return texts }
        return []
    }
}

extension MissingChoice: FieldConvertible {
    static let textsType = FieldType.list(
        .optional(.either([.text, .integer(.any), .number(.any), .boolean])), count: .any)

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .integer(let value): self = .fill(Double(value))
        case .number(let value): self = .fill(value)
        case .list(let values): self = .texts(values.map(Self.text))
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .fill(let value): .number(value)
        case .texts(let texts): .list(texts.map(FieldValue.string))
        }
    }

    /// What YAML takes for something else is text here: `null`, `-1`.
    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .null, .list, .object: "null"
        }
    }
}

extension MissingChoice: ExpressibleByArrayLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral
{
    public init(arrayLiteral texts: String...) { self = .texts(texts) }
    public init(floatLiteral value: Double) { self = .fill(value) }
    public init(integerLiteral value: Int) { self = .fill(Double(value)) }
}
