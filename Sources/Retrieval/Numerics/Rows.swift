/// Look-up of rows, such as those of an embedding table, and its gradient.
package enum Rows {
    /// Rows `indices` of `table`, [indices.count, table.columns].
    package static func gather(
        _ table: Matrix, _ indices: [Int32], _ lanes: Lanes = Lanes(threads: 1)
    ) -> Matrix {
        let columns = table.columns
        return Matrix(rows: indices.count, columns: columns) { rows in
            let rows = LanePointer(rows)
            // A row from anywhere takes longer than as many operations.
            lanes.forEachRange(of: indices.count, cost: 4 * columns) { range in
                indices.withUnsafeBufferPointer {
                    Kernels.gatherRows(
                        rows.pointer + range.lowerBound * columns, columns, table.values, columns,
                        columns, $0.baseAddress! + range.lowerBound, range.count)
                }
            }
        }
    }

    /// Adds row i of `rows` to row `indices[i]` of `sums`, in order.
    static func scatterAdd(_ rows: Matrix, at indices: [Int32], into sums: inout Matrix) {
        let columns = sums.columns
        sums.values.withUnsafeMutableBufferPointer {
            Kernels.scatterAddRows(
                $0.baseAddress, columns, rows.values, columns, columns, indices, indices.count)
        }
    }

    /// The sums of the rows of each group, added in order: [groups.count, rows.columns]. With the
    /// bits that adding them to zeros one by one gives.
    static func segmentSums(_ rows: Matrix, _ groups: Groups, _ lanes: Lanes) -> Matrix {
        Matrix(rows: groups.count, columns: rows.columns) {
            add(rows, groups, to: $0, accumulating: false, lanes)
        }
    }

    private static func add(
        _ rows: Matrix, _ groups: Groups, to sums: UnsafeMutablePointer<Float>,
        accumulating: Bool, _ lanes: Lanes
    ) {
        let (sums, columns) = (LanePointer(sums), rows.columns)
        let cost = columns * (1 + groups.memberCount / groups.count)
        lanes.forEachRange(of: groups.count, cost: cost) { range in
            groups.withUnsafePointers { offsets, members in
                Kernels.segmentSumRows(
                    sums.pointer + range.lowerBound * columns, columns, rows.values, columns,
                    columns, members, offsets + range.lowerBound, range.count,
                    accumulating: accumulating)
            }
        }
    }

    /// As ``segmentSums(_:_:_:)``, by the group of each row.
    static func sums(
        of rows: Matrix, groupOf: [Int32], count: Int, _ lanes: Lanes
    ) -> Matrix {
        // Finding each group's rows is worth it for threads alone.
        guard lanes.threads > 1 else {
            var sums = Matrix(rows: count, columns: rows.columns)
            scatterAdd(rows, at: groupOf, into: &sums)
            return sums
        }
        return segmentSums(rows, Groups(groupOf: groupOf, count: count), lanes)
    }

    /// The same of several matrices of one width, one's rows after the other's.
    static func sums(
        of parts: [Matrix], groupOf: [Int32], count: Int, _ lanes: Lanes
    ) -> Matrix {
        var first = 0
        let groups = parts.map { part in
            defer { first += part.rows }
            return Array(groupOf[first..<first + part.rows])
        }
        var sums = sums(of: parts[0], groupOf: groups[0], count: count, lanes)
        for (part, groups) in zip(parts, groups).dropFirst() {
            guard lanes.threads > 1 else {
                scatterAdd(part, at: groups, into: &sums)
                continue
            }
            let groups = Groups(groupOf: groups, count: count)
            sums.values.withUnsafeMutableBufferPointer {
                guard let start = $0.baseAddress else { return }
                add(part, groups, to: start, accumulating: true, lanes)
            }
        }
        return sums
    }
}
