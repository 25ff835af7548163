import Retrieval
import Testing

/// What is expected of any loss; run over the whole catalogue, so that a new one has it for free.
func checkLoss(_ loss: any Loss) {
    for positive in [3, 0, nil] {
        checkGradient(loss, ScoreRow([0.3, -0.45, 1.7, 0.85, -1.25], positive: positive))
    }
    if loss.supportsCounts {
        for positive in [0, 2, nil] {
            expectCopies(
                loss,
                ScoreRow([0.3, -0.45, 1.7, 0.85], positive: positive, counts: [3, 1, 2, 1]))
        }
    }
    for row in [
        ScoreRow([0.25], positive: 0),
        ScoreRow([0.25], positive: nil),
        ScoreRow([0.5, -3.4028236e36, 0.1], positive: 0),
        ScoreRow([90, -90, 20], positive: 1),
    ] {
        let gradient = loss.evaluated(on: row).gradient
        #expect(gradient.allSatisfy { $0.isFinite }, "\(row): \(gradient)")
        #expect(loss.outcome(on: row) == loss.outcome(on: row))
    }
}

/// Central differences of the loss itself: coarse, because it is evaluated in float32.
private func checkGradient(_ loss: any Loss, _ row: ScoreRow) {
    let (value, gradient) = loss.evaluated(on: row)
    #expect(value.isFinite)
    #expect(gradient.allSatisfy { $0.isFinite })
    let step: Float = 0x1p-7
    for column in row.scores.indices {
        var (up, down) = (row, row)
        up.scores[column] += step
        down.scores[column] -= step
        let difference = (loss.value(of: up) - loss.value(of: down)) / (2 * step)
        #expect(
            isClose(Double(gradient[column]), Double(difference), 2e-3),
            "\(row), column \(column): \(gradient[column]), difference \(difference)")
    }
}

@Suite struct LossConformance {
    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func everyLossOfTheCatalogue(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        checkLoss(try entry.make(FieldValues()))
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
