import Retrieval
import Testing

/// A loss with given options beside its formula.
struct LossCase: Sendable, CustomTestStringConvertible {
    /// What scores a loss is made for.
    enum Domain: Sendable {
        /// Any real numbers.
        case reals
        /// Positive numbers up to a factor.
        case positives
        /// Probabilities, some of them beyond the bounds.
        case unitInterval
    }

    let name: String
    let loss: any Loss
    let domain: Domain
    let reference: LossReference.Function

    init(
        _ name: String, _ loss: any Loss, _ domain: Domain = .reals,
        _ reference: @escaping LossReference.Function
    ) {
        self.name = name
        self.loss = loss
        self.domain = domain
        self.reference = reference
    }

    var testDescription: String { name }
}

extension LossCase {
    /// Every loss under every combination of its options.
    static let all = crossentropies + focal + others

    private static let crossentropies = [0, 0.1, 0.5, 1].flatMap { smoothing in
        let float = Float(smoothing)
        return [
            LossCase(
                "categorical crossentropy, smoothing \(smoothing)",
                CategoricalCrossentropy(labelSmoothing: float), .reals,
                LossReference.categoricalCrossentropy(fromLogits: true, smoothing: smoothing)),
            LossCase(
                "categorical crossentropy of probabilities, smoothing \(smoothing)",
                ProbabilityCrossentropy(labelSmoothing: float), .positives,
                LossReference.categoricalCrossentropy(fromLogits: false, smoothing: smoothing)),
            LossCase(
                "binary crossentropy, smoothing \(smoothing)",
                BinaryCrossentropy(labelSmoothing: float), .reals,
                LossReference.binaryCrossentropy(fromLogits: true, smoothing: smoothing)),
            LossCase(
                "binary crossentropy of probabilities, smoothing \(smoothing)",
                BinaryCrossentropy(fromLogits: false, labelSmoothing: float), .unitInterval,
                LossReference.binaryCrossentropy(fromLogits: false, smoothing: smoothing)),
        ]
    }

    private static let focal = [0, 0.5, 1, 1.5, 2].flatMap { gamma in
        [0, 0.2].flatMap { smoothing in
            [true, false].map { fromLogits in
                LossCase(
                    "focal, gamma \(gamma), smoothing \(smoothing), logits \(fromLogits)",
                    CategoricalFocalCrossentropy(
                        alpha: 0.75, gamma: Float(gamma), fromLogits: fromLogits,
                        labelSmoothing: Float(smoothing)),
                    fromLogits ? .reals : .positives,
                    LossReference.focal(
                        alpha: 0.75, gamma: gamma, fromLogits: fromLogits, smoothing: smoothing))
            }
        }
    }

    private static let others = [
        LossCase("categorical hinge", CategoricalHinge(), .reals, LossReference.categoricalHinge),
        LossCase("hinge", Hinge(), .reals, LossReference.hinge),
        LossCase("squared hinge", SquaredHinge(), .reals, LossReference.squaredHinge),
        LossCase("mean squared error", MeanSquaredError(), .reals, LossReference.meanSquaredError),
        LossCase(
            "KL divergence", KLDivergence(), .reals, LossReference.klDivergence(fromLogits: true)),
        LossCase(
            "KL divergence of probabilities", KLDivergence(fromLogits: false), .unitInterval,
            LossReference.klDivergence(fromLogits: false)),
        LossCase(
            "BPR", BayesianPersonalizedRanking(), .reals,
            LossReference.bayesianPersonalizedRanking),
        LossCase(
            "pairwise logistic", PairwiseLogistic(), .reals, LossReference.pairwiseLogistic),
        LossCase(
            "pairwise hinge", PairwiseHinge(), .reals, LossReference.pairwiseHinge(margin: 1)),
        LossCase(
            "pairwise hinge, margin 0.4", PairwiseHinge(margin: 0.4), .reals,
            LossReference.pairwiseHinge(margin: 0.4)),
    ]
}
