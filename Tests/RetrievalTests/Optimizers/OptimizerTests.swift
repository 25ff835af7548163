import Foundation
import Retrieval
import RetrievalTesting
import Testing

struct OptimizerTests {
    /// Adagrad by its formula, in double precision: the gradient of an element is summed first,
    /// however often its row is named, then squared.
    private struct Reference {
        var weights: [[Double]]
        var accumulator: [[Double]]
        let rate: Double
        let epsilon: Double

        /// - Parameter isDense: whether every row has a gradient, be it 0.
        mutating func step(_ gradient: [[Double]]) {
            for row in weights.indices {
                for column in weights[row].indices {
                    let g = gradient[row][column]
                    accumulator[row][column] += g * g
                    weights[row][column] -= rate * g / sqrt(accumulator[row][column] + epsilon)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func adagrad(isSparse: Bool) {
        var random = RandomStream(seed: 1, stream: "optimizer")
        for round in 0..<40 {
            let (rows, columns) = (1 + random.below(9), 1 + random.below(20))
            let initial = random.matrix(rows, columns)
            let adagrad = Adagrad(
                learningRate: 0.3, initialAccumulatorValue: round % 2 == 0 ? 0.1 : 0,
                epsilon: round % 3 == 0 ? 1e-7 : 1e-2)
            var parameters = Parameters()
            let id = parameters.add("table", initial)
            var run = OptimizerRun(adagrad, for: parameters)
            let start = Double(adagrad.initialAccumulatorValue)
            var reference = Reference(
                weights: initial.doubles,
                accumulator: initial.doubles.map { $0.map { _ in start } },
                rate: Double(Float(0.3)), epsilon: Double(adagrad.epsilon))

            for _ in 0..<6 {
                var gradients = Gradients()
                var sums = initial.doubles.map { $0.map { _ in 0.0 } }
                // Two parts, as two features that share a table give.
                for _ in 0..<2 {
                    let gradient: Gradient
                    if isSparse {
                        let indices = (0..<random.below(12)).map { _ in Int32(random.below(rows)) }
                        let values = random.matrix(indices.count, columns)
                        for (index, value) in zip(indices, values.doubles) {
                            for column in 0..<columns { sums[Int(index)][column] += value[column] }
                        }
                        gradient = .sparse(indices: indices, rows: values)
                    } else {
                        let values = random.matrix(rows, columns)
                        for (row, value) in values.doubles.enumerated() {
                            for column in 0..<columns { sums[row][column] += value[column] }
                        }
                        gradient = .dense(values)
                    }
                    gradients.add(gradient, to: id)
                }
                run.apply(gradients, to: &parameters)
                reference.step(sums)
            }
            #expect(run.step == 6)
            #expect(deviation(parameters[id], reference.weights) < 1e-5, "round \(round)")
        }
    }

    /// A sparse part and a dense part of one parameter add up.
    @Test func mixedGradients() {
        let parts: [Gradient] = [
            .sparse(indices: [1, 1], rows: Matrix(rows: 2, columns: 1, values: [1, 2])),
            .dense(Matrix(rows: 2, columns: 1, values: [5, 7])),
        ]
        for order in [[0, 1], [1, 0]] {
            var parameters = Parameters()
            let id = parameters.add("p", Matrix(rows: 2, columns: 1, values: [0, 0]))
            var gradients = Gradients()
            for part in order { gradients.add(parts[part], to: id) }
            var run = OptimizerRun(
                Adagrad(learningRate: 1, initialAccumulatorValue: 0, epsilon: 0),
                for: parameters)
            run.apply(gradients, to: &parameters)
            // g / √(g²): the sign alone.
            #expect(parameters[id].values == [-1, -1])
            guard case .dense(let sum)? = gradients[id] else {
                Issue.record("a dense part makes the sum dense")
                return
            }
            #expect(sum.values == [5, 10])
        }
    }

    /// What has no gradient stays as it is, and so do rows that a sparse gradient does not name.
    @Test func untouched() {
        var parameters = Parameters()
        let a = parameters.add("a", Matrix(rows: 2, columns: 2, repeating: 1))
        let b = parameters.add("b", Matrix(rows: 2, columns: 2, repeating: 1))
        var run = OptimizerRun(Adagrad(learningRate: 1), for: parameters)
        var gradients = Gradients()
        gradients.add(
            .sparse(indices: [1], rows: Matrix(rows: 1, columns: 2, values: [1, 0])), to: a)
        run.apply(gradients, to: &parameters)
        #expect(parameters[a].row(0).elementsEqual([1, 1]))
        #expect(parameters[a][1, 0] < 1)
        #expect(parameters[a][1, 1] == 1)
        #expect(parameters[b] == Matrix(rows: 2, columns: 2, repeating: 1))
    }
}
