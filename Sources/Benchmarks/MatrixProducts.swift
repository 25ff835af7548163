import CKernels

extension BenchmarkCase {
    /// The three products of a training step, on one tile of it, and that of a dense layer.
    static let matrixProducts: [BenchmarkCase] = [
        BenchmarkCase("gemm/scores", .kernel, Shape(48, 4096, 64)) { shape, random, _ in
            let (m, n, k) = (shape.rows, shape.columns, shape.depth)
            let (a, b) = (Floats.random(m * k, &random), Floats.random(n * k, &random))
            let c = Floats([Float](repeating: 0, count: m * (n + 16)))
            let packed = Floats([Float](repeating: 0, count: tk_packed_size(n, k)))
            tk_pack(b.values, n, k, k, 1, &packed.values)
            func run() {
                tk_gemm_packed(
                    m, n, k, a.values, k, 1, packed.values, &c.values, n + 16, TK_OVERWRITE, nil)
            }
            return Work.product(m, n, k, run) {
                run()
                let found = (0..<m).flatMap { c.values[($0 * (n + 16))..<($0 * (n + 16) + n)] }
                return (
                    found,
                    Plain.product(m, n, k, { a.values[$0 * k + $1] }) {
                        b.values[$1 * k + $0]
                    }
                )
            }
        },
        BenchmarkCase("gemm/query_gradient", .kernel, Shape(48, 64, 4096)) { shape, random, _ in
            let (m, n, k) = (shape.rows, shape.columns, shape.depth)
            let stride = k + 16
            let (a, b) = (Floats.random(m * stride, &random), Floats.random(k * n, &random))
            let c = Floats([Float](repeating: 0, count: m * n))
            let packed = Floats([Float](repeating: 0, count: tk_packed_size(n, k)))
            tk_pack(b.values, n, k, 1, n, &packed.values)
            func run() {
                tk_gemm_packed(
                    m, n, k, a.values, stride, 1, packed.values, &c.values, n, TK_OVERWRITE, nil)
            }
            return Work.product(m, n, k, run) {
                run()
                return (
                    c.values,
                    Plain.product(m, n, k, { a.values[$0 * stride + $1] }) {
                        b.values[$0 * n + $1]
                    }
                )
            }
        },
        BenchmarkCase("gemm/candidate_gradient", .kernel, Shape(4096, 64, 48)) {
            shape, random, _ in
            let (m, n, k) = (shape.rows, shape.columns, shape.depth)
            let stride = m + 16
            let (a, b) = (Floats.random(k * stride, &random), Floats.random(k * n, &random))
            let c = Floats([Float](repeating: 0, count: m * n))
            func run() {
                tk_gemm_rowmajor_b(
                    m, n, k, a.values, 1, stride, b.values, n, &c.values, n, TK_ACCUMULATE, nil)
            }
            return Work.product(m, n, k, run) {
                run()
                return (
                    c.values,
                    Plain.product(m, n, k, { a.values[$1 * stride + $0] }) {
                        b.values[$0 * n + $1]
                    }
                )
            }
        },
        BenchmarkCase("gemm/dense_layer", .kernel, Shape(2048, 64, 65)) { shape, random, _ in
            let (m, n, k) = (shape.rows, shape.columns, shape.depth)
            let (a, b) = (Floats.random(m * k, &random), Floats.random(k * n, &random))
            let bias = Floats.random(n, &random)
            let c = Floats([Float](repeating: 0, count: m * n))
            func run() {
                tk_gemm_rowmajor_b(
                    m, n, k, a.values, k, 1, b.values, n, &c.values, n, TK_BIAS, bias.values)
            }
            return Work.product(m, n, k, run) {
                run()
                let product = Plain.product(m, n, k, { a.values[$0 * k + $1] }) {
                    b.values[$0 * n + $1]
                }
                let expected = product.indices.map { product[$0] + Double(bias.values[$0 % n]) }
                return (c.values, expected)
            }
        },
    ]
}

extension Work {
    /// A product of an m×k and a k×n matrix.
    fileprivate static func product(
        _ m: Int, _ n: Int, _ k: Int, _ run: @escaping () -> Void,
        _ check: @escaping () -> ([Float], [Double])
    ) -> Work {
        Work(
            flops: 2 * Double(m) * Double(n) * Double(k),
            bytes: 4 * Double(m * k + k * n + m * n), run: run
        ) {
            let (found, expected) = check()
            return Outcome(found: found, expected: expected, tolerance: 1e-5)
        }
    }
}

/// The plain versions, in double precision.
enum Plain {
    static func product(
        _ m: Int, _ n: Int, _ k: Int, _ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float
    ) -> [Double] {
        (0..<m).flatMap { i in
            (0..<n).map { j in
                (0..<k).reduce(0.0) { $0 + Double(a(i, $1)) * Double(b($1, j)) }
            }
        }
    }
}
