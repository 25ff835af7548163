import Retrieval

/// Metrics by their Keras class and constructor arguments, with Keras's defaults.
enum KerasMetrics {
    static func batchMetric(_ value: Any) throws -> any BatchMetric {
        var fields = try Fields(value, "batch metric")
        let metric = try batchMetric(fields.string("class") ?? "", &fields)
        try fields.finish()
        return metric
    }

    private static func batchMetric(
        _ name: String, _ fields: inout Fields
    ) throws -> any BatchMetric {
        switch name {
        case "TopKCategoricalAccuracy":
            return TopKCategoricalAccuracy(k: try fields.integer("k") ?? 5)
        case "CategoricalAccuracy":
            return CategoricalAccuracy()
        case "BinaryAccuracy":
            return BinaryAccuracy(threshold: Float(try fields.number("threshold") ?? 0.5))
        case "AUC":
            return try auc(&fields)
        case "CategoricalCrossentropy":
            return CategoricalCrossentropyMetric(
                fromLogits: try fields.flag("from_logits"),
                labelSmoothing: Float(try fields.number("label_smoothing") ?? 0))
        case "MeanSquaredError":
            return MeanSquaredErrorMetric()
        case "Precision":
            return Precision(
                thresholds: try thresholds(&fields), topK: try fields.integer("top_k"))
        case "Recall":
            return Recall(thresholds: try thresholds(&fields), topK: try fields.integer("top_k"))
        default:
            throw VectorProblem("unknown batch metric '\(name)'")
        }
    }

    private static func auc(_ fields: inout Fields) throws -> AUC {
        let curve = try fields.string("curve") ?? "ROC"
        let summation = try fields.string("summation_method") ?? "interpolation"
        guard let curve = AUC.Curve(rawValue: curve),
            let summation = AUC.Summation(rawValue: summation)
        else {
            throw VectorProblem("unknown AUC of '\(curve)' by '\(summation)'")
        }
        return AUC(
            numThresholds: try fields.integer("num_thresholds") ?? 200, curve: curve,
            summation: summation, fromLogits: try fields.flag("from_logits"))
    }

    private static func thresholds(_ fields: inout Fields) throws -> [Float]? {
        switch fields.take("thresholds") {
        case nil: return nil
        case let list as [Double]: return list.map(Float.init)
        case let number as Double: return [Float(number)]
        case .some(let other): throw VectorProblem("unknown thresholds \(other)")
        }
    }

    static func lossMetric(_ value: Any) throws -> any LossMetric {
        var fields = try Fields(value, "loss metric")
        let name = try fields.string("class") ?? ""
        try fields.finish()
        switch name {
        case "Mean": return MeanLoss()
        case "Sum": return SumLoss()
        default: throw VectorProblem("unknown loss metric '\(name)'")
        }
    }

    static func tolerance(_ metric: any BatchMetric, temperature: Double?) -> Tolerance {
        var tolerance = Tolerance.loss(temperature: temperature)
        if let auc = metric as? AUC, auc.curve == .pr { tolerance.relative = 1e-4 }
        return tolerance
    }
}
