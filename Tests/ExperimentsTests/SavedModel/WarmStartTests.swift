import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// A training that goes on from a saved model.
struct WarmStartTests {
    private static func spec(
        _ data: String, model: String? = nil, more: String = "", epochs: Int = 2
    ) -> String {
        """
        name: shop
        \(data)
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate:
            features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
        train: {epochs: \(epochs), batch_size: 32, optimizer: {type: adagrad, learning_rate: 0.2}}
        \(model.map { "output: {model: \($0)}" } ?? "")
        \(more)
        """
    }

    /// Rows go by token: known tokens keep theirs, new ones start as they would.
    @Test func rowsGoByTheirToken() throws {
        let folder = try TemporaryFolder()
        let shop = ShopData()
        let first = Self.spec(
            try shop.write(to: folder, parts: 0..<120).items(removed: true),
            model: folder.path + "/first")
        let before = try run(first)
        let second = Self.spec(
            try shop.write(to: folder).items(removed: true),
            more: "warm_start: {model: \(folder.path)/first}")
        let plan = try plan(second)
        let cold = try Experimental.plan(
            Self.spec(try shop.write(to: folder).items(removed: true)))
        let taken = try #require(plan.warmStart?.parameters["candidate/item_id/embeddings"])

        let known = Set(vocabulary(before.plan))
        let now = vocabulary(plan)
        #expect(taken.kept == now.count { known.contains($0) } + 1)
        #expect(taken.new == now.count { !known.contains($0) })
        #expect(taken.dropped == known.count + 1 - taken.kept)
        #expect(taken.new > 0)

        let old = matrix("candidate/item_id/embeddings", try #require(before.trained))
        let warm = matrix("candidate/item_id/embeddings", plan.model)
        let fresh = matrix("candidate/item_id/embeddings", cold.model)
        let rowOf = Dictionary(
            uniqueKeysWithValues: vocabulary(before.plan).enumerated().map { ($1, $0 + 1) })
        for (index, token) in now.enumerated() {
            let expected = rowOf[token].map { old.row($0) } ?? fresh.row(index + 1)
            #expect(Array(warm.row(index + 1)) == Array(expected))
        }
    }

    private func vocabulary(_ plan: ExperimentPlan) -> [String] {
        for (path, fact) in plan.learned.facts where path == "candidate/item_id" {
            if case .tokens(let tokens, _) = fact { return tokens }
        }
        return []
    }

    private func matrix(_ name: String, _ model: TwoTowerModel) -> Matrix {
        let index = model.parameters.names.firstIndex(of: name)!
        return model.parameters[model.parameters.ids[index]]
    }

    /// One more epoch on the same data is what training for one more would have been, where nothing
    /// is drawn: the optimizers go on.
    @Test func keptOptimizersGoOn() throws {
        let folder = try TemporaryFolder()
        func text(_ epochs: Int, _ more: String) -> String {
            SmallSpec.text(
                train: """
                    {epochs: \(epochs), batch_size: 240, reshuffle: false, \
                    optimizer: {type: adam, learning_rate: 0.05}}
                    """, more: more)
        }
        let whole = try run(text(5, ""))
        _ = try run(text(3, "output: {model: \(folder.path)/a}"))
        let kept = try run(text(2, "warm_start: {model: \(folder.path)/a}"))
        let reset = try run(
            text(2, "warm_start: {model: \(folder.path)/a, optimizer: reset}"))
        #expect(
            kept.document.evaluation["test"]?.metrics == whole.document.evaluation["test"]?.metrics)
        #expect(kept.document.evaluation["test"]?.loss == whole.document.evaluation["test"]?.loss)
        #expect(reset.document.evaluation["test"]?.loss != whole.document.evaluation["test"]?.loss)
        let record = try #require(kept.document.training?.warmStart)
        #expect(record.continuedOptimizers == 2)
        #expect(record.modelDigest == (try SavedModel(at: folder.path + "/a")).digest)
        #expect(reset.document.training?.warmStart?.continuedOptimizers == 0)
    }

    @Test func frozenParametersStayAsTheyAre() throws {
        let folder = try TemporaryFolder()
        let first = try run(SmallSpec.text(more: "output: {model: \(folder.path)/a}"))
        let more = "warm_start: {model: \(folder.path)/a, match: \"query/*\", frozen: true}"
        let second = try run(SmallSpec.text(more: more))
        let name = "query/user_id/embeddings"
        #expect(
            matrix(name, try #require(first.trained)) == matrix(name, try #require(second.trained)))
        #expect(second.document.training?.warmStart?.parameters.map(\.key) == [name])
        #expect(second.document.training?.warmStart?.frozen == true)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = try TemporaryFolder()
        _ = try run(SmallSpec.text(more: "output: {model: \(folder.path)/a}"))
        let wider = SmallSpec.text(more: "warm_start: {model: \(folder.path)/a}")
            .replacing("output_dim: 4", with: "output_dim: 5")
        #expect {
            _ = try plan(wider)
        } throws: {
            "\($0)".contains("'query/user_id/embeddings' has 5 columns, and 4 in the model")
        }
        let nothing = SmallSpec.text(
            more: "warm_start: {model: \(folder.path)/a, match: \"towers/*\"}")
        #expect {
            _ = try plan(nothing)
        } throws: {
            "\($0)".contains("no parameter of the model matches 'towers/*'; it has candidate/")
        }
        let nowhere = SmallSpec.text(more: "warm_start: {model: \(folder.path)/nowhere}")
        #expect(throws: ModelError.self) { _ = try plan(nowhere) }
    }

    /// A log in three parts, each trained on top of the one before, does about as well as training
    /// on all of it at once.
    @Test func threePartsDoAboutAsWellAsAllAtOnce() throws {
        let folder = try TemporaryFolder()
        let shop = ShopData(seed: 3, users: 30, items: 25, interactions: 1500)
        func loss(_ parts: [Range<Int>]) throws -> Double {
            var previous: String?
            var last = 0.0
            for (index, part) in parts.enumerated() {
                let model = "\(folder.path)/\(parts.count)-\(index)"
                let text = Self.spec(
                    try shop.write(to: folder, parts: part).items(removed: true), model: model,
                    more: previous.map { "warm_start: {model: \($0)}" } ?? "", epochs: 4)
                let results = try run(text)
                last = try #require(results.document.evaluation["test"]?.loss)
                previous = model
                if index > 0 {
                    let rows = try #require(
                        results.document.training?.warmStart?.parameters[
                            "query/user_id/embeddings"])
                    #expect(rows.kept > 20)
                }
            }
            return last
        }
        let parts = try loss([0..<500, 400..<1000, 900..<1500])
        let whole = try loss([0..<1500])
        let alone = try loss([900..<1500])
        #expect(parts < alone * 1.02)
        #expect(parts < whole * 1.15)
    }
}

extension String {
    /// A `data:` section without tables of users and items.
    fileprivate func items(removed: Bool) -> String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(where: { $0.contains("users:") }),
            let end = lines.firstIndex(where: { $0.contains("query: user_id") })
        else { return self }
        lines.removeSubrange(start..<end)
        return lines.joined(separator: "\n")
    }
}

/// The name `plan` is taken where a plan is looked at.
private enum Experimental {
    static func plan(_ text: String) throws -> ExperimentPlan {
        try Planner(
            catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated())
        ).plan(try decode(text))
    }
}
