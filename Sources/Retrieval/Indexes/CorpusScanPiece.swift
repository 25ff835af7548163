/// Some rows of a ``CorpusScan`` against candidates of one batch.
struct CorpusScanPiece {
    private let scan: CorpusScan
    /// The rows in the request; here a row is known by its index among them.
    private let rows: [Int]
    private let tile: LaneBuffer<Float>
    /// Where rows have several heads, the scores of each of them.
    private let headTile: LaneBuffer<Float>?
    /// Rows of one product.
    private let tileRows: Int
    /// The lists while they grow: a row's keys, more than the depth until they are cut back.
    private let keys: LaneBuffer<UInt64>
    private let capacity: Int
    private let keyCounts: LaneBuffer<Int>
    /// What a score must exceed to enter a row's list.
    private let bars: LaneBuffer<Float>
    private let blocked: BlockedCursors
    /// Counts of one row and tile.
    private let counted: LaneBuffer<UInt32>

    /// - Parameter rows: ascending, at least one.
    init(_ scan: CorpusScan, _ rows: [Int]) {
        self.scan = scan
        self.rows = rows
        let heads = scan.request.heads
        tileRows = max(1, ScoreTile.rows / heads)
        tile = LaneBuffer(uninitializedCount: tileRows * ScoreTile.stride)
        headTile =
            heads > 1 ? LaneBuffer(uninitializedCount: tileRows * heads * ScoreTile.stride) : nil
        capacity = scan.depth == 0 ? 0 : 2 * scan.depth + ScoreTile.columns
        keys = LaneBuffer(uninitializedCount: rows.count * capacity)
        keyCounts = LaneBuffer(repeating: 0, count: rows.count)
        bars = LaneBuffer(repeating: -.infinity, count: rows.count)
        blocked = BlockedCursors(scan.request.blocked, rows)
        let offsets = scan.request.targets.offsets
        let most = offsets.isEmpty ? 0 : rows.map { offsets[$0 + 1] - offsets[$0] }.max() ?? 0
        counted = LaneBuffer(uninitializedCount: 2 * most)
    }

    /// - Parameter columns: of the batch; the first of them where a panel begins.
    func scan(_ batch: CandidateBatch, _ columns: Range<Int>) {
        blocked.start(at: batch.first + columns.lowerBound)
        for index in rows.indices { resume(index) }
        withQueries { queries in
            for start in stride(
                from: columns.lowerBound, to: columns.upperBound, by: ScoreTile.columns)
            {
                let width = min(ScoreTile.columns, columns.upperBound - start)
                for top in stride(from: 0, to: rows.count, by: tileRows) {
                    let height = min(tileRows, rows.count - top)
                    score(queries, top, height, batch.packed, start, width)
                    for index in top..<(top + height) {
                        use(
                            UnsafeMutableBufferPointer(
                                start: tile.pointer + (index - top) * ScoreTile.stride,
                                count: width),
                            of: index, first: batch.first + start, isFinite: batch.isFinite)
                    }
                }
            }
        }
        for index in rows.indices { suspend(index) }
    }

