import CKernels
import TestSupport

/// A kernel on fixed inputs. What it returns must have the same bits at every fused level.
struct KernelCase: Sendable {
    let name: String
    let run: @Sendable () -> [Float]

    /// One case for every function of the header that computes.
    static let all: [KernelCase] =
        products + reductions + updates + sequences
        + Function.all.map { function in
            KernelCase(name: function.name) {
                var random = SeededGenerator(seed: 50)
                return function(random.floats(333, scale: 100) + random.wildFloats(20))
            }
        }

    private static let products: [KernelCase] = [true, false].flatMap { isPacked in
        Product.Order.allCases.map { order in
            KernelCase(name: "gemm, packed: \(isPacked), \(order)") {
                var random = SeededGenerator(seed: 51)
                return [TK_OVERWRITE, TK_ACCUMULATE, TK_BIAS].flatMap { mode in
                    var product = Product(
                        m: 27, n: 85, k: 140, order: order, isPacked: isPacked, padding: 1)
                    product.mode = mode
                    product.fill(&random)
                    return product.run().0
                }
            }
        }
    }

    private static let reductions = [
        KernelCase(name: "max, sum, dot, argmax, count") {
            var random = SeededGenerator(seed: 52)
            return [500, 77, 3].flatMap { n in
                let (a, b) = (random.floats(n), random.floats(n))
                var counts: (UInt32, UInt32, UInt32) = (0, 0, 0)
                tk_count_greater(a, n, 0.3, &counts.0, &counts.1, &counts.2)
                return [
                    tk_max(a, n), tk_sum(a, n), tk_dot(a, b, n), Float(tk_argmax(a, n)),
                    Float(counts.0), Float(counts.1), Float(counts.2),
                ]
            }
        },
        KernelCase(name: "exp_shift_sum") {
            var random = SeededGenerator(seed: 53)
            return [nil, random.floats(300)].flatMap { counts in
                var row = random.floats(300, scale: 60)
                return [tk_exp_shift_sum(&row, 300, 20, counts)] + row
            }
        },
        KernelCase(name: "rows of losses") {
            var random = SeededGenerator(seed: 58)
            var results: [Float] = []
            for counts in [nil, [Float](repeating: 3, count: 300)] {
                let odds = random.floats(300).map(abs)
                var (slopes, passed, row) = (random.floats(300), odds, random.floats(300))
                var softplus = row
                var slope: Float = 0
                results.append(
                    tk_pair_logistic(odds, counts, &slopes, 300, 256, 5, 0.5, &slope))
                results.append(slope)
                results.append(
                    tk_pair_hinge(odds, counts, &slopes, 300, 0.3, 0.5, 0.5, &slope))
                results.append(slope)
                results.append(tk_scaled_dot(odds, counts, 300, 0.7))
                results.append(tk_max_below(odds, 300, 0.5))
                results.append(tk_clipped_logs(odds, counts, 300, 0.1, 0.9, &passed))
                tk_softplus_sigmoid(&softplus, &row, 300)
                for values in [slopes, passed, softplus, row] { results += values }
            }
            return results
        },
    ]

