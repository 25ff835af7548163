import CKernels
import TestSupport

extension KernelCase {
    /// Kernels of `CKernelsSequences.h`, over rows whose padding is 0.
    static let sequences = [
        KernelCase(name: "attention") { attention(dropout: nil) },
        KernelCase(name: "attention, dropout") {
            attention(dropout: tk_dropout(site: 7, threshold: 1 << 30, scale: 1 / 0.75))
        },
        KernelCase(name: "normalization of rows") {
            var random = SeededGenerator(seed: 61)
            let (rows, n, ld) = (5, 37, 48)
            let x = padded(random.floats(rows * n), n: n, ld: ld)
            let (gamma, beta) = (
                padded(random.floats(n), n: n, ld: ld), padded(random.floats(n), n: n, ld: ld)
            )
            var normalized = [Float](repeating: 9, count: rows * ld)
            var (y, scales) = (normalized, [Float](repeating: 0, count: rows))
            tk_normalize_rows(x, ld, n, rows, 1e-6, &normalized, &scales)
            tk_scale_rows(normalized, ld, rows, gamma, beta, &y)
            var (ofX, ofGamma, ofBeta) = (x, gamma, beta)
            var (ofY, added) = (y, y)
            tk_scale_rows_gradient(&ofY, normalized, ld, rows, gamma, &ofGamma, &ofBeta)
            tk_normalize_rows_gradient(ofY, normalized, scales, ld, n, rows, &ofX, false)
            tk_normalize_rows_gradient(ofY, normalized, scales, ld, n, rows, &added, true)
            return normalized + scales + y + ofY + ofX + added + ofGamma + ofBeta
        },
        KernelCase(name: "gains within kernels") {
            var random = SeededGenerator(seed: 65)
            let (rows, columns) = (7, 37)
            let (kernel, bias) = (random.floats(rows * columns), random.floats(columns))
            let (gamma, beta) = (random.floats(rows), random.floats(rows))
            var (folded, foldedBias) = (kernel, bias)
            tk_fold_gains(kernel, rows, columns, gamma, beta, &folded, &foldedBias)
            var (ofKernel, ofGamma, ofBeta) = (random.floats(rows * columns), gamma, beta)
            tk_unfold_gains_gradient(
                kernel, rows, columns, gamma, beta, &ofKernel, bias, &ofGamma, &ofBeta)
            return folded + foldedBias + ofKernel + ofGamma + ofBeta
        },
        KernelCase(name: "rows in and out") {
            var random = SeededGenerator(seed: 62)
            let (rows, n, ld) = (6, 21, 32)
            let (vectors, table) = (
                random.floats(rows * n), padded(random.floats(4 * n), n: n, ld: ld)
            )
            var placed = [Float](repeating: 0, count: rows * ld)
            tk_place_rows(&placed, ld, vectors, n, n, rows, 1.3, table, [0, 1, 2, 3, 0, 1])
            var dropout = tk_dropout(site: 3, threshold: 1 << 31, scale: 2)
            let ids: [UInt64] = [1, 2, 3, 4, 5, 6]
            var sum = placed
            tk_drop_rows(&sum, placed, rows, ld, &dropout, ids, true)
            tk_relu(&sum, sum.count)
            var slopes = placed
            tk_relu_gradient(&slopes, sum, sum.count, 2)
            var (taken, total) = (vectors, [Float](repeating: 1, count: ld))
            tk_take_rows(&taken, n, sum, ld, n, rows, 0.7)
            tk_add_rows(&total, sum, ld, rows)
            return placed + sum + slopes + taken + total
        },
        KernelCase(name: "recurrent gates") {
            var random = SeededGenerator(seed: 63)
            let n = 48
            var values = (0..<13).map { _ in random.floats(n, scale: 3) }
            var results = (0..<6).map { _ in [Float](repeating: 0, count: n) }
            withPointers(&values) { v in
                withPointers(&results) { r in
                    var gru = tk_gru(
                        n: n, z: v[0], r: v[1], candidate: v[2], of_z: v[3], of_r: v[4],
                        of_candidate: v[5], state: v[6])
                    var to = tk_gru_gradients(
                        z: r[0], r: r[1], candidate: r[2], of_candidate: r[3])
                    tk_gru_step(&gru, r[4])
                    tk_gru_step_gradient(&gru, r[4], &to)
                    tk_gru_reset(&gru, r[5])
                    tk_gru_mix(&gru, v[7])
                    tk_gru_mix_gradient(&gru, v[7], &to)
                    tk_gru_reset_gradient(&gru, v[7], &to)
                }
            }
            return values.flatMap { $0 } + results.flatMap { $0 }
        },
        KernelCase(name: "memory gates") {
            var random = SeededGenerator(seed: 64)
            let n = 48
            var values = (0..<13).map { _ in random.floats(n, scale: 3) }
            withPointers(&values) { v in
                var lstm = tk_lstm(
                    n: n, gates: (v[0], v[1], v[2], v[3]),
                    of_gates: (
                        UnsafePointer(v[4]), UnsafePointer(v[5]), UnsafePointer(v[6]),
                        UnsafePointer(v[7])
                    ), memory: v[8], next_memory: v[9], squashed: v[10])
                tk_lstm_step(&lstm, v[11])
                let gradients: [UnsafeMutablePointer<Float>?] = [v[4], v[5], v[6], v[7]]
                tk_lstm_step_gradient(&lstm, v[11], v[12], gradients)
            }
            return values.flatMap { $0 }
        },
    ]

