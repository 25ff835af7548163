import CKernels

/// Some rows of a ``CorpusScan`` against one batch of candidates.
struct CorpusScanPiece {
    private let scan: CorpusScan
    private let rows: Range<Int>
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
    /// Where each row stands in its blocked places.
    private let cursors: LaneBuffer<Int>
    /// Counts of one row and tile.
    private let counted: LaneBuffer<UInt32>

    init(_ scan: CorpusScan, _ rows: Range<Int>) {
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
        cursors = LaneBuffer(repeating: 0, count: rows.count)
        let offsets = scan.request.targets.offsets
        let most = offsets.isEmpty ? 0 : rows.map { offsets[$0 + 1] - offsets[$0] }.max() ?? 0
        counted = LaneBuffer(uninitializedCount: 2 * most)
    }

    func scan(_ packed: LaneBuffer<Float>, count: Int, first: Int, isFinite: Bool) {
        for row in rows { resume(row, first: first) }
        let queries = scan.request.queries
        let dimension = queries.columns
        let heads = scan.request.heads
        queries.values.withUnsafeBufferPointer { values in
            for start in stride(from: 0, to: count, by: ScoreTile.columns) {
                let width = min(ScoreTile.columns, count - start)
                for top in stride(from: rows.lowerBound, to: rows.upperBound, by: tileRows) {
                    let height = min(tileRows, rows.upperBound - top)
                    tk_gemm_packed(
                        height * heads, width, dimension,
                        values.baseAddress.map { $0 + top * heads * dimension }, dimension, 1,
                        packed.pointer + start * dimension, (headTile ?? tile).pointer,
                        ScoreTile.stride, TK_OVERWRITE, nil)
                    if let headTile {
                        HeadScores(heads: heads, columns: width, stride: ScoreTile.stride)
                            .maximize(headTile.pointer, rows: height, into: tile.pointer)
                    }
                    for row in top..<(top + height) {
                        use(
                            UnsafeMutableBufferPointer(
                                start: tile.pointer + (row - top) * ScoreTile.stride,
                                count: width),
                            of: row, first: first + start, isFinite: isFinite)
                    }
                }
            }
        }
        for row in rows { suspend(row) }
    }

    // MARK: One row of a tile

    private func use(
        _ scores: UnsafeMutableBufferPointer<Float>, of row: Int, first: Int, isFinite: Bool
    ) {
        var width = scores.count
        if let limits = scan.request.limits { width = min(width, max(0, Int(limits[row]) - first)) }
        guard width > 0 else { return }
        let scores = UnsafeMutableBufferPointer(rebasing: scores[..<width])
        guard isFinite else { return useCarefully(scores, of: row, first: first) }
        // NaN compares as neither above nor equal.
        forEachBlocked(row, first..<(first + width)) { scores[$0 - first] = .nan }
        countTargets(UnsafeBufferPointer(scores), of: row, first: first)
        guard scan.depth > 0 else { return }
        if keyCounts.pointer[row - rows.lowerBound] + width > capacity { cutBack(row) }
        let count = keyCounts.pointer[row - rows.lowerBound]
        keyCounts.pointer[row - rows.lowerBound] += tk_collect_above(
            scores.baseAddress, width, bars.pointer[row - rows.lowerBound], UInt32(first),
            list(of: row) + count)
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
            tk_count_above(
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
        _ scores: UnsafeMutableBufferPointer<Float>, of row: Int, first: Int
    ) {
        var isBlocked = [Bool](repeating: false, count: scores.count)
        forEachBlocked(row, first..<(first + scores.count)) { isBlocked[$0 - first] = true }
        let targets = scan.request.targets
        let mine = targets.offsets.isEmpty ? 0..<0 : targets.offsets[row]..<targets.offsets[row + 1]
        for (index, score) in scores.enumerated() where !isBlocked[index] {
            if score.isNaN || score == .infinity { scan.leading.pointer[row] += 1 }
            if score == -.infinity { scan.trailing.pointer[row] += 1 }
            for target in mine {
                if score > targets.scores[target] { scan.greater.pointer[target] += 1 }
                guard score == targets.scores[target] else { continue }
                scan.equal.pointer[target] += 1
                let place = Int(targets.places[target])
                if place < 0 || first + index < place { scan.ahead.pointer[target] += 1 }
            }
            guard scan.depth > 0 else { continue }
            if keyCounts.pointer[row - rows.lowerBound] == capacity { cutBack(row) }
            list(of: row)[keyCounts.pointer[row - rows.lowerBound]] = Self.key(
                score, UInt32(first + index))
            keyCounts.pointer[row - rows.lowerBound] += 1
        }
        if scan.depth > 0 { cutBack(row) }
    }

    /// A key that ranks every NaN above every number, as TensorFlow's top-k has it.
    private static func key(_ score: Float, _ place: UInt32) -> UInt64 {
        score.isNaN ? 0xFFFF_FFFF_0000_0000 | UInt64(~place) : tk_rank_key1(score, place)
    }

    private func forEachBlocked(_ row: Int, _ range: Range<Int>, _ body: (Int) -> Void) {
        guard let blocked = scan.request.blocked else { return }
        var cursor = cursors.pointer[row - rows.lowerBound]
        while cursor < blocked.offsets[row + 1], blocked.places[cursor] < range.upperBound {
            body(Int(blocked.places[cursor]))
            cursor += 1
        }
        cursors.pointer[row - rows.lowerBound] = cursor
    }

    // MARK: Lists

    private func list(of row: Int) -> UnsafeMutablePointer<UInt64> {
        keys.pointer + (row - rows.lowerBound) * capacity
    }

    /// Takes up a row where the last batch left it.
    private func resume(_ row: Int, first: Int) {
        let index = row - rows.lowerBound
        if let blocked = scan.request.blocked {
            let places = blocked.places(of: row)
            cursors.pointer[index] = places.firstIndex { $0 >= first } ?? places.endIndex
        }
        guard scan.depth > 0 else { return }
        let count = scan.keyCounts.pointer[row]
        list(of: row).update(from: scan.keys.pointer + row * scan.depth, count: count)
        keyCounts.pointer[index] = count
        setBar(row)
    }

    private func suspend(_ row: Int) {
        guard scan.depth > 0 else { return }
        cutBack(row)
        let count = keyCounts.pointer[row - rows.lowerBound]
        (scan.keys.pointer + row * scan.depth).update(from: list(of: row), count: count)
        scan.keyCounts.pointer[row] = count
    }

    /// Keeps the best of a list, as many as are asked for.
    private func cutBack(_ row: Int) {
        let index = row - rows.lowerBound
        guard keyCounts.pointer[index] > scan.depth else { return }
        tk_select_keys(list(of: row), keyCounts.pointer[index], scan.depth)
        keyCounts.pointer[index] = scan.depth
        setBar(row)
    }

    /// Later candidates enter a full list only above its last score: equal ones stand after it.
    private func setBar(_ row: Int) {
        let index = row - rows.lowerBound
        guard keyCounts.pointer[index] == scan.depth else { return }
        let last = tk_smallest_key(list(of: row), scan.depth)
        let score = tk_rank_key_score(last)
        bars.pointer[index] = score.isNaN ? .infinity : score
    }
}
