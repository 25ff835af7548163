import Retrieval
import RetrievalTesting
import Testing

/// What holds of every optimizer of the catalogue, whatever its rule.
struct OptimizerConformanceTests {
    private static let names = Catalog.builtIn.names(of: .optimizer)

    /// Settings under which each rule does all that it can.
    static let settings: [(name: String, values: FieldValues)] = names.flatMap { name in
        let options: [(String, FieldValue)] = [
            ("momentum", .number(0.9)), ("centered", .boolean(true)), ("amsgrad", .boolean(true)),
            ("nesterov", .boolean(true)), ("l1_regularization_strength", .number(0.01)),
            ("weight_decay", .number(0.01)),
        ]
        let own = Catalog.builtIn.descriptions(of: .optimizer).first { $0.name == name }
        var all = FieldValues()
        for (option, value) in options
        where own?.fields.contains(where: { $0.name == option }) == true { all[option] = value }
        return [(name, FieldValues()), (name, all)]
    }

    @Test(arguments: settings.indices) func everyOptimizerOfTheCatalogue(setting: Int) throws {
        let (name, values) = Self.settings[setting]
        var optimizer = try Catalog.builtIn.make(
            .optimizer, ComponentChoice(name: name, values: values))
        optimizer.options.learningRate = 0.05
        #expect(checkOptimizer(optimizer) == [], "\(name) \(values)")
    }
}
