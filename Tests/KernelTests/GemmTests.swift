import CKernels
import TestSupport
import Testing

extension Kernels {
    struct GemmTests {
        @Test(arguments: Level.supported)
        func everyOutputIsOneChainOfMultiplyAdds(_ level: Level) {
            var random = SeededGenerator(seed: 1)
            for _ in 0..<(Effort.isThorough ? 600 : 120) {
                let product = Product.random(&random)
                let (result, isIntact) = level.run { product.run() }
                #expect(isIntact, "\(product.shape) wrote outside C")
                #expect(bits(result) == bits(product.chain(at: level)), "\(product.shape)")
            }
        }

        @Test(arguments: Level.supported)
        func zerosAndInfinitiesAndNaNsPropagate(_ level: Level) {
            var random = SeededGenerator(seed: 2)
            for _ in 0..<20 {
                var product = Product.random(&random)
                product.a = random.wildFloats(product.a.count)
                product.b = random.wildFloats(product.b.count)
                let (result, isIntact) = level.run { product.run() }
                #expect(isIntact)
                #expect(bits(result) == bits(product.chain(at: level)), "\(product.shape)")
            }
        }

        @Test(arguments: Level.supported)
        func theResultIsNearTheExactOne(_ level: Level) {
            var random = SeededGenerator(seed: 3)
            var product = Product(m: 13, n: 37, k: 300, order: .across, isPacked: true)
            product.fill(&random)
            let (result, _) = level.run { product.run() }
            for i in 0..<13 {
                for j in 0..<37 {
                    let terms = (0..<300).map { p in
                        Double(product.a[product.aIndex(i, p)])
                            * Double(product.b[p * product.ldb + j])
                    }
                    let exact = terms.reduce(0, +)
                    let magnitude = terms.reduce(0) { $0 + abs($1) }
                    let value = Double(result[i * product.ldc + j])
                    #expect(abs(value - exact) <= 300 * 0x1p-24 * magnitude)
                }
            }
        }

        @Test(arguments: Level.supported)
        func rowsDoNotDependOnTheRowsBesideThem(_ level: Level) {
            var random = SeededGenerator(seed: 4)
            var whole = Product(m: 53, n: 70, k: 33, order: .across, isPacked: true)
            whole.fill(&random)
            let (together, _) = level.run { whole.run() }
            for height in [1, 2, 5, 12, 17, 52] {
                var rows: [Float] = []
                for start in stride(from: 0, to: 53, by: height) {
                    var part = whole
                    part.m = min(height, 53 - start)
                    part.a = Array(whole.a[whole.aIndex(start, 0)...])
                    part.c = Array(whole.c[(start * whole.ldc)...])
                    rows += level.run { part.run().0 }.prefix(part.m * part.ldc)
                }
                #expect(bits(rows) == bits(Array(together.prefix(rows.count))), "\(height)")
            }
        }

        @Test(arguments: Level.supported)
        func paddedColumnsAreZeroAndTheOthersAsEver(_ level: Level) {
            var random = SeededGenerator(seed: 6)
            for _ in 0..<(Effort.isThorough ? 600 : 120) {
                let n = random.element(
                    of: [1, 3, 5, 7, 8, 9, 16, 17, 20, 24, 25, 35, 40, 50, 56, 57, 64, 100])
                var product = Product(
                    m: random.element(of: [1, 2, 6, 7, 12, 13, 16, 31, 50, 59, 61, 97]), n: n,
                    k: random.element(of: [1, 2, 50, 130]),
                    order: random.element(of: Product.Order.allCases),
                    isPacked: random.below(2) == 0, padding: (16 - n % 16) % 16)
                product.mode = random.element(of: [TK_OVERWRITE, TK_ACCUMULATE, TK_BIAS])
                product.fill(&random)
                let expected = product.chain(at: level)
                let (result, isIntact) = level.run { product.padded.run() }
                #expect(isIntact, "\(product.shape) wrote outside C")
                for (index, value) in result.enumerated() {
                    let isPadding = index % product.ldc >= n
                    #expect(value == (isPadding ? 0 : expected[index]), "\(product.shape)")
                }
            }
        }

        @Test func packingPadsThePanels() {
            var random = SeededGenerator(seed: 5)
            for (n, k) in [(0, 5), (5, 0), (1, 1), (31, 3), (32, 4), (33, 9), (70, 6)] {
                let b = random.floats(n * k)
                let size = tk_packed_size(n, k)
                #expect(size == (n + 31) / 32 * 32 * k)
                let byRows = Guarded([Float](repeating: .nan, count: size), shift: 1)
                tk_pack(b, n, k, k, 1, byRows.pointer)
                let byIndex = Guarded([Float](repeating: .nan, count: size))
                tk_pack_rows(b, k, (0..<n).map { Int32(n - 1 - $0) }, n, k, byIndex.pointer)
                let byColumns = Guarded([Float](repeating: .nan, count: size))
                tk_pack(b, n, k, 1, n, byColumns.pointer)
                #expect(byRows.isIntact && byIndex.isIntact && byColumns.isIntact)
                for slot in 0..<size {
                    let panel = slot / (32 * max(k, 1))
                    let (p, j) = (slot / 32 % max(k, 1), panel * 32 + slot % 32)
                    #expect(byRows.values[slot] == (j < n ? b[j * k + p] : 0))
                    #expect(byIndex.values[slot] == (j < n ? b[(n - 1 - j) * k + p] : 0))
                    #expect(byColumns.values[slot] == (j < n ? b[p * n + j] : 0))
                }
            }
        }
    }
}
