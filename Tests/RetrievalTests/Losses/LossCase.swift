import Retrieval
import Testing

/// A loss with given options beside its formula.
///
/// Each loss has a file of its own here, with its cases, its formula and values worked out by hand;
/// the suites beside them, and those of the task and of deduplication, go through ``all``.
struct LossCase: Sendable, CustomTestStringConvertible {
    /// The loss of a row of scores, [columns], under dense labels, [columns]: written out in double
    /// precision, as Keras and the papers have it.
    typealias Formula = @Sendable (_ scores: [Double], _ labels: [Double]) -> Double

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
    let formula: Formula

    init(
        _ name: String, _ loss: any Loss, _ domain: Domain = .reals, _ formula: @escaping Formula
    ) {
        self.name = name
        self.loss = loss
        self.domain = domain
        self.formula = formula
    }

    var testDescription: String { name }

    /// Every loss of the catalogue under every combination of its options.
    static let all: [LossCase] = [
        categoricalCrossentropy, probabilityCrossentropy, infoNCE, binaryCrossentropy,
        categoricalFocalCrossentropy, categoricalHinge, hinge, squaredHinge, meanSquaredError,
        klDivergence, bayesianPersonalizedRanking, pairwiseLogistic, pairwiseHinge,
    ].flatMap(\.self)

    /// What labels are smoothed by.
    static let smoothings = [0, 0.1, 0.5, 1]
}
