import Retrieval
import RetrievalTesting
import Testing

/// Every sequence encoder of the catalogue, differentiated with and without padding.
@Suite struct SequenceEncoderTests {
    /// Fields that change the arithmetic, by encoder.
    private static let cases: [(name: String, fields: [(String, FieldValue)])] = [
        ("average", []),
        ("decayed_average", [("decay", .number(0.5))]),
        ("gru", [("units", .integer(3))]),
        ("gru", [("units", .integer(3)), ("reset_after", .boolean(false))]),
        ("gru", [("units", .integer(2)), ("use_bias", .boolean(false))]),
        ("lstm", [("units", .integer(3))]),
        ("self_attention", [("blocks", .integer(2)), ("heads", .integer(2))]),
        ("self_attention", [("blocks", .integer(1)), ("dropout", .number(0.3))]),
    ]

    private static let length = 3
    private static let dimension = 4
    /// Right padding, left padding, a hole, and nothing but padding.
    private static let mask = [
        true, true, true, true, false, false, false, true, true, true, false, true, false, false,
        false,
    ]

    private struct Trial {
        var encoder: any SequenceEncoder
        var parameters: Parameters
        var vectors: Matrix
        var mask: [Bool]?
        var context = EncodingContext(step: TrainingStep(seed: 1, index: 0))

        func value(_ weights: Matrix) -> Double {
            let outputs = output.outputs
            return zip(outputs.values, weights.values).reduce(0) { $0 + Double($1.0 * $1.1) }
        }

        var output: LayerOutput {
            encoder.encode(
                SequenceBatch(vectors: vectors, length: SequenceEncoderTests.length, mask: mask),
                parameters, context)
        }
    }

    private func trial(_ index: Int, _ random: inout RandomStream) throws -> Trial {
        let (name, fields) = Self.cases[index]
        var values = FieldValues()
        for (key, value) in fields { values[key] = value }
        var builder = ModelBuilder(seed: 1)
        let encoder = try #require(Catalog.builtIn.sequenceEncoders[name]).make(
            values, Catalog.builtIn.components
        ).prepare(
            dimension: Self.dimension, length: Self.length, path: "trial", &builder)
        var parameters = builder.parameters
        for index in parameters.matrices.indices {
            let shape = parameters.matrices[index]
            parameters.matrices[index] = random.matrix(shape.rows, shape.columns, scale: 0.8)
        }
        return Trial(
            encoder: encoder, parameters: parameters,
            vectors: random.matrix(5 * Self.length, Self.dimension))
    }

    @Test(arguments: cases.indices, [false, true])
    func gradients(index: Int, masked: Bool) throws {
        var random = RandomStream(seed: 2, stream: "sequences", index: index)
        var trial = try trial(index, &random)
        trial.mask = masked ? Self.mask : nil
        let output = trial.output
        #expect(output.outputs.columns == trial.encoder.outputDimension)
        #expect(output.outputs.values.allSatisfy { $0.isFinite })
        let weights = random.matrix(5, trial.encoder.outputDimension)
        var gradients = Gradients(for: trial.parameters)
        let ofVectors = output.pullback(weights, &gradients)
        let step: Float = 0x1p-7
        func compare(_ gradient: Float, _ what: String, _ moved: (Float) -> Trial) {
            let difference =
                (moved(step).value(weights) - moved(-step).value(weights)) / (2 * Double(step))
            #expect(
                isClose(Double(gradient), difference, 6e-3),
                "\(Self.cases[index]), \(what): \(gradient), difference \(difference)")
        }
        for place in trial.vectors.values.indices {
            compare(ofVectors.values[place], "vector \(place)") {
                var moved = trial
                moved.vectors.values[place] += $0
                return moved
            }
        }
        for (number, id) in trial.parameters.ids.enumerated() {
            guard case .dense(let gradient)? = gradients[id] else {
                Issue.record("no gradient of \(trial.parameters.names[number])")
                continue
            }
            for place in gradient.values.indices {
                compare(gradient.values[place], "\(trial.parameters.names[number]) \(place)") {
                    var moved = trial
                    moved.parameters.matrices[number].values[place] += $0
                    return moved
                }
            }
        }
    }

    /// What padding holds does not matter, and an empty sequence is zeros.
    @Test(arguments: cases.indices)
    func paddingCountsForNothing(index: Int) throws {
        var random = RandomStream(seed: 3, stream: "sequences", index: index)
        var trial = try trial(index, &random)
        trial.mask = Self.mask
        let before = trial.output.outputs
        for (row, isStep) in Self.mask.enumerated() where !isStep {
            for column in 0..<Self.dimension { trial.vectors[row, column] += 5 }
        }
        #expect(trial.output.outputs == before)
        #expect(before.row(4).allSatisfy { $0 == 0 })
        trial.context.lanes = Lanes(threads: 3)
        #expect(trial.output.outputs == before)
    }

    @Test func aDecayedAverageWeighsTheLastMost() throws {
        let batch = SequenceBatch(
            vectors: Matrix(rows: 3, columns: 1, values: [1, 2, 9]), length: 3,
            mask: [true, true, false])
        let output = AverageEncoder(dimension: 1, decay: 0.5).encode(
            batch, Parameters(), .inference)
        #expect(abs(output.outputs.values[0] - (0.5 * 1 + 1 * 2) / 1.5) < 1e-6)
    }

    @Test func everyEncoderOfTheCatalogueIsTried() {
        let tried = Set(Self.cases.map(\.name))
        #expect(Catalog.builtIn.names(of: .sequenceEncoder).filter { !tried.contains($0) } == [])
    }
}
