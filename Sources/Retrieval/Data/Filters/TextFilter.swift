import Safeguards

/// Keeps the interactions by what a column says: one text, one of several, or a pattern.
public struct TextFilter: InteractionFilter {
    public var column: String
    /// Whole values, any of which a row may have; nil: any.
    public var values: [String]?
    /// A pattern with `*` and `?` that the whole value matches; nil: any.
    public var pattern: String?
    /// Whether the rows that fit are left out.
    public var isNegated: Bool

    public init(
        column: String, values: [String]? = nil, pattern: String? = nil, isNegated: Bool = false
    ) {
        self.column = column
        self.values = values
        self.pattern = pattern
        self.isNegated = isNegated
    }

    public func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32] {
        let values = try interactions.column(column)
        let fits: (Int) -> Bool
        switch values {
        case .tokens(let tokens):
            let codes = tokens.dictionary.map(self.fits)
            fits = { codes[Int(tokens.codes[$0])] }
        case .tokenLists(let lists):
            let codes = lists.dictionary.map(self.fits)
            fits = { lists.codes(of: $0).contains { codes[Int($0)] } }
        case .integers(let integers):
            let filter = ofIntegers
            fits = { filter.fits("\(integers[$0])") }
        case .numbers, .times:
            throw .wrongColumn(
                name: column, table: interactions.name, required: "tokens or integers",
                found: "\(values.kind), which value_range and date_range read")
        }
        let kept = (0..<Int32(interactions.rowCount)).filter { fits(Int($0)) != isNegated }
        if kept.isEmpty, case .tokens(let tokens) = values {
            let most = tokens.countsByCode().enumerated().sorted {
                (-$0.element, $0.offset) < (-$1.element, $1.offset)
            }.prefix(6).map { "'\(tokens.dictionary[$0.offset])'" }.joined(separator: ", ")
            throw .impossible(
                "the filter text leaves none of \(interactions.rowCount) interactions: what "
                    + "'\(column)' holds most is \(Confinement.content(most))"
                    + (pattern.map(Self.looksRegular) ?? false
                        ? " ('matches' knows * and ? alone, and no regular expressions)" : ""))
        }
        return kept
    }

    /// Whether a pattern seems to be meant as a regular expression.
    private static func looksRegular(_ pattern: String) -> Bool {
        pattern.contains { "^$[(|\\+".contains($0) } || pattern.contains(".*")
    }

    /// The same for a column in which truth is 1, as Parquet's booleans are read.
    private var ofIntegers: TextFilter {
        var filter = self
        filter.values = values?.map { ["true": "1", "false": "0"][$0] ?? $0 }
        return filter
    }

    private func fits(_ text: String) -> Bool {
        (values?.contains(text) ?? true) && (pattern.map { GlobPattern($0).matches(text) } ?? true)
    }
}

extension TextFilter: SelfChecking {
    public func check() throws(DataError) {
        guard values != nil || pattern != nil else {
            throw .impossible("the filter text requires 'equals', 'in' or 'matches'")
        }
    }
}

extension TextFilter: CatalogComponent {
    static let columnField = Field<String>(
        "column", required: String.self, "A column of tokens, lists of them, or integers.")
    static let equalsField = Field<Texts?>(
        "equals", type: .optional(textType), default: .null, "The value that a row has; null: any.")
    static let inField = Field<Texts?>(
        "in", type: .optional(.list(textType, count: .atLeast(1))), default: .null,
        "Values of which a row has one; null: any.")
    static let matchesField = Field<String?>(
        "matches", default: nil,
        "A pattern with * for any characters and ? for one, which the whole value matches; null: "
            + "any.")
    static let notField = Field<Bool>(
        "not", default: false, "Whether the rows that fit are left out, and the others stay.")

    /// One text or several; what YAML takes for an integer or a boolean is text here.
    struct Texts: FieldConvertible {
        var values: [String]
        let fieldValue: FieldValue

        init?(fieldValue: FieldValue) {
            self.fieldValue = fieldValue
            switch fieldValue {
            case .list(let elements):
                values = elements.compactMap { Texts(fieldValue: $0)?.values.first }
            case .string(let text): values = [text]
            case .integer(let value): values = ["\(value)"]
            case .boolean(let value): values = ["\(value)"]
            case .null, .number, .object: return nil
            }
        }
    }

    private static let textType = FieldType.either([.text, .integer(.any), .boolean])

    public static let entry = ComponentEntry<any InteractionFilter>(
        "text", summary: "Keeps interactions by a text, such as one country or any of some events.",
        source: "tfrs-run",
        fields: [
            columnField.description, equalsField.description, inField.description,
            matchesField.description, notField.description,
        ]
    ) { values in
        var texts = values[inField]?.values
        if let equal = values[equalsField]?.values {
            texts = texts.map { $0.filter(equal.contains) } ?? equal
        }
        return TextFilter(
            column: values[columnField], values: texts, pattern: values[matchesField],
            isNegated: values[notField])
    }
}
