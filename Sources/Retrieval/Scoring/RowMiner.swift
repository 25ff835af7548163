/// Keeps of a row of scores the positive and the hardest negatives, as TFRS's `HardNegativeMining`
/// does, without sorting: it finds the lowest score that stays, then passes over the row once
/// more. Its memory serves one row after the other.
struct RowMiner {
    /// The columns that stay, in increasing order.
    private(set) var columns: [Int32] = []
    /// How many copies of each stay.
    private(set) var counts: [Float] = []
    /// The scores that stay.
    var scores: [Float] = []
    /// Where the row's positive stands among them; nil if the row has none, or it did not stay.
    private(set) var positive: Int?

    private var hardest = WeightedHeap()
    /// Columns that score as the lowest that stays.
    private var ties: [(column: Int32, count: Float)] = []
    /// Where the candidates of the ties stood in the batch.
    private var places: [(place: Int32, tie: Int)] = []

    /// A row to be mined.
    struct Row {
        /// The scores; what the positive's is raised by is taken back in the end.
        var scores: UnsafeMutableBufferPointer<Float>
        /// How many candidates each column stands for; nil: one.
        var counts: UnsafePointer<Float>?
        /// The positive's column, or -1. It stands for one candidate.
        var positive: Int32
        /// Where the positive's candidate was in the batch.
        var example: Int32
        /// The batch's candidates of each column but the last, which stands for the positive's
        /// other copies where it is beyond these; nil: column j is candidate j.
        var copies: Groups?
        /// How many candidates stay, at least 1, at most as many as there are.
        var kept: Int

        func count(_ column: Int) -> Float { counts.map { $0[column] } ?? 1 }
    }

    mutating func mine(_ row: Row) {
        if columns.capacity == 0 {
            // At once what rows need without ties, in place of growing to it.
            columns.reserveCapacity(row.kept)
            counts.reserveCapacity(row.kept)
            scores.reserveCapacity(row.kept)
        }
        columns.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        scores.removeAll(keepingCapacity: true)
        ties.removeAll(keepingCapacity: true)
        positive = nil
        let own = row.positive < 0 ? nil : row.scores[Int(row.positive)]
        if let own { row.scores[Int(row.positive)] = own + RowTransforms.maximum }
        select(row)
        if let own { row.scores[Int(row.positive)] = own }
        for (index, column) in columns.enumerated() {
            if column == row.positive { positive = index }
            scores.append(row.scores[Int(column)])
        }
    }

    private mutating func select(_ row: Row) {
        let kept = Float(row.kept)
        hardest.removeAll()
        var column = row.scores.firstIndex(above: .nan, from: 0)
        while column < row.scores.count {
            hardest.insert(row.scores[column], count: row.count(column), keeping: kept)
            let limit = hardest.total >= kept ? hardest.lowest : .nan
            column = row.scores.firstIndex(above: limit, from: column + 1)
        }

        let lowest = hardest.lowest
        let room = kept - hardest.totalAboveLowest
        column = row.scores.firstIndex(above: lowest.below, from: 0)
        while column < row.scores.count {
            if row.scores[column].isSameScore(as: lowest) {
                ties.append((Int32(column), row.count(column)))
            }
            columns.append(Int32(column))
            counts.append(row.count(column))
            column = row.scores.firstIndex(above: lowest.below, from: column + 1)
        }
        if ties.reduce(0, { $0 + $1.count }) > room { limitTies(to: Int(room), row) }
    }

    /// Takes what stays for one example from the hardest columns of the row that it shares. False
    /// where they do not tell: where the positive is not the first whatever it scores, or where of
    /// columns that score the same some go.
    ///
    /// - Parameters:
    ///   - positive: its column, or -1.
    ///   - score: the positive's; nil without one.
    ///   - kept: as ``Row/kept``.
    mutating func take(
        _ hardest: HardestColumns, positive own: Int32, score: Float?, kept: Int
    ) -> Bool {
        guard !hardest.hasNaN else { return false }
        var room = kept
        if let score {
            guard score + RowTransforms.maximum > hardest.highest, score.isFinite else {
                return false
            }
            room -= 1
        }
        guard let cut = hardest.cut(keeping: room, without: own) else { return false }
        columns.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        scores.removeAll(keepingCapacity: true)
        positive = nil
        func keep(_ column: Int32, _ count: Float, _ score: Float) {
            columns.append(column)
            counts.append(count)
            scores.append(score)
        }
        func keepPositive() {
            guard positive == nil, let score else { return }
            positive = columns.count
            keep(own, 1, score)
        }
        var copies: Float = 0
        for entry in hardest.entries {
            if own >= 0, entry.column >= own { keepPositive() }
            if entry.column == own {
                copies =
                    entry.score > cut.lowest
                    ? entry.count - 1
                    : entry.score == cut.lowest ? min(entry.count - 1, cut.count) : 0
            } else if entry.score > cut.lowest {
                keep(entry.column, entry.count, entry.score)
            } else if entry.score == cut.lowest {
                keep(entry.column, min(entry.count, cut.count), entry.score)
            }
        }
        keepPositive()
        if copies > 0, let score { keep(hardest.columnOfCopies, copies, score) }
        return true
    }

