import Retrieval
import RetrievalTesting
import Synchronization
import Testing

/// What towers are told of a step, and what they may leave behind.
struct EncodingContextTests {
    /// Passes its inputs on; notes what it was told, and leaves a state and a penalty behind.
    private final class Probe: Layer {
        let outputDimension = 2
        let requiresDistinctRows: Bool
        let state: ParameterID
        let calls = Mutex<[EncodingContext]>([])

        init(requiresDistinctRows: Bool, state: ParameterID) {
            self.requiresDistinctRows = requiresDistinctRows
            self.state = state
        }

        func apply(
            _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
        ) -> LayerOutput {
            calls.withLock { $0.append(context) }
            return LayerOutput(outputs: inputs) { [state] gradient, gradients in
                gradients.setState(Matrix(rows: 1, columns: 1, repeating: 7), of: state)
                gradients.regularizationLoss += 0.5
                return gradient
            }
        }
    }

    private struct SumOfSquares: Regularizer {
        func loss(of values: Matrix) -> Double { values.values.reduce(0) { $0 + Double($1 * $1) } }

        func gradient(of values: Matrix) -> Matrix {
            Matrix(rows: values.rows, columns: values.columns, values: values.values.map { 2 * $0 })
        }
    }

    private struct Setting {
        let probe: Probe
        var trainer: Trainer
        let tables: [ParameterID]
        let state: ParameterID
        let examples = Examples(queryKeys: [0, 1, 0, 0], candidateKeys: [0, 1, 1, 2])

        init(
            requiresDistinctRows: Bool,
            query: ParameterTraits = ParameterTraits(),
            candidate: ParameterTraits = ParameterTraits()
        ) {
            var random = RandomStream(seed: 3, stream: "context")
            var parameters = Parameters()
            tables = [
                parameters.add("query", random.matrix(2, 2), query),
                parameters.add("candidate", random.matrix(3, 2), candidate),
            ]
            state = parameters.add(
                "state", Matrix(rows: 1, columns: 1), ParameterTraits(isTrainable: false))
            probe = Probe(requiresDistinctRows: requiresDistinctRows, state: state)
            func tower(_ table: ParameterID, _ keys: Int32, _ layers: [any Layer]) -> FeatureTower {
                FeatureTower(
                    features: [IDEmbedding(indices: Array(0..<keys), table: table, dimension: 2)],
                    layers: layers)
            }
            trainer = Trainer(
                model: TwoTowerModel(
                    queryTower: tower(tables[0], 2, [probe]),
                    candidateTower: tower(tables[1], 3, []), parameters: parameters),
                task: RetrievalTask(), optimizer: Adagrad(learningRate: 0.1),
                keyCounts: KeyCounts(queries: 2, candidates: 3), seed: 5)
        }

        mutating func step() -> Trainer.StepResult {
            var metrics = trainer.task.makeMetricState()
            return trainer.step(examples, 0..<4, metrics: &metrics)
        }
    }

    @Test func aStepIsToldAndEvaluationIsNot() {
        var setting = Setting(requiresDistinctRows: false)
        _ = setting.step()
        _ = setting.step()
        var metrics = setting.trainer.task.makeMetricState()
        _ = setting.trainer.evaluateLoss(setting.examples, 0..<4, metrics: &metrics)
        let calls = setting.probe.calls.withLock { $0 }
        #expect(
            calls.map(\.step) == [
                TrainingStep(seed: 5, index: 0), TrainingStep(seed: 5, index: 1), nil,
            ])
        #expect(calls.map(\.multiplicities) == [[3, 1], [3, 1], [3, 1]])
        var (first, second) = (
            TrainingStep(seed: 5, index: 0).stream("a"), TrainingStep(seed: 5, index: 1).stream("a")
        )
        #expect(first.next() != second.next())
    }

    @Test func aTowerWhoseCopiesDifferEncodesEachInTrainingOnly() {
        var setting = Setting(requiresDistinctRows: true)
        #expect(setting.step().scoredRows == 4)
        var metrics = setting.trainer.task.makeMetricState()
        let evaluated = setting.trainer.evaluateLoss(setting.examples, 0..<4, metrics: &metrics)
        #expect(evaluated.scoredRows == 2)
        let calls = setting.probe.calls.withLock { $0 }
        #expect(calls.map(\.multiplicities) == [[1, 1, 1, 1], [3, 1]])
    }

    @Test func frozenParametersStayAndStatesAreSet() {
        var setting = Setting(
            requiresDistinctRows: false, query: ParameterTraits(isTrainable: false))
        let before = setting.trainer.model.parameters
        #expect(before.scalarCount == 6)
        _ = setting.step()
        let after = setting.trainer.model.parameters
        #expect(after[setting.tables[0]] == before[setting.tables[0]])
        #expect(after[setting.tables[1]] != before[setting.tables[1]])
        #expect(after[setting.state].values == [7])
    }

    @Test func penaltiesJoinTheGradientsAndStandBesideTheLoss() {
        var plain = Setting(requiresDistinctRows: false)
        var regularized = Setting(
            requiresDistinctRows: false, candidate: ParameterTraits(regularizer: SumOfSquares()))
        let table = plain.trainer.model.parameters[plain.tables[1]]
        let (a, b) = (plain.step(), regularized.step())
        #expect(a.loss == b.loss)
        #expect(a.regularizationLoss == 0.5)
        #expect(abs(b.regularizationLoss - 0.5 - SumOfSquares().loss(of: table)) < 1e-6)
        #expect(
            plain.trainer.model.parameters[plain.tables[1]]
                != regularized.trainer.model.parameters[plain.tables[1]])
    }
}
