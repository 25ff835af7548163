import Retrieval
import RetrievalTesting
import Testing

/// Every feature of the catalogue that has parameters: their gradients by finite differences.
@Suite struct FeatureGradientTests {
    private struct Case: CustomTestStringConvertible {
        var name: String
        var values: Column
        var fields: [(String, FieldValue)] = []
        var embedding: [(String, FieldValue)] = []

        var testDescription: String { "\(name) \(fields) \(embedding)" }
    }

    private static let tokens = Column.tokens(TokenColumn(["a b", "b", "c a a", "", "b"]))
    private static let integers = Column.integers([3, 4, 3, 0, 86_400])
    private static let words = ("separator", FieldValue.string(" "))

    private static let cases: [Case] =
        [
            Case(name: "string_lookup", values: tokens),
            Case(name: "integer_lookup", values: integers),
            Case(name: "hashing", values: tokens, fields: [("num_bins", .integer(3))]),
            Case(
                name: "discretization", values: integers,
                fields: [("bin_boundaries", .list([.number(1), .number(3.5)]))]),
            Case(name: "text_vectorization", values: tokens),
            Case(
                name: "timestamp_part", values: integers,
                fields: [("part", .string("day_of_week"))]),
            Case(
                name: "unified_embedding", values: tokens,
                fields: [
                    ("table", .string("shared")), ("buckets_per_table", .integer(3)),
                    ("num_tables", .integer(2)), ("num_chunks", .integer(3)), words,
                ]),
            Case(
                name: "history", values: .tokens(TokenColumn(["a", "b", "c", "d", "a"])),
                fields: [
                    ("max_length", .integer(3)), ("order_by", .null),
                    ("encoder", .string("decayed_average")),
                ]),
        ]
        + ["mean", "sum", "sqrtn"].map {
            Case(
                name: "string_lookup", values: tokens, fields: [words],
                embedding: [("combiner", .string($0))])
        }

    /// What has no parameters.
    private static let fixed = ["normalization", "numeric"]

    @Test(arguments: cases)
    private func gradient(_ feature: Case) throws {
        var random = RandomStream(seed: 1, stream: "features")
        let (encoder, initial) = try make(feature)
        var parameters = initial
        for index in parameters.matrices.indices {
            let shape = parameters.matrices[index]
            parameters.matrices[index] = random.matrix(shape.rows, shape.columns)
        }
        // With copies: the rows of a table add up.
        let keys: [Int32] = [0, 1, 2, 3, 4, 2, 0]
        let weights = random.matrix(keys.count, encoder.outputDimension)
        func value(_ parameters: Parameters) -> Double {
            let outputs = encoder.encode(keys, parameters, .inference).embeddings
            return zip(outputs.values, weights.values).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
        }
        var gradients = Gradients(for: parameters)
        encoder.encode(keys, parameters, .inference).pullback(weights, &gradients)
        let step: Float = 0x1p-7
        for (number, id) in parameters.ids.enumerated() {
            var whole = Matrix(
                rows: parameters[id].rows, columns: parameters[id].columns)
            guard case .sparse(let indices, let rows)? = gradients[id] else {
                Issue.record("no gradient of \(parameters.names[number])")
                continue
            }
            for (row, index) in indices.enumerated() {
                for column in 0..<rows.columns { whole[Int(index), column] += rows[row, column] }
            }
            for place in whole.values.indices {
                var (up, down) = (parameters, parameters)
                up.matrices[number].values[place] += step
                down.matrices[number].values[place] -= step
                let difference = (value(up) - value(down)) / (2 * Double(step))
                #expect(
                    isClose(Double(whole.values[place]), difference, 4e-3),
                    "\(parameters.names[number]) \(place)")
            }
        }
    }

    private func make(_ feature: Case) throws -> (any FeatureEncoder, Parameters) {
        var values = FieldValues()
        values["column"] = .string("column")
        for (name, value) in feature.fields { values[name] = value }
        var embedding = FieldValues()
        embedding["output_dim"] = .integer(3)
        for (name, value) in feature.embedding { embedding[name] = value }
        values["embedding"] = .object(embedding)
        let keys: [Int32] = [0, 1, 2, 3, 4]
        let interactions = Table(
            name: "interactions",
            columns: ["user_id": .tokens(TokenColumn(["u", "u", "u", "u", "v"]))])
        var input = FeatureInput(values: feature.values, trainingKeys: keys)
        input.history = HistoryInput(
            lists: try Histories(
                of: interactions, query: "user_id", stepKeys: keys, orderBy: nil,
                split: DataSplit(train: keys, test: []), maximumLength: 3), evaluationKeys: [])
        var builder = ModelBuilder(seed: 0)
        let encoder = try #require(Catalog.builtIn.features[feature.name]).make(
            values, Catalog.builtIn.components
        )
        .prepare(input, path: "trial", &builder)
        return (encoder, builder.parameters)
    }

    @Test func everyFeatureOfTheCatalogueIsTried() {
        let tried = Set(Self.cases.map(\.name) + Self.fixed)
        #expect(Catalog.builtIn.names(of: .feature).filter { !tried.contains($0) } == [])
    }
}
