import Retrieval

/// Losses by their Keras class and constructor arguments, with Keras's defaults.
enum KerasLosses {
    /// - Parameter value: constructor arguments; nil for TFRS's default loss.
    static func make(_ value: Any?) throws -> any Loss {
        guard let value else { return CategoricalCrossentropy() }
        var fields = try Fields(value, "loss")
        let loss = try make(try fields.string("class") ?? "", &fields)
        try fields.finish()
        return loss
    }

    private static func make(_ name: String, _ fields: inout Fields) throws -> any Loss {
        let reduction = try reduction(fields.string("reduction"))
        switch name {
        case "CategoricalCrossentropy":
            try requireLogits(&fields)
            return CategoricalCrossentropy(
                labelSmoothing: try float(&fields, "label_smoothing", 0), reduction: reduction)
        default:
            throw VectorProblem("unknown loss '\(name)'")
        }
    }

    private static func requireLogits(_ fields: inout Fields) throws {
        guard try fields.flag("from_logits") else {
            throw VectorProblem("a loss of probabilities has no counterpart")
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