    private static func padded(_ rows: [Float], n: Int, ld: Int) -> [Float] {
        var result: [Float] = []
        let padding = [Float](repeating: 0, count: ld - n)
        for start in stride(from: 0, to: rows.count, by: n) {
            result += rows[start..<start + n]
            result += padding
        }
        return result
    }

    private static func withPointers(
        _ arrays: inout [[Float]], _ body: ([UnsafeMutablePointer<Float>]) -> Void
    ) {
        let pointers = arrays.map { values in
            let pointer = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
            pointer.initialize(from: values, count: values.count)
            return pointer
        }
        body(pointers)
        for (index, pointer) in pointers.enumerated() {
            arrays[index] = Array(UnsafeBufferPointer(start: pointer, count: arrays[index].count))
            pointer.deallocate()
        }
    }

    /// Outputs and gradients of one head over sequences of several lengths.
    private static func attention(dropout: tk_dropout?) -> [Float] {
        let shapes = [(1, 18), (5, 50), (8, 3), (16, 16), (29, 70)]
        return shapes.flatMap { attention(steps: $0, n: $1, dropout) }
    }

    private static func attention(steps: Int, n: Int, _ dropout: tk_dropout?) -> [Float] {
        var random = SeededGenerator(seed: 60)
        let ld = (n + 15) / 16 * 16
        let ldw = steps <= 8 ? 8 : (steps + 15) / 16 * 16
        var inputs = (0..<4).map { _ in padded(random.floats(steps * n), n: n, ld: ld) }
        var results = (0..<4).map { _ in [Float](repeating: 0, count: steps * ld) }
        var weights = (0..<3).map { _ in
            [Float](repeating: .nan, count: (steps * ldw + 15) / 16 * 16)
        }
        let ids = (0..<steps).map(UInt64.init)
        withPointers(&inputs) { i in
            withPointers(&results) { r in
                withPointers(&weights) { w in
                    var dropped = dropout ?? tk_dropout()
                    ids.withUnsafeBufferPointer { ids in
                        withUnsafePointer(to: &dropped) { pointer in
                            var call = tk_attention(
                                steps: steps, width: n, ld: ld, ldw: ldw, scale: 0.24,
                                queries: i[0], keys: i[1], values: i[2], weights: w[0],
                                dropout: dropout == nil ? nil : pointer, ids: ids.baseAddress,
                                dropped: w[1], slopes: w[2])
                            tk_attend(&call, r[0])
                            tk_attend_gradient(&call, i[3], r[1], r[2], r[3])
                        }
                    }
                }
            }
        }
        return results.flatMap { $0 }
    }
}
