import Foundation
import Retrieval
import RetrievalTesting
import Testing

/// Values worked out by hand.
@Suite struct LossValueTests {
    private let row = ScoreRow([2, 1, -1, 0], positive: 0)
    private let tied = ScoreRow([0, 0, 0, 0], positive: 2)

    @Test func hingeOfFourColumns() {
        // Shortfalls: 1 − 2 < 0, 1 + 1 = 2, 1 − 1 = 0 (which still has a gradient), 1.
        let (loss, gradient) = Hinge().evaluated(on: row)
        #expect(loss == 0.75)
        #expect(gradient == [0, 0.25, 0.25, 0.25])
        let squared = SquaredHinge().evaluated(on: row)
        #expect(squared.loss == 1.25)
        #expect(squared.gradient == [0, 1, 0, 0.5])
    }

    @Test func meanSquaredErrorOfFourColumns() {
        let (loss, gradient) = MeanSquaredError().evaluated(on: row)
        #expect(loss == 0.75)  // (1 + 1 + 1 + 0) / 4
        #expect(gradient == [0.5, 0.5, -0.5, 0])
    }

    @Test func categoricalHingeTakesTheBestNegative() {
        let (loss, gradient) = CategoricalHinge().evaluated(
            on: ScoreRow([0.5, 1, -1], positive: 0))
        #expect(loss == 1.5)
        #expect(gradient == [-1, 1, 0])
    }

    @Test func categoricalHingeSharesTheMaximumWithThePositivesOwnZero() {
        let (loss, gradient) = CategoricalHinge().evaluated(on: tied)
        #expect(loss == 1)
        #expect(gradient == [0.25, 0.25, -1, 0.25])
        // All negatives below 0: only the positive's own 0 is left, which has no gradient.
        let below = CategoricalHinge().evaluated(on: ScoreRow([0.25, -1, -2], positive: 0))
        #expect(below.loss == 0.75)
        #expect(below.gradient == [-1, 0, 0])
    }

    @Test func categoricalHingeAtTheHingeHasAGradient() {
        let (loss, gradient) = CategoricalHinge().evaluated(on: row)
        #expect(loss == 0)
        #expect(gradient == [-1, 1, 0, 0])
    }

    @Test func tiedScoresGiveLogarithmsOfTwoAndFour() {
        #expect(isClose(Double(CategoricalCrossentropy().value(of: tied)), log(4), 1e-6))
        #expect(isClose(Double(BinaryCrossentropy().value(of: tied)), log(2), 1e-6))
        #expect(isClose(Double(BayesianPersonalizedRanking().value(of: tied)), log(2), 1e-6))
        #expect(isClose(Double(PairwiseLogistic().value(of: tied)), 3 * log(2), 1e-6))
        #expect(PairwiseHinge(margin: 0.5).value(of: tied) == 1.5)
        // 0.25 · (1 − 1/4)² · log 4
        let focal = CategoricalFocalCrossentropy().value(of: tied)
        #expect(isClose(Double(focal), 0.140625 * log(4), 1e-6))
    }

    @Test func gradientsOfTiedScores() {
        let five = ScoreRow([0, 0, 0, 0, 0], positive: 2)
        let personalized = BayesianPersonalizedRanking().evaluated(on: five)
        #expect(personalized.gradient == [0.125, 0.125, -0.5, 0.125, 0.125])
        #expect(PairwiseLogistic().evaluated(on: tied).gradient == [0.5, 0.5, -1.5, 0.5])
        #expect(BinaryCrossentropy().evaluated(on: tied).gradient == [0.125, 0.125, -0.125, 0.125])
        #expect(PairwiseHinge().evaluated(on: tied).gradient == [1, 1, -3, 1])
    }

    @Test func pairwiseHingeAtTheMarginHasNoGradient() {
        let (loss, gradient) = PairwiseHinge().evaluated(on: ScoreRow([2, 1], positive: 0))
        #expect(loss == 0)
        #expect(gradient == [0, 0])
    }

    @Test func labelSmoothingOfTheBinaryLossPullsToOneHalf() {
        // At s = 1 every label is one half: no score is better than 0.
        let loss = BinaryCrossentropy(labelSmoothing: 1)
        #expect(loss.evaluated(on: tied).gradient == [0, 0, 0, 0])
    }

    @Test func probabilitiesAreNormalised() {
        // 2 / (2 + 6) = 1/4.
        let (loss, gradient) = ProbabilityCrossentropy().evaluated(
            on: ScoreRow([2, 6], positive: 0))
        #expect(isClose(Double(loss), log(4), 1e-6))
        #expect(isClose(Double(gradient[0]), -0.375, 1e-6))  // −1/2 + 1/8
        #expect(isClose(Double(gradient[1]), 0.125, 1e-6))
    }

    @Test func clippedProbabilitiesHaveNoGradient() {
        let beyond = ScoreRow([-0.5, 1.5], positive: 0)
        let binary = BinaryCrossentropy(fromLogits: false).evaluated(on: beyond)
        #expect(binary.gradient == [0, 0])
        // Both are as wrong as clipping allows: −log(2e-7), in float32.
        #expect(isClose(Double(binary.loss), -log(2e-7), 5e-2))
        #expect(KLDivergence(fromLogits: false).evaluated(on: beyond).gradient == [0, 0])
        let hopeless = ScoreRow([0, 30], positive: 0)
        let focal = CategoricalFocalCrossentropy(gamma: 0).evaluated(on: hopeless)
        #expect(focal.gradient == [0, 0])
        #expect(isClose(Double(focal.loss), -0.25 * log(1e-7), 1e-5))
    }

    @Test func divergenceIsCrossentropyButForTheClipping() {
        let divergence = KLDivergence().value(of: row)
        let crossentropy = CategoricalCrossentropy().value(of: row)
        #expect(isClose(Double(divergence), Double(crossentropy), 1e-5))
    }
}
