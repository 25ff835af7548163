import Foundation
import Retrieval
import RetrievalTesting
import Testing

/// Initializers by what Keras documents of their distributions.
@Suite struct InitializerTests {
    private func values(_ name: String, rows: Int = 60, columns: Int = 40) throws -> Matrix {
        var stream = RandomStream(seed: 5, stream: name)
        return try #require(Catalog.builtIn.initializers[name]).make(FieldValues())
            .makeMatrix(rows: rows, columns: columns, stream: &stream)
    }

    private func deviation(_ matrix: Matrix) -> Double {
        let count = Double(matrix.values.count)
        return (matrix.values.reduce(0) { $0 + Double($1) * Double($1) } / count).squareRoot()
    }

    /// A name, the square of its standard deviation, and the bound as a multiple of that deviation.
    private static let spreads: [(String, Double, Double)] = [
        ("random_normal", 0.0025, Double.infinity),
        ("truncated_normal", 0.0025 * 0.8796 * 0.8796, 2 / 0.8796),
        ("random_uniform", 0.0025 / 3.0, 1.7321),
        ("glorot_uniform", 0.02, 1.7321),
        ("glorot_normal", 0.02, 2 / 0.8796),
        ("he_uniform", 2.0 / 60.0, 1.7321),
        ("he_normal", 2.0 / 60.0, 2 / 0.8796),
        ("lecun_uniform", 1.0 / 60.0, 1.7321),
        ("lecun_normal", 1.0 / 60.0, 2 / 0.8796),
        ("variance_scaling", 1.0 / 60.0, 2 / 0.8796),
    ]

    /// Of 60 x 40 numbers.
    @Test(arguments: spreads)
    func spread(name: String, variance: Double, bound: Double) throws {
        let deviation = variance.squareRoot()
        let bound = bound * deviation
        let matrix = try values(name)
        #expect(abs(self.deviation(matrix) / deviation - 1) < 0.05)
        #expect(matrix.values.allSatisfy { Double(abs($0)) <= bound * 1.0001 })
        #expect(abs(matrix.values.reduce(0, +) / 2400) < 0.1 * Float(deviation))
    }

    @Test(arguments: [(7, 4), (4, 7), (5, 5)])
    func orthogonalRowsOrColumns(rows: Int, columns: Int) throws {
        let matrix = try values("orthogonal", rows: rows, columns: columns)
        for a in 0..<min(rows, columns) {
            for b in 0..<min(rows, columns) {
                var dot: Float = 0
                for index in 0..<max(rows, columns) {
                    dot +=
                        rows >= columns
                        ? matrix[index, a] * matrix[index, b] : matrix[a, index] * matrix[b, index]
                }
                #expect(abs(dot - (a == b ? 1 : 0)) < 1e-5)
            }
        }
    }

    @Test func fixedNumbers() throws {
        #expect(try values("zeros").values.allSatisfy { $0 == 0 })
        #expect(try values("ones").values.allSatisfy { $0 == 1 })
        #expect(try values("identity", rows: 2, columns: 3).values == [1, 0, 0, 0, 1, 0])
    }

    @Test func penalties() {
        let values = Matrix(rows: 1, columns: 3, values: [-2, 0, 3])
        #expect(abs(L1L2(l1: 0.5, l2: 0.1).loss(of: values) - (0.5 * 5 + 0.1 * 13)) < 1e-6)
        let gradient = L1L2(l1: 0.5, l2: 0.1).gradient(of: values).values
        for (found, expected) in zip(gradient, [-0.9, 0, 1.1] as [Float]) {
            #expect(abs(found - expected) < 1e-6)
        }
    }

    /// Keras's `compute_fans` of a shape of one dimension: fan_in and fan_out are its length.
    @Test(arguments: ["glorot_uniform", "he_uniform", "lecun_uniform"])
    func vectorsHaveTheirLengthAsFans(name: String) throws {
        var stream = RandomStream(seed: 5, stream: name)
        let initializer = try #require(Catalog.builtIn.initializers[name]).make(FieldValues())
        let vector = initializer.makeVector(length: 4000, stream: &stream)
        #expect(vector.rows == 1 && vector.columns == 4000)
        let variance = (name == "he_uniform" ? 2.0 : 1.0) / 4000
        #expect(abs(deviation(vector) / variance.squareRoot() - 1) < 0.05)
    }

    /// A bias is a vector; the two of a GRU that resets after are a matrix of two rows.
    @Test(arguments: ["dense", "cross"])
    func biasesAreVectors(layer: String) throws {
        var values = try #require(
            Catalog.builtIn.layers[layer]
        ).description.fields.reduce(into: FieldValues()) { values, field in
            values[field.name] = field.defaultValue
        }
        values["units"] = layer == "dense" ? .integer(1000) : nil
        values["bias_initializer"] = .object(
            {
                var choice = FieldValues()
                choice["type"] = .string("lecun_uniform")
                return choice
            }())
        var builder = ModelBuilder(seed: 1)
        _ = try #require(Catalog.builtIn.layers[layer]).make(
            values, Catalog.builtIn.components
        ).prepare(
            LayerInput(dimension: 1000), path: "x", &builder)
        let parameters = builder.parameters
        let bias = try #require(
            parameters.ids.first {
                parameters.names[parameters.ids.firstIndex(of: $0)!].hasSuffix("bias")
            })
        let limit = (3 / 1000.0).squareRoot()
        #expect(parameters[bias].columns == 1000)
        #expect(parameters[bias].values.allSatisfy { abs(Double($0)) <= limit })
        #expect(parameters[bias].values.contains { abs(Double($0)) > limit / 2 })
    }
}
