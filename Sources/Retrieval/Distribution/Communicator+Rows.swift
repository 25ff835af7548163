/// What ranks do with rows of numbers, each of which belongs to one of them.
extension Communicator {
    /// All rows, of which each rank has its own.
    ///
    /// - Parameters:
    ///   - own: this rank's rows, in their order.
    ///   - owners: the rank of each row.
    func allGatherRows(_ own: Matrix, owners: RowOwners) -> Matrix {
        guard !isAlone else { return own }
        let columns = own.columns
        let offsets = owners.counts.offsets
        let gathered = Matrix(rows: offsets[size], columns: columns) { rows in
            own.values.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                (rows + offsets[rank] * columns).update(from: start, count: $0.count)
            }
            allGatherRows(rows, width: columns, offsets: offsets)
        }
        guard let places = owners.places else { return gathered }
        return Rows.gather(gathered, places)
    }

    /// The sums of the rows that this rank owns, of which each rank holds what its lanes come to.
    ///
    /// Each joining of two groups of ranks, in the order in which sums over lanes are joined, leaves a
    /// rank the rows of its group: (1 − 1/ranks) times the numbers are sent.
    ///
    /// - Parameter parts: how many ranks, from the first on, hold a sum at all.
    func sumRows(_ partial: consuming Matrix, owners: RowOwners, ofRanks parts: Int) -> Matrix {
        guard !isAlone else { return partial }
        let columns = partial.columns
        var rows = partial
        var kept = [Int32](unsafeUninitializedCapacity: rows.rows) { kept, count in
            for row in 0..<rows.rows { kept[row] = Int32(row) }
            count = rows.rows
        }
        rows.values.withUnsafeMutableBufferPointer { values in
            guard let start = values.baseAddress else { return }
            let room = LaneBuffer<Float>(uninitializedCount: kept.count * columns)
            forEachStep { step, partner, own, other in
                let sent = kept.filter { (owners[$0] ^ rank) & step != 0 }
                kept = kept.filter { (owners[$0] ^ rank) & step == 0 }
                Kernels.gatherRows(
                    room.pointer, columns, start, columns, columns, sent, sent.count)
                let received = room.pointer + sent.count * columns
                let stride = columns * MemoryLayout<Float>.stride
                swap(
                    with: partner,
                    UnsafeRawBufferPointer(start: room.pointer, count: sent.count * stride),
                    UnsafeMutableRawBufferPointer(start: received, count: kept.count * stride))
                guard other < parts else { return }
                if own < parts {
                    Kernels.scatterAddRows(
                        start, columns, received, columns, columns, kept, kept.count)
                } else {
                    for (place, row) in kept.enumerated() {
                        (start + Int(row) * columns).update(
                            from: received + place * columns, count: columns)
                    }
                }
            }
        }
        return Rows.gather(rows, kept)
    }

    /// What each rank has for this one.
    ///
    /// - Parameters:
    ///   - parts: what this rank has for each.
    ///   - counts: how many rows each has for this one.
    func exchangeRows(_ parts: [Matrix], counts: [Int]) -> [Matrix] {
        let stride = (parts.first?.columns ?? 0) * MemoryLayout<Float>.stride
        var received = parts
        for shift in 1..<max(1, size) {
            let partner = rank ^ shift
            received[partner] = Matrix(rows: counts[partner], columns: parts[partner].columns) {
                let room = UnsafeMutableRawBufferPointer(
                    start: $0, count: counts[partner] * stride)
                parts[partner].values.withUnsafeBytes { swap(with: partner, $0, room) }
            }
        }
        return received
    }
}

/// The rank of each of some rows.
struct RowOwners: Sendable {
    private let owners: [UInt8]
    /// How many rows each rank has.
    let counts: [Int]
    /// Where each row stands when those of each rank stand together; nil: where it does now.
    let places: [Int32]?

    /// - Parameter size: the number of ranks.
    init(_ owners: [UInt8], size: Int) {
        var counts = [Int](repeating: 0, count: size)
        var (areRuns, last): (Bool, UInt8) = (true, 0)
        for owner in owners {
            counts[Int(owner)] += 1
            areRuns = areRuns && owner >= last
            last = owner
        }
        if areRuns {
            places = nil
        } else {
            var next = counts.offsets
            places = owners.map { owner in
                defer { next[Int(owner)] += 1 }
                return Int32(next[Int(owner)])
            }
        }
        (self.owners, self.counts) = (owners, counts)
    }

    /// Rows in runs, one for each rank.
    ///
    /// - Parameter offsets: where each run begins, and where the last one ends.
    init(runs offsets: [Int]) {
        counts = zip(offsets.dropFirst(), offsets).map { $0 - $1 }
        owners = counts.enumerated().flatMap { repeatElement(UInt8($0), count: $1) }
        places = nil
    }

    var count: Int { owners.count }

    subscript(row: Int32) -> Int { Int(owners[Int(row)]) }

    /// The rows of a rank.
    func rows(of rank: Int) -> [Int32] {
        let rank = UInt8(rank)
        return owners.indices.lazy.filter { owners[$0] == rank }.map(Int32.init)
    }

    /// The same of other rows, each owned by who owns one of these.
    func selecting(_ rows: [Int32]) -> RowOwners {
        RowOwners(rows.map { owners[Int($0)] }, size: counts.count)
    }
}
