import Retrieval

/// Losses by their Keras class and constructor arguments, with Keras's defaults.
enum KerasLosses {
    /// - Parameter value: constructor arguments; nil for TFRS's default loss.
    static func make(_ value: Any?) throws -> any Loss {
        guard let value else { return CategoricalCrossentropy() }
        var fields = try Fields(value, "loss")
        let name = try fields.string("class") ?? ""
        let loss = try make(name, &fields)
        try fields.finish()
        return loss
    }

    private static func make(_ name: String, _ fields: inout Fields) throws -> any Loss {
        let reduction = try reduction(fields.string("reduction"))
        switch name {
        case "CategoricalCrossentropy":
            let smoothing = try float(&fields, "label_smoothing", 0)
            return try fields.flag("from_logits")
                ? CategoricalCrossentropy(labelSmoothing: smoothing, reduction: reduction)
                : ProbabilityCrossentropy(labelSmoothing: smoothing, reduction: reduction)
        case "BinaryCrossentropy":
            return BinaryCrossentropy(
                fromLogits: try fields.flag("from_logits"),
                labelSmoothing: try float(&fields, "label_smoothing", 0), reduction: reduction)
        case "CategoricalFocalCrossentropy":
            return CategoricalFocalCrossentropy(
                alpha: try float(&fields, "alpha", 0.25), gamma: try float(&fields, "gamma", 2),
                fromLogits: try fields.flag("from_logits"),
                labelSmoothing: try float(&fields, "label_smoothing", 0), reduction: reduction)
        case "CategoricalHinge":
            return CategoricalHinge(reduction: reduction)
        case "MeanSquaredError":
            return MeanSquaredError(reduction: reduction)
        default:
            throw VectorProblem("unknown loss '\(name)'")
        }
    }

    private static func reduction(_ name: String?) throws -> Reduction {
        switch name {
        case nil, "auto", "sum_over_batch_size": return .sumOverBatchSize
        case "sum": return .sum
        case "none": return .none
        case .some(let other): throw VectorProblem("unknown reduction '\(other)'")
        }
    }

    private static func float(
        _ fields: inout Fields, _ name: String, _ value: Double
    ) throws -> Float {
        Float(try fields.number(name) ?? value)
    }
}
