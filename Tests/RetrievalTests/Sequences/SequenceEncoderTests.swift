import CKernels
import Retrieval
import RetrievalTesting
import Testing

/// Every sequence encoder of the catalogue over ragged sequences that are read at several places.
@Suite struct SequenceEncoderTests {
    /// Fields that change the arithmetic, by encoder.
    private static let cases: [(name: String, fields: [(String, FieldValue)])] = [
        ("average", []),
        ("decayed_average", [("decay", .number(0.5))]),
        ("gru", [("units", .integer(3))]),
        ("gru", [("units", .integer(3)), ("reset_after", .boolean(false))]),
        ("gru", [("units", .integer(2)), ("use_bias", .boolean(false))]),
        ("gru", [("units", .integer(17))]),
        ("gru", [("units", .integer(3)), ("activation", .string("relu"))]),
        ("lstm", [("units", .integer(3))]),
        ("lstm", [("units", .integer(2)), ("use_bias", .boolean(false))]),
        ("lstm", [("units", .integer(3)), ("recurrent_activation", .string("softplus"))]),
        ("self_attention", [("blocks", .integer(2)), ("heads", .integer(2))]),
        ("self_attention", [("blocks", .integer(1)), ("positions", .string("none"))]),
        ("self_attention", [("blocks", .integer(2)), ("dropout", .number(0.3))]),
    ]

    /// Those whose plain version the tests have: dropout and other activations are not in it.
    private static let plainCases = cases.indices.filter { index in
        !cases[index].fields.contains { $0.0.contains("activation") || $0.0 == "dropout" }
    }

    private static let dimension = 4

    /// Encoders, sequences and places at random.
    private struct Trial {
        var encoder: any SequenceEncoder
        var plain: PlainEncoder
        var parameters: Parameters
        var batch: SequenceBatch
        var context = EncodingContext(step: TrainingStep(seed: 1, index: 0))

        init(
            _ index: Int, _ random: inout RandomStream, lengths: [Int],
            dimension: Int = SequenceEncoderTests.dimension
        ) throws {
            let (name, fields) = SequenceEncoderTests.cases[index]
            let entry = try #require(Catalog.builtIn.sequenceEncoders[name])
            var values = FieldValues()
            for (key, value) in fields { values[key] = value }
            let length = (lengths.max() ?? 0) + 2
            var builder = ModelBuilder(seed: 1)
            encoder = try entry.make(values, Catalog.builtIn.components).prepare(
                dimension: dimension, length: length, path: "trial", &builder)
            parameters = builder.parameters
            for index in parameters.matrices.indices {
                let shape = parameters.matrices[index]
                parameters.matrices[index] = random.matrix(shape.rows, shape.columns, scale: 0.8)
            }
            var plainFields = FieldValues()
            for (key, value) in fields { plainFields[key] = value }
            if plainFields["blocks"] == nil { plainFields["blocks"] = .integer(2) }
            plain = PlainEncoder(
                name: name, fields: plainFields,
                parameters: Dictionary(
                    uniqueKeysWithValues: zip(parameters.names, parameters.matrices).map {
                        (
                            String($0.dropFirst("trial/".count)),
                            (0..<$1.rows).map { [matrix = $1] row in
                                matrix.row(row).map(Double.init)
                            }
                        )
                    }), parameterCount: dimension)
            var offsets = [0]
            for length in lengths { offsets.append(offsets[offsets.count - 1] + length) }
            // The whole of each sequence, some of its beginnings, one of them twice, and nothing.
            var places = [SequenceBatch.Place(sequence: 0, length: 0)]
            for (sequence, length) in lengths.enumerated() {
                func add(_ length: Int) {
                    places.append(.init(sequence: Int32(sequence), length: Int32(length)))
                }
                add(length)
                for _ in 0..<2 { add(random.below(length + 1)) }
            }
            places.append(places[1])
            batch = SequenceBatch(
                vectors: random.matrix(offsets[offsets.count - 1], dimension), offsets: offsets,
                places: places, firstPositions: lengths.map { _ in Int32(random.below(3)) })
        }

