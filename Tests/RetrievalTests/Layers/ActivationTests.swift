import Retrieval
import RetrievalTesting
import Testing

/// Every activation function, differentiated away from its corners.
@Suite struct ActivationTests {
    /// Both sides of 0, of 6 and of ±2.5, where functions have corners.
    private static let inputs: [Float] = [-4.2, -2.2, -1.1, -0.3, 0.2, 0.9, 2.3, 3.4, 5.7, 6.4]

    @Test(arguments: ActivationFunction.allCases)
    func gradient(function: ActivationFunction) throws {
        var fields = FieldValues()
        fields["activation"] = function.fieldValue
        var builder = ModelBuilder(seed: 0)
        let layer = try #require(Catalog.builtIn.layers["activation"]).make(fields).prepare(
            LayerInput(dimension: 5), path: "trial", &builder)
        var random = RandomStream(seed: 1, stream: "activation")
        let weights = random.matrix(2, 5)
        func value(_ inputs: [Float]) -> Double {
            let outputs = layer.apply(
                Matrix(rows: 2, columns: 5, values: inputs), Parameters(), .inference
            ).outputs
            return zip(outputs.values, weights.values).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
        }
        var gradients = Gradients()
        let gradient = layer.apply(
            Matrix(rows: 2, columns: 5, values: Self.inputs), Parameters(), .inference
        ).pullback(weights, &gradients)
        let step: Float = 0x1p-7
        for index in Self.inputs.indices {
            var (up, down) = (Self.inputs, Self.inputs)
            up[index] += step
            down[index] -= step
            let difference = (value(up) - value(down)) / Double(up[index] - down[index])
            #expect(
                isClose(Double(gradient.values[index]), difference, 4e-3),
                "\(function) at \(Self.inputs[index])")
        }
    }
}
