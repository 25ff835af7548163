/// Fields that several losses declare alike.
enum LossFields {
    /// Keras's own default is false; scores are logits, which is why TFRS passes true.
    static let fromLogits = Field<Bool>(
        "from_logits", default: true,
        "Whether scores are logits; if false they are taken for probabilities.")

    static let labelSmoothing = Field<Double>(
        "label_smoothing", default: 0, .between(0, and: 1),
        "Share of each label spread evenly over all candidates.")

    /// What is to be said of a loss with these options.
    static func advice(fromLogits: Bool = true, labelSmoothing: Float = 0) -> [Advice] {
        var advice: [Advice] = []
        if !fromLogits {
            advice.append(
                Advice(
                    at: Self.fromLogits,
                    """
                    'from_logits: false' takes scores for probabilities, which dot products are \
                    not: those below 0 and above 1 are cut off, and get no gradient
                    """))
        }
        if labelSmoothing == 1 {
            advice.append(
                Advice(
                    at: Self.labelSmoothing,
                    """
                    a label_smoothing of 1 leaves nothing of the labels: every candidate is alike
                    """))
        }
        return advice
    }
}

/// `tf.keras.backend.epsilon()`: how far Keras keeps probabilities from 0 and 1.
enum KerasEpsilon {
    static let value: Float = 1e-7
    /// The range that Keras clips probabilities to, in float32.
    static let probabilities: ClosedRange<Float> = 1e-7...(1 - 1e-7)
}

extension ClosedRange<Float> {
    /// The nearest value of the range; NaN for NaN.
    func clip(_ value: Float) -> Float {
        value < lowerBound ? lowerBound : value > upperBound ? upperBound : value
    }

    /// Whether `tf.clip_by_value` lets a gradient through: not beyond the bounds, but at them and
    /// for NaN.
    func passesGradient(_ value: Float) -> Bool {
        !(value < lowerBound || value > upperBound)
    }
}