    private static let updates = [
        KernelCase(name: "scale, axpy, affine, sum_partials") {
            var random = SeededGenerator(seed: 54)
            var row = random.floats(101)
            let (x, partials) = (random.floats(101), random.floats(808))
            tk_scale(&row, 101, 1.7)
            tk_axpy(&row, x, 0.3, 101)
            tk_affine(&row, 101, 0.07, x)
            var sums = row
            tk_sum_partials(&sums, partials, 8, 101, 101)
            return row + sums
        },
        KernelCase(name: "sum_lanes") {
            var random = SeededGenerator(seed: 59)
            let lanes = random.floats(8 * 103)
            return (0...8).flatMap { count in
                var sums = [Float](repeating: 0, count: 101)
                tk_sum_lanes(&sums, lanes, count, 103, 101)
                return sums
            }
        },
        KernelCase(name: "gather, scatter, sgd, adagrad") {
            var random = SeededGenerator(seed: 55)
            var (table, rows) = (random.floats(20 * 37), random.floats(6 * 37))
            var accumulators = [Float](repeating: 0.1, count: table.count)
            let (repeated, distinct): ([Int32], [Int32]) = (
                [3, 4, 3, 3, 19, 0], [9, 1, 19, 2, 0, 5]
            )
            tk_scatter_add_rows(&table, 37, rows, 37, 37, repeated, 6)
            tk_sgd_rows(&table, 37, 37, distinct, rows, 37, 6, 0.3)
            tk_adagrad_rows(&table, &accumulators, 37, 37, distinct, rows, 37, 6, 0.1, 1e-7)
            tk_gather_rows(&rows, 37, table, 37, 37, repeated, 6)
            return table + accumulators + rows
        },
        KernelCase(name: "optimizers") {
            var random = SeededGenerator(seed: 57)
            var results: [Float] = []
            for n in [77, 16, 5] {
                var (w, a, b, c) = (
                    random.floats(n), random.floats(n).map(abs), random.floats(n).map(abs),
                    random.floats(n).map(abs)
                )
                let gradients = random.floats(n)
                gradients.withUnsafeBufferPointer { buffer in
                    for g in [buffer.baseAddress, nil] {
                        tk_weight_decay(&w, n, 0.01, 0.1)
                        tk_momentum(&w, &a, g, n, 0.1, 0.9, g == nil)
                        tk_adam(&w, &a, &b, &c, g, n, 0.1, 0.1, 0.01, 1e-7)
                        tk_adamax(&w, &a, &b, g, n, 0.1, 0.3, 0.1, 0.99, 1e-7)
                        tk_rmsprop(&w, &b, &a, nil, g, n, 0.1, 0.9, 0.1, 0.9, 1e-3)
                        tk_adadelta(&w, &b, &c, g, n, 0.1, 0.9, 0.1, 1e-7)
                        var nadam = tk_nadam_rates(
                            lr: 0.1, eps: 1e-7, rate_1: 0.1, rate_2: 0.01, momentum_next: 0.6,
                            bias_next: 0.7, gradient_share: 0.4, bias: 0.5, bias_2: 0.3)
                        tk_nadam(&w, &a, &b, g, n, &nadam)
                        var ftrl = tk_ftrl_rates(
                            lr: 0.1, l1: 0.01, twice_l2: 0.1, twice_shrinkage: 0.1, power: 0.7)
                        tk_ftrl(&w, &c, &a, g, n, &ftrl)
                    }
                    var clippy = tk_clippy_rates(
                        lr: 0.1, eps: 1e-7, variable_relative: 0.1, accumulator_relative: 0.1,
                        absolute: 1e-3, standard: n == 5)
                    let factor = tk_clippy_scale(w, b, buffer.baseAddress, n, &clippy)
                    tk_clippy(&w, &b, buffer.baseAddress, n, factor, 0.5, &clippy)
                    results.append(factor)
                }
                results += w + a + b + c
            }
            return results
        },
        KernelCase(name: "steps without a gradient") {
            var random = SeededGenerator(seed: 60)
            let alphas: [Float] = random.floats(30).map { 0.01 + 0.005 * abs($0) }
            var results: [Float] = []
            for n in [77, 50, 16, 5] {
                // Some move by next to nothing, and come to rest.
                let moments: Float = n == 50 ? 1e-12 : 1
                var (w, m, v, largest) = (
                    random.floats(n), random.floats(n).map { $0 * moments },
                    random.floats(n).map(abs), random.floats(n).map(abs)
                )
                tk_adam_idle(&w, &m, &v, nil, n, alphas, 30, 0.1, 0.01, 1e-7)
                tk_adam_idle(&w, &m, &v, &largest, n, alphas, 3, 0.1, 0.2, 1e-7)
                results += w + m + v + largest
            }
            return results
        },
        KernelCase(name: "sincos") {
            var random = SeededGenerator(seed: 56)
            let inputs = random.floats(100, scale: 1000)
            var (sine, cosine) = (inputs, inputs)
            tk_sincos(&sine, &cosine, inputs, 100)
            return sine + cosine
        },
    ]
}
