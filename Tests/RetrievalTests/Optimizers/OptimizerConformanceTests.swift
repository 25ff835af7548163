import Retrieval
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

    private func optimizer(_ setting: Int, lazy: Bool = false) throws -> any Optimizer {
        let (name, values) = Self.settings[setting]
        var optimizer = try Catalog.builtIn.make(
            .optimizer, ComponentChoice(name: name, values: values))
        optimizer.options.learningRate = 0.05
        optimizer.options.isLazy = lazy
        return optimizer
    }

    private struct Training {
        var parameters = Parameters()
        var run: OptimizerRun
        let table: ParameterID

        init(_ optimizer: any Optimizer, rows: Int, columns: Int) {
            var random = RandomStream(seed: 1, stream: "conformance")
            table = parameters.add("table", random.matrix(rows, columns))
            run = OptimizerRun(optimizer, for: parameters)
        }

        mutating func step(_ gradient: Gradient, lanes: Lanes = Lanes(threads: 1)) {
            var gradients = Gradients()
            gradients.add(gradient, to: table)
            run.apply(gradients, to: &parameters, lanes: lanes)
        }

        var bits: [UInt32] { parameters[table].values.map(\.bitPattern) }
    }

    /// Gradients of a few of the rows, some named twice; the last row never has one.
    private func gradients(rows: Int, columns: Int, steps: Int = 8) -> [Gradient] {
        var random = RandomStream(seed: 2, stream: "conformance")
        return (0..<steps).map { step in
            let indices = (0..<5).map { _ in Int32(random.below(rows - 1)) }
            return .sparse(indices: indices, rows: random.matrix(5, columns))
        }
    }

    private func densified(_ gradient: Gradient, rows: Int) -> Gradient {
        guard case .sparse(let indices, let values) = gradient else { return gradient }
        var sum = Matrix(rows: rows, columns: values.columns)
        for (position, index) in indices.enumerated() {
            for column in 0..<values.columns {
                sum[Int(index), column] += values[position, column]
            }
        }
        return .dense(sum)
    }

    /// Rows without a gradient are treated as if it were 0, to the last bit.
    @Test(arguments: settings.indices) func sparseIsDense(setting: Int) throws {
        for columns in [1, 3, 16, 21] {
            var sparse = Training(try optimizer(setting), rows: 9, columns: columns)
            var dense = Training(try optimizer(setting), rows: 9, columns: columns)
            for gradient in gradients(rows: 9, columns: columns) {
                sparse.step(gradient)
                dense.step(densified(gradient, rows: 9))
            }
            #expect(
                sparse.parameters[sparse.table].values == dense.parameters[dense.table].values,
                "\(Self.settings[setting].name), \(columns) columns")
        }
    }

    @Test(arguments: settings.indices) func lazyLeavesOtherRowsAlone(setting: Int) throws {
        var training = Training(try optimizer(setting, lazy: true), rows: 9, columns: 5)
        for gradient in gradients(rows: 9, columns: 5) {
            guard case .sparse(let indices, _) = gradient else { continue }
            let before = training.parameters[training.table]
            training.step(gradient)
            let after = training.parameters[training.table]
            for row in 0..<9 {
                #expect((before.row(row) == after.row(row)) == !indices.contains(Int32(row)))
            }
        }
    }

    /// A copy goes on as if the other had never been.
    @Test(arguments: settings.indices) func stateIsAValue(setting: Int) throws {
        let all = gradients(rows: 9, columns: 6)
        var first = Training(try optimizer(setting), rows: 9, columns: 6)
        for gradient in all.prefix(4) { first.step(gradient) }
        var second = first
        for gradient in all.suffix(4) { first.step(gradient) }
        second.step(all[0])
        var third = Training(try optimizer(setting), rows: 9, columns: 6)
        for gradient in all { third.step(gradient) }
        #expect(first.bits == third.bits)
        #expect(second.bits != third.bits)
    }

    @Test(arguments: settings.indices) func threadsDoNotShow(setting: Int) throws {
        // Large enough to be cut.
        let (rows, columns) = (1200, 64)
        var one = Training(try optimizer(setting), rows: rows, columns: columns)
        var three = Training(try optimizer(setting), rows: rows, columns: columns)
        for gradient in gradients(rows: rows, columns: columns, steps: 2) {
            for gradient in [gradient, densified(gradient, rows: rows)] {
                one.step(gradient)
                three.step(gradient, lanes: Lanes(threads: 3))
            }
        }
        #expect(one.bits == three.bits)
    }

    /// Steps lead downhill: Σ w²/2, whose gradient is w.
    @Test(arguments: settings.indices) func stepsLeadDownhill(setting: Int) throws {
        var training = Training(try optimizer(setting), rows: 4, columns: 4)
        let start = training.parameters[training.table].values.reduce(0) { $0 + $1 * $1 }
        for _ in 0..<20 { training.step(.dense(training.parameters[training.table])) }
        let end = training.parameters[training.table].values.reduce(0) { $0 + $1 * $1 }
        #expect(end < start)
    }
}
