import Retrieval

/// Counts over the two ids of the interactions and their split.
struct DataObservation {
    let queries: TokenColumn
    let candidates: TokenColumn
    let split: DataSplit

    /// Bits of a candidate's code.
    private var candidateBits: Int {
        RadixSort.width(of: max(0, candidates.dictionary.count - 1))
    }

    /// A query and a candidate as one number for each of some rows, ascending.
    private func pairs(of rows: some Sequence<Int>, count: Int) -> [UInt64] {
        let bits = candidateBits
        var pairs: [UInt64] = []
        pairs.reserveCapacity(count)
        for row in rows {
            pairs.append(
                UInt64(UInt32(bitPattern: queries.codes[row])) &<< UInt64(bits)
                    | UInt64(UInt32(bitPattern: candidates.codes[row])))
        }
        RadixSort.sort(
            &pairs, high: bits + RadixSort.width(of: max(0, queries.dictionary.count - 1)))
        return pairs
    }

    func distinctPairs() -> Int {
        let pairs = pairs(of: queries.codes.indices, count: queries.count)
        var distinct = 0
        var last: UInt64?
        for pair in pairs where pair != last {
            distinct += 1
            last = pair
        }
        return distinct
    }

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
        let trained = pairs(of: split.train.lazy.map { Int($0) }, count: split.train.count)
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
                }
                let pairs = pairs(of: rows.lazy.map { Int($0) }, count: rows.count)
                unseen.pairsOfTraining = pairs.countMembers(of: trained)
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
    /// Rows are sorted by 32 bits of a hash; those that share them are compared.
    static func count(in table: Table) -> Int {
        let columns = table.names.compactMap { table[$0] }
        var words = [UInt64](repeating: 0, count: table.rowCount)
        for column in columns { column.mixBits(into: &words) }
        for row in words.indices { words[row] = words[row] & ~0xFFFF_FFFF | UInt64(row) }
        RadixSort.sort(&words, low: 32, high: 64)
        var repeated = 0
        var start = 0
        while start < words.count {
            var end = start + 1
            while end < words.count, words[end] >> 32 == words[start] >> 32 { end += 1 }
            if end > start + 1 {
                let rows = words[start..<end].map { Int($0 & 0xFFFF_FFFF) }
                repeated += rows.count - distinct(rows, columns)
            }
            start = end
        }
        return repeated
    }

    /// How many of some rows differ from all before them.
    private static func distinct(_ rows: [Int], _ columns: [Column]) -> Int {
        var kinds: [Int] = []
        for row in rows
        where !kinds.contains(where: { kind in columns.allSatisfy { $0.isEqual(kind, row) } }) {
            kinds.append(row)
        }
        return kinds.count
    }
}

extension Column {
    /// Mixes what is equal for equal values of the column into a hash of each row.
    fileprivate func mixBits(into hashes: inout [UInt64]) {
        func mix(_ bits: (Int) -> UInt64) {
            hashes.withUnsafeMutableBufferPointer { hashes in
                for row in hashes.indices {
                    hashes[row] = SplitMix64.mix(
                        hashes[row] &+ 0x9E37_79B9_7F4A_7C15 ^ bits(row))
                }
            }
        }
        switch self {
        case .tokens(let tokens): mix { UInt64(UInt32(bitPattern: tokens.codes[$0])) }
        case .integers(let values): mix { UInt64(bitPattern: values[$0]) }
        case .numbers(let values): mix { values[$0].bitPattern }
        case .times(let times): mix { UInt64(bitPattern: times.ticks[$0]) }
        case .tokenLists(let lists):
            mix { row in
                lists.codes(of: row).reduce(1) {
                    SplitMix64.mix($0 ^ UInt64(UInt32(bitPattern: $1)))
                }
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
    /// How many are members of another array; both are ascending.
    fileprivate func countMembers(of other: [UInt64]) -> Int {
        var (members, place) = (0, 0)
        for value in self {
            while place < other.count, other[place] < value { place += 1 }
            guard place < other.count else { break }
            if other[place] == value { members += 1 }
        }
        return members
    }
}