        var output: LayerOutput { encoder.encode(batch, parameters, context) }

        func value(_ weights: Matrix) -> Double {
            zip(output.outputs.values, weights.values).reduce(0) { $0 + Double($1.0 * $1.1) }
        }

        /// The first steps of each place, and where they stand.
        func sequences() -> [(steps: Range<Int>, position: Int)] {
            batch.places.map { place in
                let start = batch.offsets[Int(place.sequence)]
                return (
                    start..<start + Int(place.length),
                    Int(batch.firstPositions?[Int(place.sequence)] ?? 0)
                )
            }
        }
    }

    /// Against the plain version, each place for itself.
    @Test(arguments: plainCases)
    func everyPlaceIsWhatItsStepsMakeOfIt(index: Int) throws {
        var random = RandomStream(seed: 7, stream: "plain encoders", index: index)
        for (lengths, dimension) in [([3, 1, 5], 4), ([0, 2], 16), ([40, 1, 13, 0, 26], 18)] {
            let trial = try Trial(index, &random, lengths: lengths, dimension: dimension)
            let outputs = trial.output.outputs
            for (place, read) in trial.sequences().enumerated() {
                let expected = trial.plain(
                    read.steps.map { trial.batch.vectors.row($0).map(Double.init) },
                    firstPosition: read.position)
                for (found, expected) in zip(outputs.row(place), expected) {
                    #expect(
                        isClose(Double(found), expected, 1e-4),
                        "\(Self.cases[index]), place \(place): \(found), plain \(expected)")
                }
            }
        }
    }

    @Test(arguments: cases.indices, [true, false])
    func gradients(index: Int, isTraining: Bool) throws {
        var random = RandomStream(seed: 2, stream: "sequences", index: index)
        var trial = try Trial(index, &random, lengths: [3, 0, 1, 14])
        // Who goes back without having trained computes once more.
        if !isTraining { trial.context.step = nil }
        let output = trial.output
        #expect(output.outputs.columns == trial.encoder.outputDimension)
        #expect(output.outputs.values.allSatisfy { $0.isFinite })
        let weights = random.matrix(trial.batch.places.count, trial.encoder.outputDimension)
        var gradients = Gradients(for: trial.parameters)
        let ofVectors = output.pullback(weights, &gradients)
        // A long step may meet a kink of relu, a short one drowns in rounding.
        let steps: [Float] = [0x1p-7, 0x1p-9, 0x1p-11]
        func compare(_ gradient: Float, _ what: String, _ moved: (Float) -> Trial) {
            let differences = steps.map {
                (moved($0).value(weights) - moved(-$0).value(weights)) / (2 * Double($0))
            }
            #expect(
                differences.contains { isClose(Double(gradient), $0, 1e-2) },
                "\(Self.cases[index]), \(what): \(gradient), differences \(differences)")
        }
        for place in stride(from: 0, to: trial.batch.vectors.values.count, by: 3) {
            compare(ofVectors.values[place], "vector \(place)") {
                var moved = trial
                moved.batch.vectors.values[place] += $0
                return moved
            }
        }
        for (number, id) in trial.parameters.ids.enumerated() {
            guard case .dense(let gradient)? = gradients[id] else {
                Issue.record("no gradient of \(trial.parameters.names[number])")
                continue
            }
            for place in stride(from: 0, to: gradient.values.count, by: 5) {
                compare(gradient.values[place], "\(trial.parameters.names[number]) \(place)") {
                    var moved = trial
                    moved.parameters.matrices[number].values[place] += $0
                    return moved
                }
            }
        }
    }

    /// Outputs and all gradients.
    private func bits(_ trial: Trial, _ weights: Matrix) -> [[UInt32]] {
        let output = trial.output
        var gradients = Gradients(for: trial.parameters)
        var matrices = [output.outputs, output.pullback(weights, &gradients)]
        for id in trial.parameters.ids {
            if case .dense(let gradient)? = gradients[id] { matrices.append(gradient) }
        }
        return matrices.map { $0.values.map(\.bitPattern) }
    }

    /// Neither threads nor the width of vectors show in any bit.
    @Test(arguments: cases.indices)
    func threadsAndLevelsLeaveTheBitsAlone(index: Int) throws {
        var random = RandomStream(seed: 3, stream: "sequences", index: index)
        var trial = try Trial(
            index, &random, lengths: (0..<60).map { $0 * 7 % 31 } + [130], dimension: 18)
        let weights = random.matrix(trial.batch.places.count, trial.encoder.outputDimension)
        defer { _ = tk_isa_request_on_thread(nil) }
        var found: [[[UInt32]]] = []
        for level in [TK_ISA_AVX2, TK_ISA_AVX512] where tk_isa_supported(level) {
            #expect(tk_isa_request_on_thread(tk_isa_name(level)) == TK_ISA_OK.rawValue)
            found.append(bits(trial, weights))
        }
        _ = tk_isa_request_on_thread(nil)
        for threads in [1, 2, 3] {
            trial.context.lanes = Lanes(threads: threads)
            found.append(bits(trial, weights))
        }
        #expect(found.allSatisfy { $0 == found[0] }, "\(Self.cases[index])")
    }

    /// With dropout or without, a sequence is encoded alike whichever others stand beside it.
    @Test(arguments: cases.indices)
    func neighboursDoNotMatter(index: Int) throws {
        var random = RandomStream(seed: 4, stream: "sequences", index: index)
        let trial = try Trial(index, &random, lengths: [9, 3, 30, 4, 12, 8], dimension: 18)
        let all = trial.batch
        let whole = all.vectors
        for sequence in 0..<all.count {
            var alone = trial
            let steps = all.offsets[sequence]..<all.offsets[sequence + 1]
            let places = all.places.indices.filter { all.places[$0].sequence == sequence }
            alone.batch = SequenceBatch(
                vectors: Matrix(
                    rows: steps.count, columns: 18,
                    values: steps.flatMap { Array(whole.row($0)) }), offsets: [0, steps.count],
                places: places.map { .init(sequence: 0, length: all.places[$0].length) },
                firstPositions: all.firstPositions.map { [$0[sequence]] },
                identities: [UInt64(sequence)])
            let (one, among) = (alone.output.outputs, trial.output.outputs)
            for (row, place) in places.enumerated() {
                #expect(one.row(row) == among.row(place), "\(Self.cases[index]), \(sequence)")
            }
        }
    }

    /// No bit of what the first steps make depends on how many follow.
    @Test(arguments: cases.indices)
    func laterStepsDoNotMatter(index: Int) throws {
        var random = RandomStream(seed: 9, stream: "sequences", index: index)
        var trial = try Trial(index, &random, lengths: [70], dimension: 18)
        let whole = trial.batch
        trial.batch = SequenceBatch(
            vectors: whole.vectors, offsets: whole.offsets,
            places: (1...70).map { .init(sequence: 0, length: $0) },
            firstPositions: whole.firstPositions)
        let outputs = trial.output.outputs
        for length in [1, 2, 7, 8, 9, 16, 17, 33, 64] {
            var shorter = trial
            shorter.batch = SequenceBatch(
                vectors: Matrix(
                    rows: length, columns: 18, values: Array(whole.vectors.values[..<(length * 18)])
                ), offsets: [0, length],
                places: [.init(sequence: 0, length: Int32(length))],
                firstPositions: whole.firstPositions)
            #expect(
                shorter.output.outputs.row(0) == outputs.row(length - 1),
                "\(Self.cases[index]), \(length) steps")
        }
    }

    /// What is dropped depends on the step of training, the sequence, the place and the unit.
    @Test func dropoutDropsItsShare() throws {
        var random = RandomStream(seed: 5, stream: "sequences")
        let index = Self.cases.count - 1
        var trial = try Trial(index, &random, lengths: [9, 9])
        let first = trial.output.outputs
        #expect(trial.output.outputs == first)
        trial.context.step?.index = 1
        #expect(trial.output.outputs != first)
        trial.context.step = nil
        let inference = trial.output.outputs
        #expect(trial.output.outputs == inference)
        // Means over many steps come near to what inference computes without dropping.
        var dropped = 0
        let (rows, columns, rate) = (300, 64, UInt32(0x1p32 * 0.3))
        var site = tk_dropout(site: 17, threshold: rate, scale: 1 / 0.7)
        let ones = [Float](repeating: 1, count: rows * columns)
        var result = ones
        tk_drop_rows(&result, ones, rows, columns, &site, (0..<rows).map(UInt64.init), false)
        for value in result { if value == 0 { dropped += 1 } else { #expect(value == 1 / 0.7) } }
        #expect(abs(Double(dropped) / Double(rows * columns) - 0.3) < 0.01)
        for column in 0..<columns {
            let share = (0..<rows).count { result[$0 * columns + column] == 0 }
            #expect(abs(Double(share) / Double(rows) - 0.3) < 0.12)
        }
    }

    /// The cells' own kernels and the general way are one encoder.
    @Test(arguments: [true, false], [true, false])
    func recurrentKernelsAreTheCells(isGRU: Bool, flag: Bool) throws {
        var random = RandomStream(seed: 6, stream: "sequences")
        let lengths = [4, 1, 9, 0, 9]
        let index = isGRU ? (flag ? 2 : 3) : 7
        var trial = try Trial(index, &random, lengths: lengths)
        let ids = trial.parameters.ids
        let weights = random.matrix(trial.batch.places.count, 3)
        let found = bits(trial, weights)
        trial.encoder =
            isGRU
            ? Recurrence(
                GRUCell(
                    units: 3, resetAfter: flag, kernel: ids[0], recurrentKernel: ids[1],
                    bias: ids[2]))
            : Recurrence(
                LSTMCell(units: 3, kernel: ids[0], recurrentKernel: ids[1], bias: ids[2]))
        for (found, expected) in zip(found, bits(trial, weights)) {
            for (found, expected) in zip(found, expected) {
                let (a, b) = (Float(bitPattern: found), Float(bitPattern: expected))
                #expect(isClose(Double(a), Double(b), 1e-5))
            }
        }
    }

    /// Of sequences without steps zeros are made, and nothing goes back.
    @Test(arguments: cases.indices, [[], [0], [0, 0]])
    func nothingComesOfNothing(index: Int, lengths: [Int]) throws {
        var random = RandomStream(seed: 8, stream: "sequences")
        var trial = try Trial(index, &random, lengths: [1])
        trial.batch = SequenceBatch(
            vectors: Matrix(rows: 0, columns: Self.dimension), offsets: [0] + lengths,
            places: [.init(sequence: 0, length: 0)])
        let output = trial.output
        #expect(output.outputs.values == [Float](repeating: 0, count: output.outputs.columns))
        var gradients = Gradients(for: trial.parameters)
        let ofVectors = output.pullback(
            Matrix(rows: 1, columns: output.outputs.columns, repeating: 1), &gradients)
        #expect(ofVectors.rows == 0)
        for id in trial.parameters.ids {
            guard case .dense(let gradient)? = gradients[id] else { continue }
            #expect(gradient.values.allSatisfy { $0 == 0 })
        }
    }

    @Test func aDecayedAverageWeighsTheLastMost() throws {
        let batch = SequenceBatch(
            vectors: Matrix(rows: 2, columns: 1, values: [1, 2]), offsets: [0, 2],
            places: [.init(sequence: 0, length: 2)])
        let output = AverageEncoder(dimension: 1, decay: 0.5).encode(
            batch, Parameters(), .inference)
        #expect(abs(output.outputs.values[0] - (0.5 * 1 + 1 * 2) / 1.5) < 1e-6)
    }

    @Test func everyEncoderOfTheCatalogueIsTried() {
        let tried = Set(Self.cases.map(\.name))
        #expect(Catalog.builtIn.names(of: .sequenceEncoder).filter { !tried.contains($0) } == [])
    }
}
