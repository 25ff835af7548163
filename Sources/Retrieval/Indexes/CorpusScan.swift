import Synchronization

/// One pass over the candidates, batch after batch: ranks targets by counting, without sorting, and
/// keeps the best candidates of each row.
///
/// A tile of scores is counted and collected from while it is in cache. A target's score comes
/// from the kernel that scores the candidates, so nothing outranks its own copy by a rounding
/// difference. Each piece of rows is one thread's at a time: the threads cannot show in the
/// results.
final class CorpusScan: Sendable {
    let request: CorpusRequest
    private let count: Int
    private let lanes: Lanes
    private let queriesMagnitude: Float
    /// The queries as integers, where most candidates can be told from the targets by them.
    private let quantized: QuantizedQueries?
    /// The length of the lists.
    let depth: Int

    // Per target.
    let greater: LaneBuffer<UInt32>
    let equal: LaneBuffer<UInt32>
    let ahead: LaneBuffer<UInt32>
    // Per row: the best keys so far, the scores above every finite one, and those below.
    let keys: LaneBuffer<UInt64>
    let keyCounts: LaneBuffer<Int>
    let leading: LaneBuffer<UInt32>
    let trailing: LaneBuffer<UInt32>
    /// Scores computed so far: one number, of the thread that adds batches.
    private let scoreCount = LaneBuffer<Int>(repeating: 0, count: 1)
    let undecidedCount = Atomic<Int>(0)

    /// - Parameter count: the number of candidates in all batches together.
    init(_ request: CorpusRequest, count: Int, lanes: Lanes) {
        let (rows, targets) = (request.rows, request.targets.count)
        self.request = request
        self.count = count
        self.lanes = lanes
        depth = min(request.depth, count)
        queriesMagnitude = Kernels.maxAbs(request.queries.values, request.queries.values.count)
        // Lists want scores, and so does the best of several heads.
        let isScreened =
            depth == 0 && request.heads == 1 && targets > 0 && queriesMagnitude.isFinite
            && rows >= request.leastScreenedRows && Kernels.hasIntegerProducts()
            && Quantization.dimensions.contains(request.queries.columns)
        quantized = isScreened ? QuantizedQueries(request.queries, lanes: lanes) : nil
        greater = LaneBuffer(repeating: 0, count: targets)
        equal = LaneBuffer(repeating: 0, count: targets)
        ahead = LaneBuffer(repeating: 0, count: targets)
        keys = LaneBuffer(repeating: 0, count: rows * depth)
        keyCounts = LaneBuffer(repeating: 0, count: rows)
        leading = LaneBuffer(repeating: 0, count: rows)
        trailing = LaneBuffer(repeating: 0, count: rows)
    }

    /// Takes the next candidates of the corpus.
    ///
    /// - Parameters:
    ///   - candidates: their embeddings.
    ///   - packed: the same, as ``PackedColumns`` has them.
    ///   - magnitude: the largest absolute value among them, or NaN.
    ///   - first: the place of the first of them.
    func add(
        _ candidates: Matrix, _ packed: LaneBuffer<Float>, magnitude: Float, first: Int
    ) {
        let count = candidates.rows
        guard request.rows > 0, count > 0 else { return }
        // No product can be so large that a score is not a number: then no kernel need look.
        let bound = Float(request.queries.columns) * queriesMagnitude * magnitude
        let isFinite = bound < Float.greatestFiniteMagnitude / 2
        let batch = CandidateBatch(
            packed: packed, first: first, isFinite: isFinite,
            quantized: isFinite && quantized != nil ? QuantizedCandidates(candidates) : nil)
        var rows = Array(0..<request.rows)
        // What is not finite has to be counted, and lists want everything.
        guard batch.isFinite, depth == 0, request.rankDepth != nil else {
            return scan(rows, batch, 0..<count)
        }
        var start = 0
        while start < count {
            let all = rows.count
            rows.removeAll { isDecided($0, before: first + start) }
            request.meter?.advance(by: (all - rows.count) * (count - start))
            guard !rows.isEmpty else { return }
            let end = min(count, start + ScoreTile.blockColumns(at: first + start))
            scan(rows, batch, start..<end)
            start = end
        }
    }

    /// Some rows against some candidates of a batch.
    private func scan(_ rows: [Int], _ batch: CandidateBatch, _ columns: Range<Int>) {
        scoreCount.pointer[0] += rows.count * request.heads * columns.count
        let size = pieceRows(of: rows.count)
        let screen =
            rows.count >= request.leastScreenedRows
            ? quantized.flatMap { queries in batch.quantized.map { (queries, $0) } } : nil
        screen?.1.prepare(upTo: columns.upperBound, lanes: lanes)
        lanes.forEach((rows.count + size - 1) / size) { index in
            let piece = Array(rows[(index * size)..<min(rows.count, (index + 1) * size)])
            if let (queries, candidates) = screen {
                ScreenedPiece(self, queries, piece).scan(batch, candidates, columns)
            } else {
                CorpusScanPiece(self, piece).scan(batch, columns)
            }
            request.meter?.advance(by: piece.count * columns.count)
        }
    }

