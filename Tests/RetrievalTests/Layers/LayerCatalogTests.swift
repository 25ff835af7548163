import Retrieval
import RetrievalTesting
import Testing

/// Every layer of the catalogue, under the options that change its arithmetic.
@Suite struct LayerCatalogTests {
    private struct Case {
        var name: String
        var fields: [(String, FieldValue)]
        var input = LayerInput(dimension: 6)
        var isTraining = true
        var multiplicities: [Float]?

        var values: FieldValues {
            var values = FieldValues()
            for (name, value) in fields { values[name] = value }
            return values
        }
    }

    private static let l2 = FieldValue.object(
        {
            var values = FieldValues()
            values["type"] = .string("l2")
            values["l2"] = .number(0.3)
            return values
        }())

    private static let inner = FieldValue.list(
        ["tanh", "softsign"].map { activation in
            var values = FieldValues()
            values["type"] = .string("dense")
            values["units"] = .integer(6)
            values["activation"] = .string(activation)
            return .object(values)
        })

    private static let threeParts = LayerInput(parts: [2, 2, 2])

    private static let cases: [Case] =
        [
            Case(name: "dense", fields: [("units", .integer(4))]),
            Case(
                name: "dense",
                fields: [
                    ("units", .integer(3)), ("use_bias", .boolean(false)),
                    ("activation", .string("tanh")),
                ]),
            Case(
                name: "dense", fields: [("units", .integer(4)), ("activity_regularizer", l2)],
                multiplicities: [1, 2, 1, 3, 1]),
            Case(
                name: "mlp",
                fields: [
                    ("units", .list([.integer(5), .integer(3)])), ("activation", .string("swish")),
                    ("final_activation", .string("tanh")),
                ]),
            Case(name: "activation", fields: [("activation", .string("tanh"))]),
            Case(name: "activation", fields: [("activation", .string("softmax"))]),
            Case(name: "dropout", fields: [("rate", .number(0.4))]),
            Case(name: "layer_normalization", fields: []),
            Case(
                name: "layer_normalization",
                fields: [("center", .boolean(false)), ("scale", .boolean(false))]),
            Case(name: "batch_normalization", fields: [], multiplicities: [1, 2, 1, 3, 1]),
            Case(name: "batch_normalization", fields: [], isTraining: false),
            Case(name: "unit_normalization", fields: []),
            Case(name: "cross", fields: []),
            Case(
                name: "cross",
                fields: [
                    ("num_layers", .integer(2)), ("projection_dim", .integer(2)),
                    ("diag_scale", .number(0.5)), ("preactivation", .string("tanh")),
                ]),
            Case(name: "multi_layer_dcn", fields: [("projection_dim", .integer(2))]),
            Case(
                name: "dot_interaction", fields: [], input: threeParts),
            Case(
                name: "dot_interaction",
                fields: [("self_interaction", .boolean(true)), ("skip_gather", .boolean(true))],
                input: threeParts),
            // One feature has its square.
            Case(
                name: "dot_interaction", fields: [("self_interaction", .boolean(true))],
                input: LayerInput(parts: [4])),
            Case(name: "residual", fields: [("layers", inner)]),
            Case(name: "multi_head", fields: [("heads", .integer(3)), ("units", .integer(2))]),
            Case(
                name: "multi_head",
                fields: [
                    ("heads", .integer(2)), ("units", .integer(4)), ("activation", .string("tanh")),
                    ("use_bias", .boolean(false)),
                ]),
        ]

    @Test(arguments: cases.indices)
    func gradientsCopiesAndThreads(index: Int) throws {
        let layerCase = Self.cases[index]
        let entry = try #require(Catalog.builtIn.layers[layerCase.name])
        let findings = try checkLayer(
            entry.make(layerCase.values, Catalog.builtIn.components), input: layerCase.input,
            isTraining: layerCase.isTraining, multiplicities: layerCase.multiplicities)
        #expect(findings == [], "\(layerCase.name) \(layerCase.fields)")
    }

    @Test func everyLayerOfTheCatalogueIsTried() {
        let tried = Set(Self.cases.map(\.name))
        #expect(Catalog.builtIn.names(of: .layer).filter { !tried.contains($0) } == [])
    }
}
