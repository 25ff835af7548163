import ResultsFormat

/// A run as a report needs it: its results, and what may stand beside them.
package struct RunInput: Sendable {
    /// The file, as the user named it.
    package var path: String
    package var document: ResultsDocument
    /// Why the file does not agree with itself, if so.
    package var objection: String?
    /// The figures of single queries that the run wrote.
    package var perQuery: PerQueryFigures?
    /// Why they cannot be had where the run wrote some.
    package var perQueryProblem: String?
    /// The paths of the settings that are not the defaults; nil where that is unknown.
    package var nonDefaults: Set<String>?

    package init(
        path: String, document: ResultsDocument, objection: String? = nil,
        perQuery: PerQueryFigures? = nil, perQueryProblem: String? = nil,
        nonDefaults: Set<String>? = nil
    ) {
        self.path = path
        self.document = document
        self.objection = objection
        self.perQuery = perQuery
        self.perQueryProblem = perQueryProblem
        self.nonDefaults = nonDefaults
    }

    /// The part of the data that the run is judged by: the test, else what there is.
    var part: (name: String, record: EvaluationRecord)? {
        (document.evaluation.first { $0.key == "test" } ?? document.evaluation.first).map {
            ($0.key, $0.value)
        }
    }

    var figures: RunFigures? { part.map { RunFigures(part: $0.name, record: $0.record) } }
}

/// The figures of a part of the data with what they mean.
struct RunFigures {
    let part: String
    let record: EvaluationRecord
    private let records: OrderedMap<FigureRecord>

    init(part: String, record: EvaluationRecord) {
        self.part = part
        self.record = record
        records = FigureRecord.all(in: record.definitions)
    }

    func record(of name: String) -> FigureRecord { records[name] ?? FigureRecord() }

    /// Whether a figure is a share, so that many stand over one axis from 0.
    func isShare(_ name: String) -> Bool {
        if let range = record(of: name).range { return range == 0...1 }
        let values =
            [record.metrics[name]] + [record.intervals[name]?.upper]
            + record.baselines.map { $0.value[name] }
        return values.allSatisfy { $0.map { (0...1).contains($0) } ?? true }
    }

    /// The figure that stands for the run where one has to: what early stopping watches, else the
    /// first that has an interval, else the first.
    func main(_ document: ResultsDocument) -> String? {
        let watched = document.training?.earlyStopping?.monitor
        if let watched, watched.hasPrefix("val_"),
            record.metrics.contains(key: String(watched.dropFirst(4)))
        {
            return String(watched.dropFirst(4))
        }
        return record.metrics.first { record.intervals[$0.key] != nil }?.key
            ?? record.metrics.first?.key
    }

    /// Whether one value of a figure is better than another; nil where nothing says which way.
    func isBetter(_ value: Double, than other: Double, _ name: String) -> Bool? {
        switch record(of: name).direction {
        case .maximize: value > other
        case .minimize: value < other
        case nil: nil
        }
    }
}

/// What makes a figure, read off its name: `val_recall@10` and `recall@50` are of one kind.
package enum FigureName {
    /// As short as it is still itself: `factorized_top_k/top_5_categorical_accuracy` is `top_5
    /// accuracy`.
    package static func short(_ name: String) -> String {
        let isOfValidation = name.hasPrefix("val_")
        let plain = isOfValidation ? String(name.dropFirst(4)) : name
        let (start, end) = ("factorized_top_k/", "_categorical_accuracy")
        guard plain.hasPrefix(start), plain.hasSuffix(end) else { return name }
        return (isOfValidation ? "val " : "") + plain.dropFirst(start.count).dropLast(end.count)
            + " accuracy"
    }

    static func kind(_ name: String) -> String {
        let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
        if let slash = plain.firstIndex(of: "/") { return String(plain[..<slash]) }
        if let at = plain.lastIndex(of: "@") { return String(plain[..<at]) }
        return plain.hasSuffix("loss") ? "loss" : plain
    }
}
