import Foundation
import Retrieval

/// One recorded case of the retrieval task: a cell of the cross, an edge case, or successive calls
/// with metrics, as its inputs tell.
struct RetrievalCase {
    let name: String
    let isExtreme: Bool
    let isInformational: Bool
    private let inputs: Any?
    private let options: Any?
    private let expected: Any?

    init(_ value: Any) throws {
        var fields = try Fields(value, "case")
        name = try fields.string("name") ?? ""
        isExtreme = try fields.flag("extreme")
        isInformational = try fields.flag("informational")
        inputs = fields.take("inputs")
        options = fields.take("options")
        expected = fields.take("expected")
        _ = fields.take("note")
        try fields.finish()
    }

    /// Runs the case.
    func run(_ shared: SharedInputs?) throws -> CaseResult {
        guard let members = inputs as? [String: Any] else {
            throw VectorProblem("inputs: not an object")
        }
        if members["ref"] != nil {
            guard let shared else { throw VectorProblem("no file of inputs") }
            return try runCross(shared)
        }
        if members["calls"] != nil {
            return try MetricCase(inputs: inputs, options: options, expected: expected).run()
        }
        return try runInline()
    }

    private func runCross(_ shared: SharedInputs) throws -> CaseResult {
        var inputs = try Fields(self.inputs, "inputs")
        var options = try Fields(self.options, "options")
        let common = try RetrievalOptions(&options)
        let set = try shared.set(inputs.string("ref") ?? "")
        let loss = try shared.loss(options.string("loss"))
        let input = try RetrievalInput(
            set: set, options: &options, removesAccidentalHits: common.removesAccidentalHits)
        try inputs.finish()
        try options.finish()
        return try run(common, loss, input)
    }

    private func runInline() throws -> CaseResult {
        var options = try Fields(self.options, "options")
        let common = try RetrievalOptions(&options)
        let loss = try KerasLosses.make(options.take("loss"))
        _ = try options.string("loss_name")
        try options.finish()
        return try run(common, loss, try RetrievalInput(inputs))
    }

    private func run(
        _ options: RetrievalOptions, _ loss: any Loss, _ input: RetrievalInput
    ) throws -> CaseResult {
        var fields = try Fields(expected, "expected")
        let expected = try ExpectedCall(&fields)
        try fields.finish()
        do {
            let output = try options.task(loss)(
                queryEmbeddings: input.queryEmbeddings(),
                candidateEmbeddings: input.candidates.matrix(), options: input.options())
            return CaseResult(
                differences: try expected.differences(
                    output, reduction: loss.reduction, .loss(temperature: options.temperature)))
        } catch let error as RetrievalError {
            return CaseResult(differences: expected.raises ? [] : ["raised: \(error)"])
        }
    }
}

/// What came of a case.
struct CaseResult {
    var differences: [String] = []
    /// Why the case was held to something else than what TFRS does, if it was.
    var deliberateDifference: String?
}

/// The inputs and losses that the cases of a cross refer to.
struct SharedInputs {
    private let sets: [String: Any]
    private let losses: [String: Any]

    init(_ value: Any) throws {
        var fields = try Fields(value, "inputs file")
        guard let sets = fields.take("sets") as? [String: Any],
            let losses = fields.take("losses") as? [String: Any]
        else {
            throw VectorProblem("inputs file: no sets or no losses")
        }
        try fields.finish()
        self.sets = sets
        self.losses = losses
    }

    func set(_ name: String) throws -> Any {
        guard let set = sets[name] else { throw VectorProblem("no set '\(name)'") }
        return set
    }

    func loss(_ name: String?) throws -> any Loss {
        guard let name, let value = losses[name] else {
            throw VectorProblem("no loss '\(name ?? "")'")
        }
        return try KerasLosses.make(value is NSNull ? nil : value)
    }
}
