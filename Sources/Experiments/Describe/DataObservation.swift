import Retrieval

/// Counts over the two ids of the interactions and their split.
struct DataObservation {
    let queries: TokenColumn
    let candidates: TokenColumn
    let split: DataSplit

    /// A query and a candidate as one number.
    private func pair(_ row: Int) -> UInt64 {
        UInt64(UInt32(bitPattern: queries.codes[row])) << 32
            | UInt64(UInt32(bitPattern: candidates.codes[row]))
    }

    /// The distinct pairs of some rows, ascending.
    private func pairs(of rows: some Sequence<Int>) -> [UInt64] {
        var pairs = rows.map(pair)
        pairs.sort()
        var kept = 0
        for index in pairs.indices where index == 0 || pairs[index] != pairs[kept - 1] {
            pairs[kept] = pairs[index]
            kept += 1
        }
        pairs.removeLast(pairs.count - kept)
        return pairs
    }

    func distinctPairs() -> Int { pairs(of: queries.codes.indices).count }

    /// The ids with the most interactions; of equal counts the earlier comes first.
    static func most(
        _ count: Int, of ids: TokenColumn
    ) -> [(id: String, interactions: Int)] {
        let counts = ids.countsByCode()
        let order = counts.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
        return order.prefix(count).filter { counts[$0] > 0 }.map {
            (ids.dictionary[$0], counts[$0])
        }
    }

    func parts() -> [DataDescription.Part] {
        let knownQueries = queries.marks(of: split.train)
        let knownCandidates = candidates.marks(of: split.train)
        let trained = pairs(of: split.train.lazy.map { Int($0) })
        let held = [("validation", split.validation), ("test", split.test)]
        return [part("train", split.train)]
            + held.compactMap { name, rows in
                guard let rows else { return nil }
                var part = part(name, rows)
                var unseen = DataDescription.Unseen(
                    queries: 0, candidates: 0, interactionsWithUnseenQuery: 0,
                    interactionsWithUnseenCandidate: 0, pairsOfTraining: 0)
                for row in rows.lazy.map({ Int($0) }) {
                    if !knownQueries[Int(queries.codes[row])] {
                        unseen.interactionsWithUnseenQuery += 1
                    }
                    if !knownCandidates[Int(candidates.codes[row])] {
                        unseen.interactionsWithUnseenCandidate += 1
                    }
                    if trained.containsSorted(pair(row)) { unseen.pairsOfTraining += 1 }
                }
                unseen.queries = queries.marks(of: rows).unmarked(knownQueries)
                unseen.candidates = candidates.marks(of: rows).unmarked(knownCandidates)
                part.unseen = unseen
                return part
            }
    }

    private func part(_ name: String, _ rows: [Int32]) -> DataDescription.Part {
        DataDescription.Part(
            name: name, interactions: rows.count, queries: queries.marks(of: rows).count { $0 },
            candidates: candidates.marks(of: rows).count { $0 }, unseen: nil)
    }

    func batches(of size: Int) -> DataDescription.Batches {
        let size = min(size, split.train.count)
        let distinct = { (column: TokenColumn) in
            CountDistribution(column.countsByCode(of: split.train))
                .expectedDistinct(inBatchOf: size)
        }
        return DataDescription.Batches(
            size: size, perEpoch: (split.train.count + size - 1) / size,
            distinctQueries: distinct(queries), distinctCandidates: distinct(candidates))
    }
}

/// Rows of a table that repeat an earlier one.
enum RepeatedRows {
    /// How many rows equal an earlier one in all columns.
    ///
    /// Rows are sorted by a hash and compared with the first of theirs; only where two different
    /// rows share all 64 bits of it could a repetition be missed.
    static func count(in table: Table) -> Int {
        let columns = table.names.compactMap { table[$0] }
        var rows = (0..<table.rowCount).map { (hash: UInt64(0), row: Int32($0)) }
        for column in columns {
            for row in rows.indices {
                rows[row].hash = SplitMix64.mix(
                    rows[row].hash &+ 0x9E37_79B9_7F4A_7C15 ^ column.bits(of: row))
            }
        }
        rows.sort { ($0.hash, $0.row) < ($1.hash, $1.row) }
        var repeated = 0
        var first = 0
        for index in rows.indices {
            if rows[index].hash != rows[first].hash { first = index }
            guard index != first else { continue }
            let (one, other) = (Int(rows[first].row), Int(rows[index].row))
            if columns.allSatisfy({ $0.isEqual(one, other) }) { repeated += 1 }
        }
        return repeated
    }
}

extension Column {
    /// Bits that are equal for equal values of the column.
    fileprivate func bits(of row: Int) -> UInt64 {
        switch self {
        case .tokens(let tokens): UInt64(UInt32(bitPattern: tokens.codes[row]))
        case .integers(let values): UInt64(bitPattern: values[row])
        case .numbers(let values): values[row].bitPattern
        case .times(let times): UInt64(bitPattern: times.ticks[row])
        case .tokenLists(let lists):
            lists.codes(of: row).reduce(1) {
                SplitMix64.mix($0 ^ UInt64(UInt32(bitPattern: $1)))
            }
        }
    }
}

extension TokenColumn {
    /// Whether any of the rows holds it, by code.
    func marks(of rows: [Int32]) -> [Bool] {
        var isMarked = [Bool](repeating: false, count: dictionary.count)
        for row in rows { isMarked[Int(codes[Int(row)])] = true }
        return isMarked
    }

    /// How many of the rows hold each code.
    func countsByCode(of rows: [Int32]) -> [Int] {
        var counts = [Int](repeating: 0, count: dictionary.count)
        for row in rows { counts[Int(codes[Int(row)])] += 1 }
        return counts
    }
}

extension [Bool] {
    /// How many are marked here and not there.
    fileprivate func unmarked(_ others: [Bool]) -> Int {
        zip(self, others).count { $0 && !$1 }
    }
}

extension [UInt64] {
    fileprivate func containsSorted(_ value: UInt64) -> Bool {
        let place = partitionPoint { $0 >= value }
        return place < count && self[place] == value
    }
}
