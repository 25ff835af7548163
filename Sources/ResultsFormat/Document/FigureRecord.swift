/// What a figure of the results is: an entry of `definitions.metrics`, by the figure's name.
public struct FigureRecord: Hashable, Sendable {
    /// Which way a figure is better.
    public enum Better: String, Hashable, Sendable, CaseIterable {
        /// Larger is better.
        case higher
        /// Smaller is better.
        case lower
        /// Neither by itself.
        case neither
    }

    /// What makes the figure, as a spec names it: `ndcg`.
    public var component: String?
    /// Nil where nothing says it, as in files of versions that did not.
    public var better: Better?
    /// The least and the greatest value that the figure can have; nil where nothing says it.
    public var range: ClosedRange<Double>?
    /// What the figure counts, such as `bits`.
    public var unit: String?
    /// How many of the best candidates count.
    public var cutoff: Int?
    /// The formula and its conventions, in words.
    public var definition: String?
    /// Where in the spec the figure's maker stands: `metrics.factorized[0]`.
    public var source: String?

    public init(
        component: String? = nil, better: Better? = nil, range: ClosedRange<Double>? = nil,
        unit: String? = nil, cutoff: Int? = nil, definition: String? = nil, source: String? = nil
    ) {
        self.component = component
        self.better = better
        self.range = range
        self.unit = unit
        self.cutoff = cutoff
        self.definition = definition
        self.source = source
    }

    /// Which way the figure is better; nil where it is neither, or nothing says it.
    public var direction: MetricDirection? {
        switch better {
        case .higher: .maximize
        case .lower: .minimize
        case .neither, nil: nil
        }
    }
}

extension FigureRecord {
    /// The record as the file shows it; an end of the range that is infinite is null.
    public var json: JSONValue {
        .record([
            ("component", component.map(JSONValue.string)),
            ("better", better.map { .string($0.rawValue) }),
            ("range", range.map { [Self.end($0.lowerBound), Self.end($0.upperBound)] }),
            ("unit", unit.map(JSONValue.string)),
            ("cutoff", cutoff.map(JSONValue.integer)),
            ("definition", definition.map(JSONValue.string)),
            ("source", source.map(JSONValue.string)),
        ])
    }

    private static func end(_ value: Double) -> JSONValue {
        value.isFinite ? .number(value) : .null
    }

    /// Reads a record as far as it goes. Versions before records wrote the definition alone, as a
    /// string; what a value does not say is nil.
    public init(json: JSONValue) {
        self.init()
        if let text = json.stringValue {
            definition = text
            return
        }
        component = json["component"]?.stringValue
        better = json["better"]?.stringValue.flatMap(Better.init)
        if let ends = json["range"]?.arrayValue, ends.count == 2 {
            let lower = ends[0].doubleValue ?? -.infinity
            let upper = ends[1].doubleValue ?? .infinity
            if lower <= upper { range = lower...upper }
        }
        unit = json["unit"]?.stringValue
        cutoff = json["cutoff"]?.integerValue
        definition = json["definition"]?.stringValue
        source = json["source"]?.stringValue
    }

    /// What the `definitions` of an evaluation say of its figures, by name.
    public static func all(in definitions: JSONValue?) -> OrderedMap<FigureRecord> {
        (definitions?["metrics"]?.objectValue ?? [:]).mapValues(FigureRecord.init(json:))
    }

    static var schema: RecordSchema {
        RecordSchema(
            .optional("component", .text, "What makes the figure, as a spec names it."),
            .optional(
                "better", ["enum": .array(Better.allCases.map { .string($0.rawValue) })],
                "Which way the figure is better; absent: its maker does not say."),
            .optional(
                "range",
                [
                    "type": "array", "items": ["type": ["number", "null"]], "minItems": 2,
                    "maxItems": 2,
                ], "The least and the greatest possible value; null: none."),
            .optional("unit", .text, "What the figure counts."),
            .optional(
                "cutoff", .integer(from: 1), "How many of the best candidates count."),
            .optional("definition", .text, "The formula and its conventions."),
            .optional("source", .text, "Where in the spec the figure's maker stands."))
    }
}
