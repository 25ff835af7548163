import Retrieval
import RetrievalTesting
import Testing

/// What a user's own loss is tested with, on every loss of the catalogue.
@Suite struct LossConformance {
    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func everyLossOfTheCatalogue(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        #expect(checkLoss(try entry.make(FieldValues())) == [])
    }

    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func reductionIsAFieldAndSumsUnlessTold(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        #expect(try entry.make(FieldValues()).reduction == .sum)
        var values = FieldValues()
        values["reduction"] = .string("sum_over_batch_size")
        #expect(try entry.make(values).reduction == .sumOverBatchSize)
    }

    /// Every declared field must change what the entry makes.
    @Test func optionsReachTheLoss() throws {
        let row = ScoreRow([0.3, 0.9, 0.4], positive: 1)
        let changes: [(loss: String, field: String, value: FieldValue)] = [
            ("categorical_crossentropy", "from_logits", .boolean(false)),
            ("categorical_crossentropy", "label_smoothing", .number(0.2)),
            ("binary_crossentropy", "from_logits", .boolean(false)),
            ("binary_crossentropy", "label_smoothing", .number(0.2)),
            ("categorical_focal_crossentropy", "alpha", .number(0.5)),
            ("categorical_focal_crossentropy", "gamma", .number(1.5)),
            ("categorical_focal_crossentropy", "from_logits", .boolean(false)),
            ("categorical_focal_crossentropy", "label_smoothing", .number(0.2)),
            ("kl_divergence", "from_logits", .boolean(false)),
            ("pairwise_hinge", "margin", .number(2)),
            ("info_nce", "label_smoothing", .number(0.2)),
        ]
        for change in changes {
            let entry = try #require(Catalog.builtIn.losses[change.loss])
            var values = FieldValues()
            let before = try entry.make(values).value(of: row)
            values[change.field] = change.value
            let after = try entry.make(values).value(of: row)
            #expect(before != after, "\(change)")
        }
        let declared = Catalog.builtIn.losses.entries.flatMap { entry in
            entry.description.fields.map { "\(entry.description.name).\($0.name)" }
        }
        let tried = Set(changes.map { "\($0.loss).\($0.field)" })
        // What InfoNCE does to the scores before a row gets here is not its rows' affair.
        let elsewhere: Set = ["info_nce.temperature", "info_nce.learnable_temperature"]
        #expect(
            declared.allSatisfy {
                $0.hasSuffix(".reduction") || tried.contains($0) || elsewhere.contains($0)
            })
    }
}
