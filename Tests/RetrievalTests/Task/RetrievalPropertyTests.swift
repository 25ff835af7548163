import Retrieval
import RetrievalTesting
import Testing

/// What must hold of the task whatever its numbers are.
@Suite struct RetrievalPropertyTests {
    private struct Call {
        var queries: Matrix
        var candidates: Matrix
        var options = RetrievalCallOptions<Int>()

        func run(_ task: RetrievalTask = RetrievalTask()) throws -> RetrievalOutput {
            try task(queryEmbeddings: queries, candidateEmbeddings: candidates, options: options)
        }
    }

    private func random(_ seed: UInt64, queries: Int = 9, extra: Int = 4, dimension: Int = 5)
        -> Call
    {
        var stream = RandomStream(seed: seed, stream: "properties")
        func matrix(_ rows: Int) -> Matrix {
            Matrix(
                rows: rows, columns: dimension,
                values: (0..<rows * dimension).map { _ in stream.uniformFloat(in: -1..<1) })
        }
        return Call(queries: matrix(queries), candidates: matrix(queries + extra))
    }

    private func rows(_ matrix: Matrix, _ order: [Int]) -> Matrix {
        Matrix(
            rows: order.count, columns: matrix.columns, values: order.flatMap { matrix.row($0) })
    }

    private func isClose(_ a: Matrix, _ b: Matrix, _ tolerance: Float = 1e-5) -> Bool {
        a.rows == b.rows
            && zip(a.values, b.values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func permutingPairsPermutesGradients(seed: UInt64) throws {
        let call = random(seed)
        var stream = RandomStream(seed: seed, stream: "order")
        let pairs = stream.permutation(9).map(Int.init)
        let extras = stream.permutation(4).map { 9 + Int($0) }
        var permuted = call
        permuted.queries = rows(call.queries, pairs)
        permuted.candidates = rows(call.candidates, pairs + extras)
        let (before, after) = (try call.run(), try permuted.run())
        #expect(abs(before.loss - after.loss) < 1e-4)
        #expect(isClose(after.queryGradient, rows(before.queryGradient, pairs)))
        #expect(isClose(after.candidateGradient, rows(before.candidateGradient, pairs + extras)))
    }

    /// The columns stay the same: the repeated query has the first query's positive as its own,
    /// which stands in the batch once more as a candidate that the mask hides from all others.
    @Test func repeatingARowIsDoublingItsWeight() throws {
        let call = random(7, extra: 0)
        var doubled = call
        doubled.options.sampleWeight = [2] + [Float](repeating: 1, count: 8)
        var repeated = call
        repeated.queries = rows(call.queries, Array(0..<9) + [0])
        repeated.candidates = rows(call.candidates, Array(0..<9) + [0])
        // Row 9 sees its own copy and not the first; all others see the first and not the copy.
        repeated.options.scoreMask = (0..<10).flatMap { row in
            (0..<10).map { column in row == 9 ? column != 0 : column != 9 }
        }
        let (a, b) = (try doubled.run(), try repeated.run())
        #expect(abs(a.loss - b.loss) < 1e-4)
        #expect(isClose(sumOfRows(a.queryGradient), sumOfRows(b.queryGradient), 1e-4))
        #expect(isClose(sumOfRows(a.candidateGradient), sumOfRows(b.candidateGradient), 1e-4))
    }

    private func sumOfRows(_ matrix: Matrix) -> Matrix {
        var sum = Matrix(rows: 1, columns: matrix.columns)
        for row in 0..<matrix.rows {
            for (column, value) in matrix.row(row).enumerated() { sum[0, column] += value }
        }
        return sum
    }

    @Test func temperatureScalesScores() throws {
        let call = random(3)
        var scaled = call
        scaled.queries.values = call.queries.values.map { $0 / 0.25 }
        let cooled = try call.run(RetrievalTask(temperature: 0.25))
        let plain = try scaled.run()
        #expect(abs(cooled.loss - plain.loss) < 1e-4)
        var chained = plain.queryGradient
        chained.values = chained.values.map { $0 / 0.25 }
        #expect(isClose(cooled.queryGradient, chained, 1e-4))
        #expect(isClose(cooled.candidateGradient, plain.candidateGradient, 1e-4))
    }

    @Test func aMaskOfAllButThePositiveLeavesNoLoss() throws {
        var call = random(4)
        call.options.scoreMask = (0..<9).flatMap { row in (0..<13).map { $0 == row } }
        let output = try call.run()
        #expect(output.loss == 0)
        #expect(output.queryGradient.values.allSatisfy { $0 == 0 })
    }

    @Test func aContrastiveLossIsIndifferentToLength() throws {
        let call = random(5)
        var longer = call
        longer.queries.values = call.queries.values.map { 3 * $0 }
        let task = RetrievalTask(loss: InfoNCE(temperature: 0.2))
        let (a, b) = (try call.run(task), try longer.run(task))
        #expect(abs(a.loss - b.loss) < 1e-4)
        // The gradient of a function of the direction alone is at right angles to the vector.
        for row in 0..<9 {
            let product = zip(call.queries.row(row), a.queryGradient.row(row)).reduce(0) {
                $0 + $1.0 * $1.1
            }
            #expect(abs(product) < 1e-4)
        }
        #expect(isClose(sumOfRows(a.queryGradient), scaled(sumOfRows(b.queryGradient), 3), 1e-4))
    }

    private func scaled(_ matrix: Matrix, _ factor: Float) -> Matrix {
        Matrix(
            rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { $0 * factor })
    }
}
