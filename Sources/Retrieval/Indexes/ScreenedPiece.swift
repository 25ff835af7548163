import Synchronization

/// Some rows of a ``CorpusScan`` against candidates of one batch, as a ``CorpusScanPiece`` has them
/// and with the same counts: products of integers tell most candidates from the targets, and the
/// scores of those that are left decide.
struct ScreenedPiece {
    private let scan: CorpusScan
    /// The rows in the request; here a row is known by its index among them.
    private let rows: [Int]
    private let queries: QuantizedQueries
    /// The integers of the rows one after the other, with zeros beyond the last.
    private let values: LaneBuffer<Int16>
    private let sums: LaneBuffer<Int32>
    /// The targets of row i, numbered within the piece, are those from `offsets[i]` on.
    private let offsets: LaneBuffer<UInt32>
    /// The row of each target, and which one it is in the request.
    private let targets: [(row: Int, target: Int)]
    private let low: LaneBuffer<Int32>
    private let high: LaneBuffer<Int32>
    /// Counts of one tile.
    private let above: LaneBuffer<UInt32>
    private let undecided: LaneBuffer<UndecidedSum>
    private let blocked: BlockedCursors

    /// Undecided candidates of a tile that are decided one by one; where there are more, computing
    /// all scores is faster.
    private static let mostUndecided = ScoreTile.rows * ScoreTile.columns / 32

    /// - Parameter rows: ascending, at least one.
    init(_ scan: CorpusScan, _ queries: QuantizedQueries, _ rows: [Int]) {
        self.scan = scan
        self.rows = rows
        self.queries = queries
        let size = 2 * queries.pairs
        let step = Kernels.integerRows
        let padded = (rows.count + step - 1) / step * step
        values = LaneBuffer(uninitializedCount: padded * size)
        for (index, row) in rows.enumerated() {
            (values.pointer + index * size).update(
                from: queries.values.pointer + row * size, count: size)
        }
        (values.pointer + rows.count * size).update(
            repeating: 0, count: (padded - rows.count) * size)
        sums = LaneBuffer(uninitializedCount: ScoreTile.rows * ScoreTile.stride)
        let all = scan.request.targets.offsets
        var targets: [(row: Int, target: Int)] = []
        offsets = LaneBuffer(repeating: 0, count: rows.count + 1)
        for (index, row) in rows.enumerated() {
            targets += (all[row]..<all[row + 1]).map { (row, $0) }
            offsets.pointer[index + 1] = UInt32(targets.count)
        }
        self.targets = targets
        low = LaneBuffer(uninitializedCount: targets.count)
        high = LaneBuffer(uninitializedCount: targets.count)
        above = LaneBuffer(uninitializedCount: targets.count)
        undecided = LaneBuffer(uninitializedCount: 4 * Self.mostUndecided)
        blocked = BlockedCursors(scan.request.blocked, rows)
    }

    /// - Parameter columns: of the batch; the first of them where a tile of the scan begins.
    func scan(_ batch: CandidateBatch, _ screen: QuantizedCandidates, _ columns: Range<Int>) {
        blocked.start(at: batch.first + columns.lowerBound)
        var waiting = 0
        var groupEnd = 0
        for start in stride(
            from: columns.lowerBound, to: columns.upperBound, by: ScoreTile.columns)
        {
            if start >= groupEnd {
                setBands(screen.group(at: start))
                let size = QuantizedCandidates.groupSize
                groupEnd = (start / size + 1) * size
            }
            let width = min(ScoreTile.columns, columns.upperBound - start)
            for top in stride(from: 0, to: rows.count, by: ScoreTile.rows) {
                let height = min(ScoreTile.rows, rows.count - top)
                multiply(screen, top, height, start, width)
                for index in top..<(top + height) { hide(index, top, batch.first + start, width) }
                let room = Self.mostUndecided
                let found = Kernels.countBands(
                    sums.pointer, ScoreTile.stride, height, width, offsets.pointer + top,
                    low.pointer, high.pointer, above.pointer, undecided.pointer + waiting, room)
                guard found <= room else {
                    // Here, scores hardly differ.
                    decide(waiting, batch, screen)
                    CorpusScanPiece(scan, Array(rows[top...])).scan(
                        batch, start..<(start + width))
                    CorpusScanPiece(scan, rows).scan(
                        batch, (start + width)..<columns.upperBound)
                    return
                }
                for target in Int(offsets.pointer[top])..<Int(offsets.pointer[top + height]) {
                    scan.greater.pointer[targets[target].target] += above.pointer[target]
                }
                for index in waiting..<(waiting + found) {
                    undecided.pointer[index].column += UInt32(start)
                }
                waiting += found
                if waiting + room > undecided.count {
                    decide(waiting, batch, screen)
                    waiting = 0
                }
            }
        }
        decide(waiting, batch, screen)
    }

    private func setBands(_ group: QuantizedCandidates.Group) {
        for (index, (row, target)) in targets.enumerated() {
            (low.pointer[index], high.pointer[index]) = queries.band(
                of: scan.request.targets.scores[target], row: row, group)
        }
    }

    private func multiply(
        _ screen: QuantizedCandidates, _ top: Int, _ height: Int, _ start: Int, _ width: Int
    ) {
        let (step, panel) = (Kernels.integerRows, Kernels.integerPanel)
        let size = 2 * queries.pairs
        Kernels.integerProducts(
            (height + step - 1) / step * step, (width + panel - 1) / panel * panel, queries.pairs,
            values.pointer + top * size, screen.packed.pointer + start * size, sums.pointer,
            ScoreTile.stride)
    }

    /// Takes what a row must not find out of the tile.
    private func hide(_ index: Int, _ top: Int, _ first: Int, _ width: Int) {
        let row = sums.pointer + (index - top) * ScoreTile.stride
        blocked.forEach(index, first..<(first + width)) { row[$0 - first] = .min }
        guard let limits = scan.request.limits else { return }
        for column in min(width, max(0, Int(limits[rows[index]]) - first))..<width {
            row[column] = .min
        }
    }

    /// Compares the scores of undecided candidates with their targets.
    private func decide(_ count: Int, _ batch: CandidateBatch, _ screen: QuantizedCandidates) {
        guard count > 0 else { return }
        scan.undecidedCount.add(count, ordering: .relaxed)
        let (queries, candidates) = (scan.request.queries, screen.candidates)
        let pairs = UnsafeBufferPointer(start: undecided.pointer, count: count)
        let scores = LaneBuffer<Float>(uninitializedCount: count)
        Kernels.pairScores(
            queries.values, queries.columns, pairs.map { Int32(targets[Int($0.threshold)].row) },
            candidates.values, candidates.columns, pairs.map { Int32($0.column) },
            queries.columns, count, scores.pointer)
        for (index, pair) in pairs.enumerated() {
            let target = targets[Int(pair.threshold)].target
            let (score, limit) = (scores.pointer[index], scan.request.targets.scores[target])
            if score > limit { scan.greater.pointer[target] += 1 }
            guard score == limit else { continue }
            scan.equal.pointer[target] += 1
            let place = scan.request.targets.places[target]
            if place < 0 || batch.first + Int(pair.column) < place {
                scan.ahead.pointer[target] += 1
            }
        }
    }
}