    /// The embeddings of the rows one after the other: where they lie, or copied together.
    private func withQueries(_ body: (UnsafePointer<Float>?) -> Void) {
        let queries = scan.request.queries
        let size = scan.request.heads * queries.columns
        queries.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress, let first = rows.first, let last = rows.last,
                last - first + 1 > rows.count
            else { return body(values.baseAddress.map { $0 + (rows.first ?? 0) * size }) }
            let copy = LaneBuffer<Float>(uninitializedCount: rows.count * size)
            for (index, row) in rows.enumerated() {
                (copy.pointer + index * size).update(from: base + row * size, count: size)
            }
            body(copy.pointer)
        }
    }

    /// Fills the tile with the scores of some rows against some columns.
    private func score(
        _ queries: UnsafePointer<Float>?, _ top: Int, _ height: Int, _ packed: LaneBuffer<Float>,
        _ start: Int, _ width: Int
    ) {
        let (heads, dimension) = (scan.request.heads, scan.request.queries.columns)
        Kernels.gemmPacked(
            height * heads, width, dimension, queries.map { $0 + top * heads * dimension },
            dimension, 1, packed.pointer + start * dimension, (headTile ?? tile).pointer,
            ScoreTile.stride, .zero, nil)
        guard let headTile else { return }
        HeadScores(heads: heads, columns: width, stride: ScoreTile.stride)
            .maximize(headTile.pointer, rows: height, into: tile.pointer)
    }

    // MARK: One row of a tile

    private func use(
        _ scores: UnsafeMutableBufferPointer<Float>, of index: Int, first: Int, isFinite: Bool
    ) {
        let row = rows[index]
        var width = scores.count
        if let limits = scan.request.limits { width = min(width, max(0, Int(limits[row]) - first)) }
        guard width > 0 else { return }
        let scores = UnsafeMutableBufferPointer(rebasing: scores[..<width])
        guard isFinite else { return useCarefully(scores, of: index, first: first) }
        // NaN compares as neither above nor equal.
        blocked.forEach(index, first..<(first + width)) { scores[$0 - first] = .nan }
        countTargets(UnsafeBufferPointer(scores), of: row, first: first)
        guard scan.depth > 0 else { return }
        if keyCounts.pointer[index] + width > capacity { cutBack(index) }
        let count = keyCounts.pointer[index]
        keyCounts.pointer[index] += Kernels.collectAbove(
            scores.baseAddress, width, bars.pointer[index], UInt32(first), list(of: index) + count)
    }

    private func countTargets(_ scores: UnsafeBufferPointer<Float>, of row: Int, first: Int) {
        let targets = scan.request.targets
        guard !targets.offsets.isEmpty else { return }
        let start = targets.offsets[row]
        let count = targets.offsets[row + 1] - start
        guard count > 0 else { return }
        let above = counted.pointer
        let same = counted.pointer + count
        above.update(repeating: 0, count: 2 * count)
        targets.scores.withUnsafeBufferPointer {
            Kernels.countAbove(
                scores.baseAddress, scores.count, $0.baseAddress! + start, count, above, same)
        }
        for index in 0..<count {
            let target = start + index
            scan.greater.pointer[target] += above[index]
            guard same[index] > 0 else { continue }
            scan.equal.pointer[target] += same[index]
            let place = Int(targets.places[target])
            if place < 0 || place >= first + scores.count {
                scan.ahead.pointer[target] += same[index]
            } else if place > first {
                let score = targets.scores[target]
                scan.ahead.pointer[target] += UInt32(
                    scores.prefix(place - first).count { $0 == score })
            }
        }
    }

    /// The same where scores may not be finite, one after the other.
    private func useCarefully(
        _ scores: UnsafeMutableBufferPointer<Float>, of index: Int, first: Int
    ) {
        let row = rows[index]
        var isBlocked = [Bool](repeating: false, count: scores.count)
        blocked.forEach(index, first..<(first + scores.count)) { isBlocked[$0 - first] = true }
        let targets = scan.request.targets
        let mine = targets.offsets.isEmpty ? 0..<0 : targets.offsets[row]..<targets.offsets[row + 1]
        for (column, score) in scores.enumerated() where !isBlocked[column] {
            if score.isNaN || score == .infinity { scan.leading.pointer[row] += 1 }
            if score == -.infinity { scan.trailing.pointer[row] += 1 }
            for target in mine {
                if score > targets.scores[target] { scan.greater.pointer[target] += 1 }
                guard score == targets.scores[target] else { continue }
                scan.equal.pointer[target] += 1
                let place = Int(targets.places[target])
                if place < 0 || first + column < place { scan.ahead.pointer[target] += 1 }
            }
            guard scan.depth > 0 else { continue }
            if keyCounts.pointer[index] == capacity { cutBack(index) }
            list(of: index)[keyCounts.pointer[index]] = Self.key(score, UInt32(first + column))
            keyCounts.pointer[index] += 1
        }
        if scan.depth > 0 { cutBack(index) }
    }

    /// A key that ranks every NaN above every number, as TensorFlow's top-k has it.
    private static func key(_ score: Float, _ place: UInt32) -> UInt64 {
        score.isNaN ? 0xFFFF_FFFF_0000_0000 | UInt64(~place) : Kernels.rankKey(score, place)
    }

    // MARK: Lists

    private func list(of index: Int) -> UnsafeMutablePointer<UInt64> {
        keys.pointer + index * capacity
    }

    /// Takes up a row where the candidates before these left it.
    private func resume(_ index: Int) {
        guard scan.depth > 0 else { return }
        let count = scan.keyCounts.pointer[rows[index]]
        list(of: index).update(from: scan.keys.pointer + rows[index] * scan.depth, count: count)
        keyCounts.pointer[index] = count
        setBar(index)
    }

    private func suspend(_ index: Int) {
        guard scan.depth > 0 else { return }
        cutBack(index)
        let count = keyCounts.pointer[index]
        (scan.keys.pointer + rows[index] * scan.depth).update(from: list(of: index), count: count)
        scan.keyCounts.pointer[rows[index]] = count
    }

    /// Keeps the best of a list, as many as are asked for.
    private func cutBack(_ index: Int) {
        guard keyCounts.pointer[index] > scan.depth else { return }
        Kernels.selectKeys(list(of: index), keyCounts.pointer[index], scan.depth)
        keyCounts.pointer[index] = scan.depth
        setBar(index)
    }

    /// Later candidates enter a full list only above its last score: equal ones stand after it.
    private func setBar(_ index: Int) {
        guard keyCounts.pointer[index] == scan.depth else { return }
        let last = Kernels.smallestKey(list(of: index), scan.depth)
        let score = Kernels.rankKeyScore(last)
        bars.pointer[index] = score.isNaN ? .infinity : score
    }
}
