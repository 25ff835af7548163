/// An approximate index after ScaNN (Guo et al., 2020, "Accelerating Large-Scale Inference with
/// Anisotropic Vector Quantization"; `tfrs.layers.factorized_top_k.ScaNN`): candidates are
/// partitioned into leaves by k-means, those of the leaves nearest to a query are scored from
/// embeddings quantised to 8 bits, and the best of these are scored exactly.
///
/// The same seed gives the same index and the same answers for any number of threads.
public struct Partitioned: CandidateIndex {
    public let count: Int
    private let matrix: Matrix
    private let centroids: Matrix
    /// The places of each leaf, ascending.
    private let members: Ragged<Int32>
    private let quantized: QuantizedRows
    private let searchedLeaves: Int
    private let reorderedCandidates: Int

    public var isExact: Bool { false }

    /// - Parameters:
    ///   - embeddings: of the candidates, [count, D].
    ///   - leaves: parts of the corpus; no more are made than there are candidates.
    ///   - searchedLeaves: how many of them a query looks into.
    ///   - reorderedCandidates: how many candidates are scored exactly, at least as many as are
    ///     asked for.
    public init(
        _ embeddings: Matrix, leaves: Int, searchedLeaves: Int, reorderedCandidates: Int,
        iterations: Int = 12, seed: UInt64, lanes: Lanes
    ) {
        let clusters = KMeans(
            embeddings, clusters: leaves, iterations: iterations, seed: seed, lanes: lanes)
        self.init(
            embeddings, clusters.centroids, leafOf: clusters.assignment,
            searchedLeaves: searchedLeaves, reorderedCandidates: reorderedCandidates)
    }

    /// - Parameters:
    ///   - centroids: of the leaves, [leaves, D].
    ///   - leafOf: the leaf of each candidate.
    private init(
        _ embeddings: Matrix, _ centroids: Matrix, leafOf: [Int32], searchedLeaves: Int,
        reorderedCandidates: Int
    ) {
        matrix = embeddings
        count = embeddings.rows
        self.searchedLeaves = searchedLeaves
        self.reorderedCandidates = reorderedCandidates
        self.centroids = centroids
        members = Ragged(
            Array(0..<Int32(embeddings.rows)), groupOf: { leafOf[Int($0)] },
            count: centroids.rows)
        quantized = QuantizedRows(embeddings)
    }

    /// The same index of the same candidates, from its ``state``.
    init(
        _ embeddings: Matrix, from state: NamedArrays, searchedLeaves: Int,
        reorderedCandidates: Int
    ) throws(StateError) {
        var state = state
        let array = try state.take("centroids")
        guard case .matrix(let centroids) = array, centroids.columns == embeddings.columns else {
            throw .mismatch(
                name: "centroids", required: "float32 [leaves, \(embeddings.columns)]",
                found: array.words)
        }
        let leafOf = try state.takeIntegers("leaves", count: embeddings.rows)
        guard leafOf.allSatisfy({ (0..<Int64(centroids.rows)).contains($0) }) else {
            throw .mismatch(
                name: "leaves", required: "numbers below \(centroids.rows)", found: "another")
        }
        self.init(
            embeddings, centroids, leafOf: leafOf.map { Int32($0) },
            searchedLeaves: searchedLeaves, reorderedCandidates: reorderedCandidates)
    }

    /// `centroids`, [leaves, D], and `leaves`, that of each candidate.
    public var state: NamedArrays {
        var leafOf = [Int64](repeating: 0, count: count)
        for leaf in 0..<centroids.rows {
            members.forEach(of: leaf) { leafOf[Int($0)] = Int64(leaf) }
        }
        var arrays = NamedArrays()
        arrays.add(.matrix(centroids), as: "centroids")
        arrays.add(.integers(leafOf), as: "leaves")
        return arrays
    }

    public func embeddings(at places: [Int32]) -> Matrix { Rows.gather(matrix, places) }

    public func search(_ request: CorpusRequest, lanes: Lanes) -> CorpusResponse {
        let (rows, depth) = (request.rows, min(request.depth, count))
        let found = LaneBuffer<Int32>(repeating: -1, count: rows * depth)
        let scores = LaneBuffer<Float>(repeating: .nan, count: rows * depth)
        lanes.forEach(Lanes.count) { lane in
            for row in Lanes.rows(of: lane, in: rows) {
                let best = search(row, request, depth)
                for (index, key) in best.enumerated() {
                    found.pointer[row * depth + index] = Int32(
                        bitPattern: Kernels.rankKeyPlace(key))
                    scores.pointer[row * depth + index] = Kernels.rankKeyScore(key)
                }
                request.meter?.advance(by: count)
            }
        }
        let lists = RankedLists(depth: depth, places: found.array, scores: scores.array)
        var response = ranking(request.targets, in: lists)
        response.forgetRanks(beyond: request.rankDepth)
        return response
    }

