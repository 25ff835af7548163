import CKernels
import Platform

extension BenchmarkCase {
    /// What is done to rows of scores.
    static let rowKernels: [BenchmarkCase] = [
        BenchmarkCase("row/softmax", .kernel, Shape(1, 4096, 1)) { shape, random, _ in
            let n = shape.columns
            let start = Floats.random(n, &random)
            let row = Floats(start.values)
            func run() {
                var maximum: Float = 0
                let sum = tk_exp_max_sum(&row.values, n, nil, &maximum)
                tk_scale(&row.values, n, 1 / sum)
            }
            // One exponential is 13 operations.
            return Work(flops: 15 * Double(n), bytes: 8 * Double(n), run: run) {
                row.values = start.values
                run()
                let maximum = start.doubles.max() ?? 0
                let powers = start.doubles.map { exp($0 - maximum) }
                let sum = powers.reduce(0, +)
                return Work.Outcome(
                    found: row.values, expected: powers.map { $0 / sum }, tolerance: 1e-6)
            }
        },
        map("row/exp", scale: 40, { tk_exp($0, $1, $2) }, exp),
        map("row/log", scale: 1, { tk_log($0, $1, $2) }, log),
        map("row/tanh", scale: 4, { tk_tanh($0, $1, $2) }, tanh),
        map("row/sigmoid", scale: 20, { tk_sigmoid($0, $1, $2) }, { 1 / (1 + exp(-$0)) }),
        BenchmarkCase("row/count_greater", .kernel, Shape(1, 100_000, 1)) { shape, random, _ in
            let n = shape.columns
            let row = Floats.random(n, &random)
            let counts = Floats([0, 0])
            func run() {
                var (greater, equal): (UInt32, UInt32) = (0, 0)
                tk_count_greater(row.values, n, 0.25, &greater, &equal, nil)
                counts.values = [Float(greater), Float(equal)]
            }
            return Work(flops: 2 * Double(n), bytes: 4 * Double(n), run: run) {
                run()
                let greater = row.values.count { $0 > 0.25 }
                let equal = row.values.count { $0 == 0.25 }
                return Work.Outcome(
                    found: counts.values, expected: [Double(greater), Double(equal)],
                    tolerance: 0)
            }
        },
        BenchmarkCase("row/sum_partials", .kernel, Shape(8, 64 * 4096, 1)) { shape, random, _ in
            let (count, n) = (shape.rows, shape.columns)
            let partials = Floats.random(count * n, &random)
            let sums = Floats([Float](repeating: 0, count: n))
            func run() { tk_sum_partials(&sums.values, partials.values, count, n, n) }
            return Work(
                flops: Double(count * n), bytes: 4 * Double(count * n + n), run: run
            ) {
                run()
                let expected = (0..<n).map { j in
                    (0..<count).reduce(0.0) { $0 + Double(partials.values[$1 * n + j]) }
                }
                return Work.Outcome(found: sums.values, expected: expected, tolerance: 1e-5)
            }
        },
    ]

    private static func map(
        _ name: String, scale: Float,
        _ kernel:
            @escaping @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) ->
            Void,
        _ plain: @escaping @Sendable (Double) -> Double
    ) -> BenchmarkCase {
        BenchmarkCase(name, .kernel, Shape(1, 4096, 1)) { shape, random, _ in
            let n = shape.columns
            let inputs = Floats.random(n, &random)
            inputs.values = inputs.values.map { $0 * scale }
            let outputs = Floats(inputs.values)
            func run() { kernel(&outputs.values, inputs.values, n) }
            return Work(flops: 13 * Double(n), bytes: 8 * Double(n), run: run) {
                run()
                return Work.Outcome(
                    found: outputs.values, expected: inputs.doubles.map(plain), tolerance: 1e-6)
            }
        }
    }
}
