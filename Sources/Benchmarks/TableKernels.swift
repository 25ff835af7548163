import CKernels
import Retrieval

extension BenchmarkCase {
    /// Embedding look-up, its gradient and the optimizer's update: `columns` rows of a table ten
    /// times as long.
    static let tableKernels: [BenchmarkCase] = [
        BenchmarkCase("table/gather", .kernel, Shape(1, 4096, 64)) { shape, random, _ in
            let table = Table(shape, &random)
            let rows = Floats(table.rows.values)
            func run() {
                tk_gather_rows(
                    &rows.values, table.width, table.values.values, table.width, table.width,
                    table.indices, table.indices.count)
            }
            return Work(flops: 0, bytes: 8 * table.touched, items: shape.columns, run: run) {
                run()
                let expected = table.indices.flatMap { table.row($0) }
                return Work.Outcome(found: rows.values, expected: expected, tolerance: 0)
            }
        },
        BenchmarkCase("table/scatter_add", .kernel, Shape(1, 4096, 64)) { shape, random, _ in
            let table = Table(shape, &random)
            let start = table.values.values
            func run() {
                tk_scatter_add_rows(
                    &table.values.values, table.width, table.rows.values, table.width,
                    table.width, table.indices, table.indices.count)
            }
            return Work(
                flops: table.touched, bytes: 12 * table.touched, items: shape.columns, run: run
            ) {
                table.values.values = start
                run()
                var expected = start.map(Double.init)
                table.visit { slot, source in
                    expected[slot] += Double(table.rows.values[source])
                }
                return Work.Outcome(
                    found: table.values.values, expected: expected, tolerance: 1e-6)
            }
        },
        BenchmarkCase("table/segment_sum", .kernel, Shape(1, 4096, 64)) { shape, random, _ in
            // As many rows as groups, so some groups have none.
            let table = Table(shape, &random)
            let groups = (0..<shape.columns).map { _ in Int32(random.below(shape.columns)) }
            let (offsets, members) = Table.segments(groups, count: shape.columns)
            let sums = Floats(table.rows.values)
            func run() {
                tk_segment_sum_rows(
                    &sums.values, table.width, table.rows.values, table.width, table.width,
                    members, offsets, shape.columns, false)
            }
            return Work(
                flops: table.touched, bytes: 8 * table.touched, items: shape.columns, run: run
            ) {
                run()
                var expected = [Double](repeating: 0, count: sums.values.count)
                for (row, group) in groups.enumerated() {
                    for column in 0..<table.width {
                        expected[Int(group) * table.width + column] += Double(
                            table.rows.values[row * table.width + column])
                    }
                }
                return Work.Outcome(found: sums.values, expected: expected, tolerance: 1e-6)
            }
        },
        BenchmarkCase("table/adagrad", .kernel, Shape(1, 4096, 64)) { shape, random, _ in
            let table = Table(shape, &random)
            let start = table.values.values
            let sums = Floats([Float](repeating: 0.1, count: start.count))
            func run() {
                tk_adagrad_rows(
                    &table.values.values, &sums.values, table.width, table.width, table.indices,
                    table.rows.values, table.width, table.indices.count, 0.1, 1e-7)
            }
            return Work(
                flops: 6 * table.touched, bytes: 20 * table.touched, items: shape.columns,
                run: run
            ) {
                table.values.values = start
                sums.values = sums.values.map { _ in 0.1 }
                run()
                var expected = start.map(Double.init)
                table.visit { slot, source in
                    let g = Double(table.rows.values[source])
                    expected[slot] -= 0.1 * g / (0.1 + g * g + 1e-7).squareRoot()
                }
                return Work.Outcome(
                    found: table.values.values, expected: expected, tolerance: 1e-5)
            }
        },
    ]
}

/// A table, distinct rows of it in random order, and one more row for each of them.
private struct Table {
    let width: Int
    let values: Floats
    let rows: Floats
    let indices: [Int32]

    init(_ shape: Shape, _ random: inout RandomStream) {
        width = shape.depth
        values = Floats.random(10 * shape.columns * width, &random)
        rows = Floats.random(shape.columns * width, &random)
        indices = Array(random.permutation(10 * shape.columns).prefix(shape.columns))
    }

    /// Numbers that one pass touches in the table.
    var touched: Double { Double(rows.values.count) }

    /// Where each group's rows start, and the rows of one group after the other.
    static func segments(
        _ groupOf: [Int32], count: Int
    ) -> (offsets: [Int32], members: [Int32]) {
        var members: [Int32] = []
        let offsets = (0...count).map { group -> Int32 in
            defer {
                members += groupOf.indices.filter { groupOf[$0] == group }.map { Int32($0) }
            }
            return Int32(members.count)
        }
        return (offsets, members)
    }

    func row(_ index: Int32) -> [Double] {
        values.values[(Int(index) * width)..<((Int(index) + 1) * width)].map(Double.init)
    }

    func visit(_ body: (_ slot: Int, _ source: Int) -> Void) {
        for (position, index) in indices.enumerated() {
            for column in 0..<width { body(Int(index) * width + column, position * width + column) }
        }
    }
}