    /// The keys of a row's best candidates, best first.
    private func search(_ row: Int, _ request: CorpusRequest, _ depth: Int) -> [UInt64] {
        let heads = (0..<request.heads).map { head in
            Matrix(
                rows: 1, columns: matrix.columns,
                values: Array(request.queries.row(row * request.heads + head)))
        }
        let blocked = Set(request.blocked?.places(of: row) ?? [])
        let limit = request.limits.map { $0[row] } ?? .max
        let quantizedHeads = heads.map(QuantizedRows.init)
        var keys: [UInt64] = []
        for leaf in Set(heads.flatMap(leaves(nearestTo:))).sorted() {
            for place in members[leaf]
            where place < limit && !blocked.contains(place) {
                let best = quantizedHeads.reduce(-Float.infinity) { best, head in
                    let score = quantized.product(Int(place), head)
                    return score <= best ? best : score
                }
                keys.append(Self.key(best, place))
            }
        }
        let kept = Self.best(keys, max(depth, reorderedCandidates))
            .map { Int32(bitPattern: Kernels.rankKeyPlace($0)) }.sorted()
        let exact = PairScores.best(
            ofHeads: request.heads, request.queries,
            rows: [Int32](repeating: Int32(row), count: kept.count), matrix, rows: kept)
        return Self.best(zip(exact, kept).map(Self.key), depth)
    }

    /// The leaves nearest to a query; one of several heads has those of each.
    private func leaves(nearestTo query: Matrix) -> [Int] {
        let scores = PairScores.of(
            query, rows: [Int32](repeating: 0, count: centroids.rows), centroids, rows: nil)
        return Self.best(scores.indices.map { Self.key(scores[$0], Int32($0)) }, searchedLeaves)
            .map { Int(Kernels.rankKeyPlace($0)) }
    }

    private static func key(_ score: Float, _ place: Int32) -> UInt64 {
        Kernels.rankKey(score, UInt32(bitPattern: place))
    }

    private static func best(_ keys: [UInt64], _ count: Int) -> [UInt64] {
        var keys = keys
        keys.withUnsafeMutableBufferPointer {
            Kernels.selectKeys($0.baseAddress, $0.count, count)
            Kernels.sortKeys($0.baseAddress, min(count, $0.count))
        }
        return Array(keys.prefix(count))
    }

    /// Targets stand where their places stand in the lists.
    private func ranking(_ targets: RowTargets, in lists: RankedLists) -> CorpusResponse {
        var greater = [Int32](repeating: 0, count: targets.count)
        var isRanked = [Bool](repeating: false, count: targets.count)
        for row in 0..<max(0, targets.offsets.count - 1) {
            for target in targets.offsets[row]..<targets.offsets[row + 1] {
                let list = lists.depth == 0 ? [] : lists.places(of: row)
                guard targets.places[target] >= 0,
                    let index = list.firstIndex(of: targets.places[target])
                else { continue }
                greater[target] = Int32(index - list.startIndex)
                isRanked[target] = true
            }
        }
        let none = [Int32](repeating: 0, count: targets.count)
        return CorpusResponse(
            greater: greater, ties: none, tiesAhead: none, isRanked: isRanked, lists: lists,
            finiteCounts: nil)
    }
}

/// Rows of 8-bit integers with a scale for each.
struct QuantizedRows: Sendable {
    private let columns: Int
    private let values: [Int8]
    private let scales: [Float]

    init(_ matrix: Matrix) {
        columns = matrix.columns
        var values: [Int8] = []
        values.reserveCapacity(matrix.values.count)
        var scales: [Float] = []
        for row in 0..<matrix.rows {
            let elements = matrix.row(row)
            let most = elements.reduce(0) { max($0, abs($1)) }
            let scale = most.isFinite && most > 0 ? most / 127 : 1
            scales.append(scale)
            for element in elements {
                let level = (element / scale).rounded()
                values.append(level.isFinite ? Int8(max(-127, min(127, level))) : 0)
            }
        }
        self.values = values
        self.scales = scales
    }

    /// The product of a row with the one row of `other`.
    func product(_ row: Int, _ other: QuantizedRows) -> Float {
        var sum: Int32 = 0
        values.withUnsafeBufferPointer { mine in
            other.values.withUnsafeBufferPointer { theirs in
                for column in 0..<columns {
                    sum &+= Int32(mine[row * columns + column]) &* Int32(theirs[column])
                }
            }
        }
        return Float(sum) * scales[row] * other.scales[0]
    }
}

/// Lloyd's k-means.
struct KMeans {
    /// [clusters, D].
    private(set) var centroids: Matrix
    /// The cluster of each row.
    private(set) var assignment: [Int32] = []

