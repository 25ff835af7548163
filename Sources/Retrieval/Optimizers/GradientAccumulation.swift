/// The gradients of the batches that make one optimizer step.
///
/// They make that of the loss over all the batches' examples, by its own reduction: a sum of a
/// summed loss, a mean over the examples of an averaged one. (Keras 3 averages always.) Negatives
/// stay those of each batch, and penalties on weights count once a step.
struct GradientAccumulation: Sendable {
    private let steps: Int
    private let averages: Bool
    private var pending: Gradients?
    private var batches = 0
    private var examples = 0

    init(steps: Int, averages: Bool) {
        precondition(steps >= 1, "a step needs a batch")
        self.steps = steps
        self.averages = averages
    }

    /// Whether there are enough batches for a step.
    var isComplete: Bool { batches == steps }

    mutating func add(_ gradients: Gradients, examples: Int) {
        let isWeighted = averages && steps > 1
        let gradients = isWeighted ? gradients.scaled(by: Float(examples)) : gradients
        pending = pending?.adding(gradients) ?? gradients
        batches += 1
        self.examples += examples
    }

    /// What the batches since the last step give; nil if there are none.
    mutating func take() -> Gradients? {
        defer { (pending, batches, examples) = (nil, 0, 0) }
        let isWeighted = averages && steps > 1
        return isWeighted ? pending?.scaled(by: 1 / Float(examples)) : pending
    }
}

extension Gradients {
    /// The gradients of both.
    fileprivate func adding(_ other: Gradients) -> Gradients {
        var sum = self
        for (id, gradient) in other.ordered { sum.add(gradient, to: id) }
        sum.regularizationLoss += other.regularizationLoss
        return sum
    }

    fileprivate func scaled(by factor: Float) -> Gradients {
        mapping { gradient in
            var gradient = gradient
            gradient.mapValues { $0 *= factor }
            return gradient
        }
    }
}
