import Safeguards

/// Takes the parts from a column of the interactions that names them.
public struct ColumnSplit: Splitter {
    public var column: String
    /// The column's value for each part; rows with any other belong to none.
    public var train: String
    /// The value of rows that test.
    public var test: String
    /// The value of rows that validate; nil: there is no such part.
    public var validation: String?

    public init(
        column: String = "split", train: String = "train", test: String = "test",
        validation: String? = nil
    ) {
        self.column = column
        self.train = train
        self.test = test
        self.validation = validation
    }

    public var hasValidation: Bool? { validation != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let names = try names(interactions)
        let code = { (name: String?) in
            name.flatMap { names.dictionary.firstIndex(of: $0) }.map { Int32($0) }
        }
        let wanted = (train: code(train), validation: code(validation), test: code(test))
        var parts = SplitParts()
        // Rows of each value that names no part.
        var others = [Int](repeating: 0, count: names.dictionary.count)
        for (row, code) in names.codes.enumerated() {
            if code == wanted.train {
                parts.train.append(Int32(row))
            } else if code == wanted.test {
                parts.test.append(Int32(row))
            } else if code == wanted.validation {
                parts.validation.append(Int32(row))
            } else {
                others[Int(code)] += 1
            }
        }
        let found = names.dictionary.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return try parts.finish(
            hasValidation: validation != nil,
            "'\(column)' holds \(Confinement.content(found)) ('train', 'test' and 'validation' say "
                + "which of them name the parts)",
            notes: note(others, names.dictionary).map { [$0] } ?? [])
    }

    /// What to say of rows whose value names no part.
    private func note(_ rows: [Int], _ values: [String]) -> String? {
        let unnamed = rows.indices.filter { rows[$0] > 0 }
        guard !unnamed.isEmpty else { return nil }
        let shown = unnamed.prefix(4).map { "'\(values[$0])' (\(rows[$0]) rows)" }
        let more = unnamed.count > 4 ? " and \(unnamed.count - 4) more values" : ""
        let parts = [train, test, validation].compactMap { $0.map { "'\($0)'" } }
        let found = Confinement.content(shown.joined(separator: ", "))
        return "'\(column)' holds \(found)\(more), which "
            + "\(unnamed.count == 1 ? "names" : "name") no part: those rows are in none; parts are "
            + parts.joined(separator: ", ")
    }

    private func names(_ interactions: Table) throws(DataError) -> TokenColumn {
        if case .integers(let values) = try interactions.column(column) {
            return TokenColumn(values.lazy.map { "\($0)" })
        }
        return try interactions.tokens(column)
    }
}

extension ColumnSplit: CatalogComponent {
    static let columnField = Field<String>(
        "column", default: "split", "A column of the interactions that names their part.")
    static let trainField = Field<String>(
        "train", default: "train", "What it says of training interactions.")
    static let testField = Field<String>(
        "test", default: "test", "What it says of test interactions.")
    static let validationField = Field<String?>(
        "validation", default: nil,
        "What it says of validation interactions; null: there are none.")

    public static let entry = ComponentEntry<any Splitter>(
        "column", summary: "Parts named by a column of the interactions.", source: "tfrs-run",
        fields: [
            columnField.description, trainField.description, testField.description,
            validationField.description,
        ]
    ) { values in
        ColumnSplit(
            column: values[columnField], train: values[trainField], test: values[testField],
            validation: values[validationField])
    }
}
