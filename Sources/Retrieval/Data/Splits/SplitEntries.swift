extension SplitSize: FieldTyped {
    public static var fieldType: FieldType {
        .either([
            .integer(.atLeast(1)),
            .number(Bounds(lower: .exclusive(0), upper: .inclusive(1))),
        ])
    }

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .integer(let count): self = .rows(count)
        case .number(let fraction): self = .fraction(fraction)
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .rows(let count): .integer(count)
        case .fraction(let fraction): .number(fraction)
        }
    }
}

extension RandomSplit: CatalogComponent {
    static let trainField = Field<SplitSize?>(
        "train", default: nil,
        "Training interactions: a count, or a fraction; null: all that the other parts leave.")
    static let testField = Field<SplitSize?>(
        "test", default: nil,
        """
        Test interactions: a count, or a fraction; null: a fifth, or where train is given, all \
        that the other parts leave.
        """)
    static let validationField = Field<SplitSize?>(
        "validation", default: nil,
        """
        Validation interactions: a count, or a fraction; null: none. They follow the test \
        interactions in the random order, which so stay the same.
        """)
    static let seedField = Field<Int?>(
        "seed", optional: .atLeast(0),
        "Seed of the order, to keep the parts while the experiment's seed varies; null: that one.")

    public static let entry = ComponentEntry<any Splitter>(
        "random", summary: "A random order of all interactions, cut into parts.",
        source: "shuffle, take and skip of the TFRS tutorials",
        fields: [
            trainField.description, testField.description, validationField.description,
            seedField.description,
        ]
    ) { values in
        RandomSplit(
            train: values[trainField], test: values[testField],
            validation: values[validationField],
            seed: values[seedField].map(UInt64.init))
    }
}

extension IndexFileSplit: CatalogComponent {
    static let trainRowsField = Field<String>(
        "train_rows", type: .path, default: nil,
        "A file of the training interactions: one 0-based row number a line, in training order.")
    static let testRowsField = Field<String>(
        "test_rows", type: .path, default: nil, "The same for the test interactions.")
    static let validationRowsField = Field<String?>(
        "validation_rows", type: .optional(.path), default: .null,
        "The same for the validation interactions; null: there are none.")

    public static let entry = ComponentEntry<any Splitter>(
        "index_files", summary: "Parts given as files of row numbers.",
        source: "tfrs-run",
        fields: [
            trainRowsField.description, testRowsField.description,
            validationRowsField.description,
        ]
    ) { values in
        IndexFileSplit(
            trainRows: values[trainRowsField], testRows: values[testRowsField],
            validationRows: values[validationRowsField])
    }
}
