/// The rows of a table that each rank holds: row r is rank r mod ranks', so that the rows of
/// frequent tokens, which stand first, are dealt to all.
struct RowPartition: Sendable {
    let ranks: any Communicator
    /// Rows of the whole table.
    let rows: Int

    /// This rank's rows.
    var part: PartOfRows { PartOfRows(rank: ranks.rank, ranks: ranks.size, rows: rows) }

    /// How many rows a rank holds.
    func count(of rank: Int) -> Int { (rows - rank + ranks.size - 1) / ranks.size }

    /// How many rows this rank holds.
    var ownCount: Int { count(of: ranks.rank) }

    /// The rank of each of some rows.
    func owners(of rows: [Int32]) -> RowOwners {
        RowOwners(rows.map { UInt8(truncatingIfNeeded: owner($0)) }, size: ranks.size)
    }

    func isOwn(_ row: Int32) -> Bool { owner(row) == ranks.rank }

    func owner(_ row: Int32) -> Int { Int(row) % ranks.size }
    private func place(_ row: Int32) -> Int32 { row / Int32(ranks.size) }

    // MARK: Between the whole and its parts

    /// This rank's rows of the whole.
    func own(of whole: Matrix) -> Matrix {
        let rows = stride(from: ranks.rank, to: self.rows, by: ranks.size).map { Int32($0) }
        return Rows.gather(whole, rows)
    }

    func own(of flags: [Bool]) -> [Bool] {
        stride(from: ranks.rank, to: rows, by: ranks.size).map { flags[$0] }
    }

    /// This rank's part of a gradient, by its own rows.
    func own(of gradient: Gradient) -> Gradient {
        switch gradient {
        case .dense(let matrix): return .dense(own(of: matrix))
        case .sparse(let indices, let matrix):
            guard !indices.allSatisfy({ owner($0) == ranks.rank }) else {
                return .sparse(indices: indices.map(place), rows: matrix)
            }
            let mine = indices.indices.filter { owner(indices[$0]) == ranks.rank }
            return .sparse(
                indices: mine.map { place(indices[$0]) },
                rows: Rows.gather(matrix, mine.map { Int32($0) }))
        }
    }

    /// What this rank keeps of a gradient until a step is taken: its own rows, as they are numbered in
    /// the whole.
    func share(of gradient: Gradient) -> Gradient {
        guard case .sparse(let indices, let matrix) = gradient else { return gradient }
        let mine = owners(of: indices).rows(of: ranks.rank)
        return .sparse(
            indices: mine.map { indices[Int($0)] }, rows: Rows.gather(matrix, mine))
    }

    /// The whole of what ranks keep of a gradient, one rank's rows after the other's.
    func whole(of gradient: Gradient) -> Gradient {
        guard case .sparse(let indices, let matrix) = share(of: gradient) else { return gradient }
        return ranks.joined(indices, matrix)
    }

    /// The whole at the first rank, of what all ranks hold; no rows at the others.
    func whole(of own: Matrix) -> Matrix {
        let columns = own.columns
        let parts = ranks.gather(
            own.values, counts: (0..<ranks.size).map { count(of: $0) * columns })
        guard ranks.isFirst else { return Matrix(rows: 0, columns: columns) }
        var whole = Matrix(rows: rows, columns: columns)
        for row in 0..<rows {
            let start = row / ranks.size * columns
            whole.values.replaceSubrange(
                row * columns..<(row + 1) * columns,
                with: parts[row % ranks.size][start..<start + columns])
        }
        return whole
    }

    func whole(of own: [Bool]) -> [Bool] {
        let parts = ranks.gather(
            own.map { $0 ? 1 : 0 as UInt8 }, counts: (0..<ranks.size).map(count))
        guard ranks.isFirst else { return [] }
        return (0..<rows).map { parts[$0 % ranks.size][$0 / ranks.size] != 0 }
    }

    // MARK: Looking up

    /// Some rows of the table, which all ranks ask for at the same time: each distinct one once, in
    /// an order of its own, and where each that was asked for stands.
    func lookUp(_ indices: [Int32], in own: Matrix, _ lanes: Lanes) -> TableRows {
        let columns = own.columns
        let distinct = DistinctKeys(indices[...], keyCount: rows)
        var keysOf = [[Int32]](repeating: [], count: ranks.size)
        let placeInPart = distinct.keys.map { key in
            let owner = owner(key)
            keysOf[owner].append(place(key))
            return keysOf[owner].count - 1
        }
        let offsets = keysOf.map(\.count).offsets
        let mine = Rows.gather(own, keysOf[ranks.rank], lanes)
        let found = Matrix(rows: distinct.keys.count, columns: columns) { found in
            mine.values.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                (found + offsets[ranks.rank] * columns).update(from: start, count: $0.count)
            }
            let size = MemoryLayout<Float>.stride * columns
            ranks.allGather(
                UnsafeMutableRawBufferPointer(start: found, count: offsets[ranks.size] * size),
                offsets: offsets.map { $0 * size })
        }
        let placeOf = zip(distinct.keys, placeInPart).map { Int32(offsets[owner($0)] + $1) }
        return TableRows(matrix: found, places: distinct.positions.map { placeOf[Int($0)] })
    }

    /// The same where each rank asks for rows of its own: their owners send them.
    func fetch(_ indices: [Int32], in own: Matrix, _ lanes: Lanes) -> TableRows {
        let distinct = DistinctKeys(indices[...], keyCount: rows)
        let owners = owners(of: distinct.keys)
        var asked = [[Int32]](repeating: [], count: ranks.size)
        for key in distinct.keys { asked[owner(key)].append(place(key)) }
        let found = ranks.exchangeRows(
            ranks.allToAll(asked).map { Rows.gather(own, $0, lanes) },
            counts: asked.map(\.count))
        let places = owners.places ?? distinct.keys.indices.map(Int32.init)
        return TableRows(
            matrix: .stackingRows(found, columns: own.columns),
            places: distinct.positions.map { places[Int($0)] })
    }

    /// This rank's rows of a sparse gradient of which each rank has found some, in the ranks' order.
    func collect(_ indices: [Int32], _ matrix: Matrix, _ lanes: Lanes) -> Gradient {
        let owners = owners(of: indices)
        let positions = (0..<ranks.size).map { owners.rows(of: $0) }
        let keys = ranks.allToAll(
            positions.map { positions in positions.map { indices[Int($0)] } })
        let parts = ranks.exchangeRows(
            positions.map { Rows.gather(matrix, $0, lanes) }, counts: keys.map(\.count))
        return .sparse(
            indices: Array(keys.joined()),
            rows: .stackingRows(parts, columns: matrix.columns))
    }
}

/// Rows of a table: where they stand in a matrix that holds them all.
struct TableRows: Sendable {
    /// The table, or some of its rows.
    let matrix: Matrix
    /// The matrix's row of each that was asked for.
    let places: [Int32]
}
