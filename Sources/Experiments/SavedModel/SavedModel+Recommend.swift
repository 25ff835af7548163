import ResultsFormat
import Retrieval
import Safeguards

/// How a saved model recommends.
public struct RecommendationOptions: Sendable {
    /// Candidates of a list, at least 1; a list has fewer where there are no more.
    public var count: Int
    /// Whether what a known query has had, and what its history names, is left out.
    public var excludesSeen: Bool
    /// Whether a token that the model has never seen is an error.
    public var isStrict: Bool
    /// The ids that alone may be recommended; nil: all of the corpus.
    public var candidates: [String]?
    /// The line of the first query, from 1, for messages; nil: queries have none.
    public var firstLine: Int?

    public init(
        count: Int = 10, excludesSeen: Bool = false, isStrict: Bool = false,
        candidates: [String]? = nil, firstLine: Int? = nil
    ) {
        self.count = count
        self.excludesSeen = excludesSeen
        self.isStrict = isStrict
        self.candidates = candidates
        self.firstLine = firstLine
    }
}

/// What is recommended to one query, the best first.
public struct RecommendationList: Hashable, Sendable {
    /// A candidate and its score, the dot product of the embeddings.
    public struct Item: Hashable, Sendable {
        /// Who it is.
        public var id: String
        /// The greater, the better.
        public var score: Float
        /// The row of `candidates.jsonl`.
        public var row: Int
    }

    /// The best first.
    public var items: [Item]
    /// What the model has never seen of the query, a sentence each.
    public var notes: [String]
}

extension SavedModel {
    /// Recommends candidates.
    ///
    /// - Parameters:
    ///   - queries: each an object of what the query tower reads, by column. What is known of the id
    ///     that it gives is filled in; `history` lists what was before, oldest first, as ids of
    ///     candidates or as objects.
    ///   - options: how.
    /// - Returns: a list for each query.
    /// - Throws: ``ModelError/query(line:_:)`` for a query that cannot be answered.
    public func recommend(
        to queries: [JSONObject], _ options: RecommendationOptions = RecommendationOptions()
    ) throws -> [RecommendationList] {
        guard !queries.isEmpty else { return [] }
        let (whole, rows) = try completed(queries)
        let columns = QueryColumns(model: self, queries: whole, firstLine: options.firstLine)
        let (encoded, unknown) = try encode(columns)
        if options.isStrict, let first = unknown.min(by: { $0.key < $1.key }) {
            throw columns.wrong(Int(first.key), Self.words(first))
        }
        var blocked: [[Int32]]?
        if options.excludesSeen {
            blocked = try rows.indices.map { query in
                let known = rows[query].map { seen(Int($0)).map { Int32($0) } } ?? []
                return Array(Set(known).union(try columns.given(query)))
            }
        }
        let lists = try search(encoded, heads: record.heads, blocked: blocked, options)
        var notes = [[String]](repeating: [], count: queries.count)
        for token in unknown { notes[Int(token.key)].append(Self.words(token)) }
        return zip(lists, notes).map { RecommendationList(items: $0, notes: $1) }
    }

    /// Recommends to ids that are known, or at least looked up.
    public func recommend(
        toIDs ids: [String], _ options: RecommendationOptions = RecommendationOptions()
    ) throws -> [RecommendationList] {
        try recommend(to: ids.map { [record.query.id: .string($0)] }, options)
    }

    /// The candidates most like one, by the cosine of their embeddings; itself left out.
    public func similar(
        to id: String, _ options: RecommendationOptions = RecommendationOptions()
    ) throws -> RecommendationList {
        guard let row = try candidates.row(of: id) else {
            throw ModelError.query(
                line: nil, "'\(id)' is no \(record.candidate.id) that the model knows")
        }
        let own = Matrix(
            rows: 1, columns: embeddings.columns, values: Array(embeddings.row(Int(row))))
        let lists = try search(
            own.unitRows, heads: 1, blocked: [[row]], options, embeddings: embeddings.unitRows)
        return RecommendationList(items: lists[0], notes: [])
    }

    // MARK: On the way

    /// The queries with what is known of their ids, and the row of each id that is known.
    func completed(
        _ queries: [JSONObject]
    ) throws(ModelError) -> (queries: [JSONObject], rows: [Int32?]) {
        let id = record.query.id
        // Who is known is looked for where somebody is named.
        guard queries.contains(where: { $0[id]?.token != nil }) else {
            return (queries, [Int32?](repeating: nil, count: queries.count))
        }
        let known = try self.queries.rows(of: queries.map { $0[id]?.token ?? "" })
        let hasMore = record.query.columns.count > 1 || record.history != nil
        var whole = queries
        for (index, row) in known.enumerated() where hasMore {
            guard let row, queries[index][id]?.token != nil else { continue }
            for member in try self.queries.row(Int(row)) where whole[index][member.key] == nil {
                whole[index][member.key] = member.value
            }
        }
        return (whole, zip(known, queries).map { $1[id]?.token == nil ? nil : $0 })
    }