    /// Whether all that is asked of a row's targets is known once the candidates before a place
    /// have been counted: no order of ties brings a target up to the depth again, and NaN stands
    /// nowhere.
    private func isDecided(_ row: Int, before place: Int) -> Bool {
        if let limits = request.limits, limits[row] <= place { return true }
        let targets = request.targets
        guard let rankDepth = request.rankDepth, !targets.offsets.isEmpty else { return true }
        return (targets.offsets[row]..<targets.offsets[row + 1]).allSatisfy {
            greater.pointer[$0] >= rankDepth || targets.scores[$0].isNaN
        }
    }

    func finish() -> CorpusResponse {
        let targets = request.targets
        var response = CorpusResponse(
            greater: greater.array.map(Int32.init(bitPattern:)),
            ties: equal.array.map(Int32.init(bitPattern:)),
            tiesAhead: ahead.array.map(Int32.init(bitPattern:)),
            isRanked: targets.scores.map { !$0.isNaN }, lists: finishLists(),
            finiteCounts: finiteCounts(), scoreCount: scoreCount.pointer[0],
            undecidedCount: undecidedCount.load(ordering: .relaxed))
        // A target that the row could find was counted as a tie of its own.
        for row in 0..<max(0, targets.offsets.count - 1) {
            let limit = request.limits.map { $0[row] } ?? .max
            for target in targets.offsets[row]..<targets.offsets[row + 1]
            where 0..<limit ~= targets.places[target] {
                response.ties[target] = max(0, response.ties[target] - 1)
            }
        }
        response.forgetRanks(beyond: request.rankDepth)
        return response
    }

    private func finishLists() -> RankedLists {
        guard depth > 0 else { return RankedLists(depth: 0, places: [], scores: []) }
        let (rows, depth) = (request.rows, depth)
        let places = LaneBuffer<Int32>(repeating: -1, count: rows * depth)
        let scores = LaneBuffer<Float>(repeating: .nan, count: rows * depth)
        lanes.forEach(Lanes.count) { [keys, keyCounts] lane in
            for row in Lanes.rows(of: lane, in: rows) {
                let start = row * depth
                Kernels.sortKeys(keys.pointer + start, keyCounts.pointer[row])
                for index in start..<(start + keyCounts.pointer[row]) {
                    let key = keys.pointer[index]
                    places.pointer[index] = Int32(bitPattern: Kernels.rankKeyPlace(key))
                    scores.pointer[index] = Kernels.rankKeyScore(key)
                }
            }
        }
        return RankedLists(depth: depth, places: places.array, scores: scores.array)
    }

    private func finiteCounts() -> [Int32]? {
        let (leading, trailing) = (leading.array, trailing.array)
        guard leading.contains(where: { $0 > 0 }) || trailing.contains(where: { $0 > 0 }) else {
            return nil
        }
        let counts = request.candidateCounts(of: count)
        return counts.indices.map { row in
            leading[row] > 0 ? 0 : counts[row] - Int32(trailing[row])
        }
    }

    /// Rows of a piece: with their lists in the second cache, and several pieces for each thread.
    private func pieceRows(of rows: Int) -> Int {
        let even = ((rows + Lanes.count - 1) / Lanes.count + 11) / 12 * 12
        let fitting =
            depth == 0 ? ScoreTile.mostRows : (1 << 20) / (8 * (2 * depth + ScoreTile.columns))
        return max(1, min(even, ScoreTile.mostRows, fitting))
    }
}

/// Candidates that follow each other in the corpus.
struct CandidateBatch: Sendable {
    /// Their embeddings, as ``PackedColumns`` has them.
    let packed: LaneBuffer<Float>
    /// The place of the first.
    let first: Int
    /// Whether all their scores are sure to be finite.
    let isFinite: Bool
    /// The same as integers, where queries are compared by them.
    let quantized: QuantizedCandidates?
}

/// The shape in which scores stay in cache between the product and their use.
enum ScoreTile {
    /// Rows of one product.
    static let rows = 48
    static let columns = 256
    /// A leading dimension whose rows do not compete for the same cache sets.
    static let stride = columns + 16
    static let mostRows = 192

    /// How many candidates a row meets from a place on until somebody looks whether it has met
    /// enough: an eighth of those before, for rows that leave do so ever more rarely.
    static func blockColumns(at place: Int) -> Int {
        max(1, place / (8 * columns)) * columns
    }
}