    /// - Parameter seed: chooses the rows that the clusters start from.
    init(_ rows: Matrix, clusters: Int, iterations: Int, seed: UInt64, lanes: Lanes) {
        var stream = RandomStream(seed: seed, stream: StreamNames.kMeans)
        let count = min(clusters, rows.rows)
        centroids = Rows.gather(
            rows, Array(stream.permutation(rows.rows).prefix(count)))
        assign(rows, lanes)
        for _ in 0..<iterations {
            let before = assignment
            move(rows)
            assign(rows, lanes)
            if assignment == before { break }
        }
    }

    /// To the nearest centroid: the largest x·c − |c|²/2, of equal ones the first.
    private mutating func assign(_ rows: Matrix, _ lanes: Lanes) {
        let (clusters, dimension) = (centroids.rows, centroids.columns)
        let packed = PackedColumns.pack(centroids)
        let bias = (0..<clusters).map { cluster in
            let centroid = Array(centroids.row(cluster))
            return -Kernels.dot(centroid, centroid, dimension) / 2
        }
        let nearest = LaneBuffer<Int32>(repeating: 0, count: rows.rows)
        guard clusters > 0 else { return }
        lanes.forEach(Lanes.count) { lane in
            let scores = LaneBuffer<Float>(uninitializedCount: clusters)
            rows.values.withUnsafeBufferPointer { values in
                for row in Lanes.rows(of: lane, in: rows.rows) {
                    Kernels.gemmPacked(
                        1, clusters, dimension, values.baseAddress! + row * dimension, dimension,
                        1, packed.pointer, scores.pointer, clusters, .bias, bias)
                    nearest.pointer[row] = Int32(Kernels.argmax(scores.pointer, clusters))
                }
            }
        }
        assignment = nearest.array
    }

    /// Each centroid to the mean of its rows; one without rows stays.
    private mutating func move(_ rows: Matrix) {
        var sums = Matrix(rows: centroids.rows, columns: centroids.columns)
        Rows.scatterAdd(rows, at: assignment, into: &sums)
        var counts = [Float](repeating: 0, count: centroids.rows)
        for cluster in assignment { counts[Int(cluster)] += 1 }
        for cluster in 0..<centroids.rows where counts[cluster] > 0 {
            for column in 0..<centroids.columns {
                centroids[cluster, column] = sums[cluster, column] / counts[cluster]
            }
        }
    }
}

/// `approximate`, as a spec declares it.
public struct PartitionedDefinition: CandidateIndexDefinition {
    /// Parts that the corpus is cut into; at least 1.
    public var leaves: Int
    /// Parts that each query looks into, the nearest first; at least 1.
    public var searchedLeaves: Int
    /// Candidates whose scores are computed exactly before the best are kept.
    public var reorderedCandidates: Int

    public init(leaves: Int = 100, searchedLeaves: Int = 10, reorderedCandidates: Int = 500) {
        self.leaves = leaves
        self.searchedLeaves = searchedLeaves
        self.reorderedCandidates = reorderedCandidates
    }

    public var isExact: Bool { false }

    public func makeIndex(
        count: Int, encode: @escaping @Sendable ([Int32]) -> Matrix, seed: UInt64, lanes: Lanes
    ) -> any CandidateIndex {
        Partitioned(
            encode(Array(0..<Int32(count))), leaves: leaves, searchedLeaves: searchedLeaves,
            reorderedCandidates: reorderedCandidates, seed: seed, lanes: lanes)
    }

    public func makeIndex(
        count: Int, encode: @escaping @Sendable ([Int32]) -> Matrix, from state: NamedArrays,
        lanes: Lanes
    ) throws(StateError) -> (any CandidateIndex)? {
        try Partitioned(
            encode(Array(0..<Int32(count))), from: state, searchedLeaves: searchedLeaves,
            reorderedCandidates: reorderedCandidates)
    }
}

extension PartitionedDefinition: CatalogComponent {
    static let leavesField = Field<Int>(
        "num_leaves", default: 100, .atLeast(1), "Parts into which the corpus is cut by k-means.")
    static let searchedField = Field<Int>(
        "num_leaves_to_search", default: 10, .atLeast(1), "Parts that a query looks into.")
    static let reorderedField = Field<Int>(
        "num_reordering_candidates", default: 500, .atLeast(1),
        "Candidates that are scored exactly after their quantised scores.")

    public static let entry = ComponentEntry<any CandidateIndexDefinition>(
        "approximate",
        summary: "Scores the nearest parts of the corpus from 8-bit embeddings, the best exactly.",
        source: "tfrs.layers.factorized_top_k.ScaNN; Guo et al., 2020",
        fields: [
            leavesField.description, searchedField.description, reorderedField.description,
        ]
    ) {
        PartitionedDefinition(
            leaves: $0[leavesField], searchedLeaves: $0[searchedField],
            reorderedCandidates: $0[reorderedField])
    }
}
