import Foundation
import Retrieval
import Testing

extension GoldenVectors {
    @Test("Optimizers go as Keras's", arguments: VectorFiles.optimizers)
    func optimizers(file: String) throws {
        try Tally(of: file) { value in
            let vector = try OptimizerCase(value)
            return Tally.Outcome(
                name: vector.name, isInformational: vector.isInformational,
                differences: try vector.differences())
        }.expectNoFailures()
    }

    @Test("Learning rates go as Keras's", arguments: VectorFiles.schedules)
    func schedules(file: String) throws {
        let tolerance = Tolerance(relative: 1e-6, absolute: 1e-9)
        try Tally(of: file) { value in
            var fields = try Fields(value, "case")
            let name = try fields.string("name") ?? ""
            var inputs = try Fields(fields.take("inputs"), "inputs")
            var options = try Fields(fields.take("options"), "options")
            var expected = try Fields(fields.take("expected"), "expected")
            let schedule = try KerasOptimizers.schedule(options.take("schedule"))
            let got = try inputs.requiredTensor("steps").ids().map { id -> Float in
                guard case .number(let step) = id else { throw VectorProblem("not a step") }
                return LearningRate(schedule)(at: step)
            }
            let want = try expected.requiredTensor("learning_rate").floats()
            try inputs.finish()
            try options.finish()
            try expected.finish()
            let difference = tolerance.difference("learning_rate", got, want)
            return Tally.Outcome(name: name, differences: difference.map { [$0] } ?? [])
        }.expectNoFailures()
    }
}

extension VectorFiles {
    static let optimizers = names.filter { $0.hasPrefix("optimizers_") }
    static let schedules = names.filter { $0.hasPrefix("learning_rate_schedules") }

    static func cases(_ file: String) throws -> [Any] {
        guard let cases = try load(file) as? [Any] else {
            throw VectorProblem("\(file): not a list of cases")
        }
        return cases
    }
}
