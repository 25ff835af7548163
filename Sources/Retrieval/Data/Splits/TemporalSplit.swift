/// Divides all interactions by time: the last are test, those before them validation.
///
/// Interactions of one moment stay together, on the later side, so that nothing is learnt from
/// the moment it is judged by; sizes are therefore met as far as equal times allow.
public struct TemporalSplit: Splitter {
    /// A column of times or numbers.
    public var order: String
    /// How many of the last interactions test: a count, or a share.
    public var test: SplitSize
    /// How many before those validate; nil: none, unless ``validationFrom`` says so.
    public var validation: SplitSize?
    /// The first moment of the test part, in place of a size.
    public var testFrom: Moment?
    /// The first moment of the validation part.
    public var validationFrom: Moment?

    public init(
        order: String = "timestamp", test: SplitSize = .fraction(0.2),
        validation: SplitSize? = nil, testFrom: Moment? = nil, validationFrom: Moment? = nil
    ) {
        self.order = order
        self.test = test
        self.validation = validation
        self.testFrom = testFrom
        self.validationFrom = validationFrom
    }

    public var hasValidation: Bool? { validation != nil || validationFrom != nil }

    public func split(
        _ interactions: Table, in context: InteractionContext
    ) throws(DataError) -> DataSplit {
        let order = try OrderKeys(interactions, order)
        let keys = order.values
        // Each part begins with such a key; nil: nothing is in it. No order of all rows is needed.
        let test = start(of: test, from: testFrom.map(order.key), end: keys.count, keys)
        var validation = test
        let end = keys.count - (test.map { test in keys.count { $0 >= test } } ?? 0)
        if hasValidation == true {
            validation = start(
                of: self.validation ?? .rows(0), from: validationFrom.map(order.key), end: end,
                keys)
        }
        var parts = SplitParts()
        parts.train.reserveCapacity(end)
        parts.test.reserveCapacity(keys.count - end)
        for (row, key) in keys.enumerated() {
            if let test, key >= test {
                parts.test.append(Int32(row))
            } else if let validation, key >= validation {
                parts.validation.append(Int32(row))
            } else {
                parts.train.append(Int32(row))
            }
        }
        let span =
            if let least = keys.min(), let most = keys.max() {
                "'\(self.order)' runs from \(order.text(least)) to \(order.text(most))"
            } else {
                "no interactions"
            }
        return try parts.finish(hasValidation: hasValidation == true, span)
    }

    /// The first key of a part: a moment, or the key of the row so many before the first `end`
    /// rows in order have passed. Nil where the part has no rows.
    private func start(
        of size: SplitSize, from first: Int64?, end: Int, _ keys: [Int64]
    ) -> Int64? {
        if let first { return first }
        let start = max(0, end - size.count(of: keys.count))
        return start < end ? RowOrder.key(at: start, of: keys) : nil
    }
}

extension TemporalSplit: CatalogComponent {
    static let orderField = Field<String>(
        "order_by", default: "timestamp", "A column of times or numbers."
    ).alsoKnown(as: "column").namingTimes()
    static let testField = Field<SplitSize>(
        "test", default: .fraction(0.2), "The last interactions: a count, or a fraction.")
    static let validationField = Field<SplitSize?>(
        "validation", default: nil, "Those before them: a count, or a fraction; null: none.")
    static let testFromField = Field<Moment?>(
        "test_from", default: nil,
        """
        The first moment of the test part, instead of 'test': a date, a date and time (ISO 8601, \
        UTC), or seconds since 1970, whatever the unit of the file; of a column that holds no \
        times, a value of the column.
        """)
    static let validationFromField = Field<Moment?>(
        "validation_from", default: nil, "The same for validation.")

    public static let entry = ComponentEntry<any Splitter>(
        "temporal", summary: "The past trains, the future tests.", source: "tfrs-run",
        fields: [
            orderField.description, testField.description, validationField.description,
            testFromField.description, validationFromField.description,
        ]
    ) { values in
        TemporalSplit(
            order: values[orderField], test: values[testField],
            validation: values[validationField],
            testFrom: try values[testFromField]?.checked("test_from"),
            validationFrom: try values[validationFromField]?.checked("validation_from"))
    }
}