    /// The embeddings of queries, and the tokens that are out of vocabulary.
    func encode(_ columns: QueryColumns) throws -> (Matrix, [UnknownToken]) {
        let (tower, model, builder) = try queryTower(columns)
        let keys = Array(0..<Int32(columns.queries.count))
        let matrix = model.encodeQueries(keys, EncodingContext(lanes: lanes)).embeddings
        guard matrix.columns == record.dimension, tower.heads == record.heads else {
            throw ModelError.unfitting(
                "the query tower makes \(tower.heads) vectors of \(matrix.columns) numbers; "
                    + "candidates have \(record.dimension)")
        }
        return (matrix, builder.unknownTokens)
    }

    /// The query tower over some queries.
    func queryTower(
        _ columns: QueryColumns
    ) throws -> (FeatureTower, TwoTowerModel, ModelBuilder) {
        var builder = ModelBuilder(again: built, learned: learned.withLock { $0 })
        let assembly = TowerAssembly(catalog: catalog, spec: spec)
        var failure: ModelError?
        let tower: FeatureTower
        do {
            tower = try assembly.tower(
                spec.towers.query, path: "query",
                { feature throws(DataError) in
                    do throws(ModelError) {
                        return try columns.input(of: feature)
                    } catch {
                        failure = error
                        throw .impossible("\(error)")
                    }
                }, &builder)
        } catch {
            throw failure ?? error
        }
        if let misfit = builder.misfit { throw ModelError.unfitting(misfit) }
        learned.withLock { [builder] in $0 = builder.learned }
        let loss = try catalog.make(.loss, spec.loss)
        let model = assembly.model(query: tower, candidate: tower, loss, &builder)
        return (tower, model, builder)
    }

    /// - Parameters:
    ///   - blocked: rows of candidates that each query must not find.
    ///   - embeddings: of all candidates; nil: as the run has searched them.
    private func search(
        _ queries: Matrix, heads: Int, blocked: [[Int32]]?, _ options: RecommendationOptions,
        embeddings: Matrix? = nil
    ) throws -> [[RecommendationList.Item]] {
        var places = corpus
        if let wanted = options.candidates { places = try rows(ofWanted: wanted) }
        let index: any CandidateIndex
        if options.candidates == nil, embeddings == nil {
            index = try self.index()
        } else {
            index = BruteForce(Rows.gather(embeddings ?? self.embeddings, places, lanes))
        }
        var hidden: RowPlaces?
        if let blocked {
            var placeOf = [Int32](repeating: -1, count: self.embeddings.rows)
            for (place, row) in places.enumerated() { placeOf[Int(row)] = Int32(place) }
            hidden = RowPlaces(blocked.map { $0.map { placeOf[Int($0)] }.filter { $0 >= 0 } })
        }
        // An index that is not exact looks as deep as in the run, for the same lists.
        let depth =
            index.isExact ? options.count : max(options.count, try searchDepth)
        let request = CorpusRequest(
            queries: queries, heads: heads, depth: min(depth, index.count), blocked: hidden)
        let lists = index.search(request, lanes: lanes).lists
        return try (0..<request.rows).map { row in
            try zip(lists.places(of: row, first: options.count), lists.scores(of: row)).map {
                place, score in
                let row = Int(places[Int(place)])
                return RecommendationList.Item(id: try candidates.id(row), score: score, row: row)
            }
        }
    }

    /// The rows of ids that alone may be recommended, in the order of the corpus.
    private func rows(ofWanted ids: [String]) throws(ModelError) -> [Int32] {
        let rows = try candidates.rows(of: ids)
        if let unknown = rows.firstIndex(where: { $0 == nil }) {
            throw .query(
                line: nil,
                "the candidates hold '\(ids[unknown])', which is no "
                    + "\(record.candidate.id) that the model knows")
        }
        let wanted = Set(rows.compactMap(\.self))
        let kept = corpus.filter(wanted.contains)
        guard !kept.isEmpty else { throw .query(line: nil, "there are no candidates to rank") }
        return kept
    }

    private static func words(_ token: UnknownToken) -> String {
        "'\(token.token)' is out of the vocabulary of \(token.path)"
    }
}