    /// Of candidates that score the same those stay that came first in the batch.
    private mutating func limitTies(to room: Int, _ row: Row) {
        if ties.count == 1 {
            ties[0].count = Float(room)
        } else if row.counts == nil {
            for index in ties.indices { ties[index].count = index < room ? 1 : 0 }
        } else {
            limitCountedTies(to: room, row)
        }
        var next = 0
        var filled = 0
        for index in columns.indices {
            var count = counts[index]
            if next < ties.count, columns[index] == ties[next].column {
                count = ties[next].count
                next += 1
            }
            guard count > 0 else { continue }
            columns[filled] = columns[index]
            counts[filled] = count
            filled += 1
        }
        columns.removeSubrange(filled...)
        counts.removeSubrange(filled...)
    }

    private mutating func limitCountedTies(to room: Int, _ row: Row) {
        guard let copies = row.copies else {
            preconditionFailure("counted columns are mined by where their copies stand")
        }
        places.removeAll(keepingCapacity: true)
        let copiesColumn = row.scores.count - 1
        let isSplit = row.positive >= 0 && copiesColumn == copies.count
        for (index, tie) in ties.enumerated() {
            ties[index].count = 0
            if tie.column == row.positive {
                places.append((row.example, index))
                continue
            }
            let isCopies = isSplit && Int(tie.column) == copiesColumn
            copies.forEach(of: isCopies ? Int(row.positive) : Int(tie.column)) { place in
                if !(isCopies && place == row.example) { places.append((place, index)) }
            }
        }
        places.sort { $0.place < $1.place }
        for candidate in places.prefix(room) { ties[candidate.tie].count += 1 }
    }
}

/// The largest scores seen so far, as many as make up a number of candidates.
private struct WeightedHeap {
    /// A heap whose root is the lowest. NaN counts as above everything.
    private var entries: [(score: Float, count: Float)] = []
    private(set) var total: Float = 0

    /// The lowest of the scores; NaN if there are none.
    var lowest: Float { entries.first?.score ?? .nan }

    /// How many candidates score above the lowest.
    var totalAboveLowest: Float {
        entries.reduce(0) { $1.score.isSameScore(as: lowest) ? $0 : $0 + $1.count }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        total = 0
    }

    /// Takes in a score, and gives up the lowest that are not needed to keep as many candidates.
    mutating func insert(_ score: Float, count: Float, keeping kept: Float) {
        entries.append((score, count))
        total += count
        siftUp()
        while let root = entries.first, total - root.count >= kept {
            total -= root.count
            let last = entries.removeLast()
            if !entries.isEmpty {
                entries[0] = last
                siftDown()
            }
        }
    }

    private mutating func siftUp() {
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].score.ranksBelow(entries[parent].score) else { return }
            entries.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count,
                entries[child + 1].score.ranksBelow(entries[child].score)
            {
                child += 1
            }
            guard entries[child].score.ranksBelow(entries[parent].score) else { return }
            entries.swapAt(parent, child)
            parent = child
        }
    }
}

extension Float {
    /// The order of TensorFlow's top-k: a NaN ranks above every number.
    fileprivate func ranksBelow(_ other: Float) -> Bool {
        other.isNaN ? !isNaN : self < other
    }

    fileprivate func isSameScore(as other: Float) -> Bool {
        self == other || (isNaN && other.isNaN)
    }

    /// What `firstIndex(above:from:)` takes to stop at this score too. Nothing lies below −infinity,
    /// for which NaN stands.
    fileprivate var below: Float {
        isNaN ? .infinity : self == -.infinity ? .nan : nextDown
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// The first score at or after `start` that is not at or below `limit`; the count if there is
    /// none. NaNs are above every limit, and everything is above NaN.
    fileprivate func firstIndex(above limit: Float, from start: Int) -> Int {
        start >= count ? count : Kernels.findAbove(baseAddress, count, start, limit)
    }
}
