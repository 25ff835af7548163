import Retrieval
import RetrievalTesting
import Testing

/// Rows at the edge of what a batch can hold.
@Suite struct LossEdgeTests {
    /// `float32.min / 100`: what a mask or an accidental hit makes of a score.
    private static let masked: Float = -3.4028236e36

    @Test func maskedNegativesLeaveThePositiveAlone() {
        let row = ScoreRow([0.5, Self.masked, Self.masked], positive: 0)
        #expect(CategoricalCrossentropy().outcome(on: row) == LossOutcome(0, [0, 0, 0]))
        #expect(BayesianPersonalizedRanking().outcome(on: row) == LossOutcome(0, [0, 0, 0]))
        #expect(PairwiseLogistic().outcome(on: row) == LossOutcome(0, [0, 0, 0]))
        #expect(PairwiseHinge().outcome(on: row) == LossOutcome(0, [0, 0, 0]))
        #expect(CategoricalHinge().outcome(on: row) == LossOutcome(0.5, [-1, 0, 0]))
        #expect(CategoricalFocalCrossentropy().evaluated(on: row).gradient == [0, 0, 0])
        #expect(Hinge().value(of: row) == Float(0.5 / 3))
    }

    @Test func squaresOfMaskedScoresOverflowWithAFiniteGradient() {
        let row = ScoreRow([0.5, Self.masked], positive: 0)
        let squared = MeanSquaredError().evaluated(on: row)
        #expect(squared.loss == .infinity)
        #expect(squared.gradient == [-0.5, Self.masked])
        let hinge = SquaredHinge().evaluated(on: ScoreRow([Self.masked, 0], positive: 0))
        #expect(hinge.loss == .infinity)
        #expect(hinge.gradient == [Self.masked, 1])
    }

    @Test func manyMaskedScoresDoNotOverflowAMean() {
        let row = ScoreRow([0] + [Float](repeating: Self.masked, count: 400), positive: 0)
        let loss = BinaryCrossentropy(labelSmoothing: 1).value(of: row)
        #expect(loss.isFinite)
        let expected = Double(Self.masked) * -0.5 * 400 / 401
        #expect(isClose(Double(loss) / expected, 1, 1e-6))
    }

    @Test func aMaskedPositiveIsPaidForInFull() {
        let row = ScoreRow([Self.masked, 1], positive: 0)
        for loss in [CategoricalCrossentropy(), PairwiseLogistic(), PairwiseHinge()] as [any Loss] {
            let (value, gradient) = loss.evaluated(on: row)
            #expect(value == -Self.masked)
            #expect(gradient == [-1, 1])
        }
    }

    @Test func aRowWithoutPositiveHasNoPairs() {
        let row = ScoreRow([1, 2], positive: nil)
        for loss in [BayesianPersonalizedRanking(), PairwiseLogistic(), PairwiseHinge()]
            as [any Loss]
        {
            #expect(loss.outcome(on: row) == LossOutcome(0, [0, 0]))
        }
        #expect(CategoricalHinge().outcome(on: row) == LossOutcome(3, [0, 1]))
        #expect(MeanSquaredError().outcome(on: row) == LossOutcome(2.5, [1, 2]))
        #expect(CategoricalCrossentropy().outcome(on: row) == LossOutcome(0, [0, 0]))
        #expect(ProbabilityCrossentropy().outcome(on: row) == LossOutcome(0, [0, 0]))
        #expect(CategoricalFocalCrossentropy().outcome(on: row) == LossOutcome(0, [0, 0]))
    }

    @Test func aSingleColumnHasNoNegatives() {
        let row = ScoreRow([0.25], positive: 0)
        for loss in [
            CategoricalCrossentropy(), BayesianPersonalizedRanking(), PairwiseLogistic(),
            PairwiseHinge(),
        ] as [any Loss] {
            #expect(loss.outcome(on: row) == LossOutcome(0, [0]))
        }
        #expect(CategoricalHinge().outcome(on: row) == LossOutcome(0.75, [-1]))
    }

    /// Mining can leave a row without columns; a mean over none is NaN, as in TensorFlow.
    @Test func aRowWithoutColumns() {
        let row = ScoreRow([], positive: nil)
        for loss in [
            CategoricalCrossentropy(), CategoricalCrossentropy(labelSmoothing: 0.1),
            CategoricalHinge(), CategoricalFocalCrossentropy(labelSmoothing: 0.1),
            PairwiseLogistic(), BayesianPersonalizedRanking(),
        ] as [any Loss] {
            #expect(loss.value(of: row) == 0)
        }
        #expect(BinaryCrossentropy().value(of: row).isNaN)
        #expect(MeanSquaredError().value(of: row).isNaN)
    }

    @Test(arguments: LossCase.all)
    func aNaNShows(_ example: LossCase) {
        for positive in [0, 1, nil] {
            let row = ScoreRow([0.5, .nan, 0.25], positive: positive)
            #expect(example.loss.value(of: row).isNaN)
        }
    }

    @Test func anInfiniteScoreBreaksTheProductsWithLabels() {
        let row = ScoreRow([0.5, .infinity], positive: 0)
        #expect(CategoricalHinge().value(of: row).isNaN)
        #expect(BinaryCrossentropy().value(of: row).isNaN)
        #expect(CategoricalCrossentropy().value(of: row).isNaN)
    }
}
