import Retrieval

extension BenchmarkCase {
    /// The softmax's step, beside which stand all others over the same batches.
    static let reference = "step/repeated"
    static let referenceShape = Shape(8192, 8192, 32)

    /// Every loss of the catalogue, and one of a user's own, over the scores of `step/repeated`,
    /// which is the softmax's.
    static let lossSteps: [BenchmarkCase] =
        Catalog.builtIn.losses.entries.map { entry in
            lossStep(entry.description.name) { entry.madeOfDefaults }
        } + [
            lossStep("label_smoothing") { CategoricalCrossentropy(labelSmoothing: 0.1) },
            lossStep("own") { RowByRow() },
        ]

    private static func lossStep(
        _ name: String, _ loss: @escaping @Sendable () -> any Loss
    ) -> BenchmarkCase {
        step("step/loss/\(name)", referenceShape, keys: .repeated) { $0.task.loss = loss() }
            .compared(with: reference)
    }
}

/// A loss as a user writes one, row by row: the softmax's.
private struct RowByRow: Loss {
    var supportsCounts: Bool { true }

    func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        CategoricalCrossentropy().evaluate(&logits, labels: labels)
    }
}

extension ComponentEntry where Product == any Loss {
    fileprivate var madeOfDefaults: any Loss {
        guard let loss = try? make(FieldValues()) else {
            preconditionFailure("\(description.name) has no defaults")
        }
        return loss
    }
}
