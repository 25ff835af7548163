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
        let rows = RowOrder.ascending(keys)
        let count = rows.count
        let testStart = start(
            of: test, from: testFrom.map(order.key), end: count, total: count, rows, keys)
        var validationStart = testStart
        if hasValidation == true {
            validationStart = start(
                of: validation ?? .rows(0), from: validationFrom.map(order.key), end: testStart,
                total: count, rows, keys)
        }
        var parts = SplitParts()
        parts.cut(
            rows[...], validation: testStart - validationStart, test: count - testStart)
        let span =
            rows.isEmpty
            ? "no interactions"
            : "'\(self.order)' runs from \(order.text(keys[Int(rows[0])])) to "
                + order.text(keys[Int(rows[count - 1])])
        return try parts.finish(hasValidation: hasValidation == true, span)
    }

    /// Where a part starts that ends at `end`: at a moment, or so many rows before it.
    private func start(
        of size: SplitSize, from first: Int64?, end: Int, total: Int, _ rows: [Int32],
        _ keys: [Int64]
    ) -> Int {
        if let first { return min(end, rows.partitionPoint { keys[Int($0)] >= first }) }
        let start = max(0, end - size.count(of: total))
        guard start < end, start > 0 else { return start }
        let key = keys[Int(rows[start])]
        return rows.partitionPoint { keys[Int($0)] >= key }
    }
}

extension TemporalSplit: CatalogComponent {
    static let orderField = Field<String>(
        "order_by", default: "timestamp", "A column of times or numbers."
    ).namingTimes()
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
