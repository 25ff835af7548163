import Experiments
import ResultsFormat
import Retrieval
import Testing

/// Whom positives are ranked among, against ranks counted one by one: a popularity baseline's
/// scores are the training counts, which a test can recount.
struct EvaluationProtocolTests {
    /// A log in which every candidate begins to exist at some time and has genres.
    private struct Log: DataSource {
        static let users = 9
        static let items = 14

        struct Row {
            var user: Int
            var item: Int
            var time: Int64
            var part: String
        }

        /// Items come into being one after the other; the last user and the last item never train.
        static let rows: [Row] = {
            var random = RandomStream(seed: 7, stream: "log")
            return (0..<160).map { index in
                let item = random.below(items)
                let user = random.below(users)
                let held = ["train", "train", "train", "validation", "test"][random.below(5)]
                let isNew = user == users - 1 || item == items - 1
                return Row(
                    user: user, item: item,
                    time: released(item) + Int64(random.below(100)),
                    part: isNew ? "test" : held)
            }
        }()

        /// In an order that is not the items'.
        static func released(_ item: Int) -> Int64 { Int64((item * 5) % items * 20) }

        static func genres(_ item: Int) -> [String] {
            (item % 2 == 0 ? ["even"] : []) + (item % 3 == 0 ? ["third"] : [])
        }

        static var genreColumn: TokenListColumn {
            let lists = (0..<items).map(genres)
            var offsets = [0]
            for list in lists { offsets.append(offsets[offsets.count - 1] + list.count) }
            let all = TokenColumn(lists.flatMap { $0 })
            return TokenListColumn(
                offsets: offsets, codes: all.codes, dictionary: all.dictionary)
        }

        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(TokenColumn(Self.rows.map { "u\($0.user)" })),
                        "item_id": .tokens(TokenColumn(Self.rows.map { "i\($0.item)" })),
                        "timestamp": .integers(Self.rows.map(\.time)),
                        "split": .tokens(TokenColumn(Self.rows.map(\.part))),
                    ]),
                candidates: Table(
                    name: "items",
                    columns: [
                        "item_id": .tokens(TokenColumn((0..<Self.items).map { "i\($0)" })),
                        "genres": .tokenLists(Self.genreColumn),
                        "released": .integers((0..<Self.items).map(Self.released)),
                    ]),
                origin: DataOrigin(source: "log"))
        }
    }

    private static let catalog: Catalog = {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("log", summary: "A few rows.", source: "none") { _ in Log() })
        return catalog
    }()

    private func run(
        _ evaluate: String, model: String = "baseline: most_popular",
        metrics: String = "[mean_rank]", threads: Int = 1,
        ranks: any Communicator = SingleProcess()
    ) throws -> ExperimentResults {
        let spec = try decode(
            """
            name: sample
            data: {source: log, split: {strategy: column, validation: validation}}
            \(Sample.towers)
            metrics: {factorized: \(metrics)}
            evaluate: \(evaluate)
            \(model)

            """, catalog: Self.catalog)
        var options = RunOptions(threads: threads, environment: isolated())
        options.ranks = ranks
        return try Experiment(catalog: Self.catalog, options: options).run(spec)
    }

    /// The rank that a row's item may expect among some candidates by their training rows: half of
    /// its equals stand before it.
    private func plainRank(_ item: Int, among candidates: [Int]) -> Double {
        let counts = (0..<Log.items).map { item in
            Log.rows.count { $0.item == item && $0.part == "train" }
        }
        return candidates.reduce(1) { rank, other in
            if other == item { return rank }
            return rank
                + (counts[other] > counts[item] ? 1 : counts[other] == counts[item] ? 0.5 : 0)
        }
    }

    /// The mean of that over the rows of a part.
    private func plainMeanRank(
        _ part: String, isAllowed: (_ row: Log.Row, _ item: Int) -> Bool
    ) -> Double {
        let ranks = Log.rows.filter { $0.part == part }.map { row in
            plainRank(row.item, among: (0..<Log.items).filter { isAllowed(row, $0) })
        }
        return ranks.reduce(0, +) / Double(ranks.count)
    }

    private func expectMeanRanks(
        _ evaluate: String, _ isAllowed: (_ part: String, _ row: Log.Row, _ item: Int) -> Bool
    ) throws {
        let evaluation = try run(evaluate).document.evaluation
        for part in ["test", "validation"] {
            let found = try #require(evaluation[part]?.metrics["mean_rank"])
            let expected = plainMeanRank(part) { isAllowed(part, $0, $1) }
            #expect(abs(found - expected) < 1e-9, "\(part): \(found), not \(expected)")
        }
    }

    private func has(_ row: Log.Row, _ item: Int, in parts: Set<String>) -> Bool {
        Log.rows.contains { $0.user == row.user && $0.item == item && parts.contains($0.part) }
    }

    @Test func allCandidates() throws {
        try expectMeanRanks("{}") { _, _, _ in true }
    }

    @Test func candidatesOfAColumn() throws {
        try expectMeanRanks("{candidate_filter: {column: genres, values: [third]}}") { _, _, item in
            Log.genres(item).contains("third")
        }
    }

    /// A candidate that begins to exist at the moment of the interaction is one.
    @Test func candidatesThatExisted() throws {
        let columns = "{candidate: released, interaction: timestamp}"
        try expectMeanRanks("{available_at: \(columns)}") { _, row, item in
            Log.released(item) <= row.time
        }
        try expectMeanRanks(
            "{available_at: \(columns), candidates: {type: streaming, batch_size: 3}}"
        ) { _, row, item in Log.released(item) <= row.time }
    }

    /// A query's positives, all of the part, are there even where training saw them.
    @Test func withoutWhatTrainingSaw() throws {
        try expectMeanRanks("{exclude_seen: train}") { part, row, item in
            has(row, item, in: [part]) || !has(row, item, in: ["train"])
        }
    }

    /// The validation part hides from the test, and not from itself.
    @Test func withoutWhatTrainingAndValidationSaw() throws {
        try expectMeanRanks("{exclude_seen: train_and_validation}") { part, row, item in
            let positives = has(row, item, in: [part])
            let seen = part == "test" ? ["train", "validation"] : ["train"]
            return positives || !has(row, item, in: Set(seen))
        }
    }

    /// Where candidates come to exist, a query's positives are those of the same candidates.
    @Test func rulesTogether() throws {
        func existing(_ time: Int64) -> Int {
            (0..<Log.items).count { !Log.genres($0).isEmpty && Log.released($0) <= time }
        }
        try expectMeanRanks(
            """
            {exclude_seen: train, candidate_filter: {column: genres, values: [even, third]},
              available_at: {candidate: released, interaction: timestamp}}
            """
        ) { part, row, item in
            let isPositive = Log.rows.contains {
                $0.user == row.user && $0.item == item && $0.part == part
                    && existing($0.time) == existing(row.time)
            }
            return !Log.genres(item).isEmpty && Log.released(item) <= row.time
                && (isPositive || !has(row, item, in: ["train"]))
        }
    }

    @Test func slicesOfWhatTrainingNeverSaw() throws {
        let slices = try #require(
            try run("{slices: [unseen_queries, unseen_candidates]}").document.evaluation["test"]
        ).slices
        let test = Log.rows.filter { $0.part == "test" }
        for (name, members) in [
            (
                "unseen_queries",
                test.filter { row in
                    !Log.rows.contains { $0.part == "train" && $0.user == row.user }
                }
            ),
            (
                "unseen_candidates",
                test.filter { row in
                    !Log.rows.contains { $0.part == "train" && $0.item == row.item }
                }
            ),
        ] {
            let slice = try #require(slices[name])
            #expect(slice.examples == members.count && members.count > 3, "\(name)")
            let ranks = members.map { plainRank($0.item, among: Array(0..<Log.items)) }
            let mean = ranks.reduce(0, +) / Double(ranks.count)
            #expect(abs((slice.metrics["mean_rank"] ?? .nan) - mean) < 1e-9, "\(name)")
        }
    }

    /// `val_` and `test_` before the names, as Keras has it, and the last epoch's figures are
    /// those of the evaluation at the end.
    @Test(arguments: ["validation", "test"])
    func evaluationDuringTraining(part: String) throws {
        let results = try run(
            "{every: 1, on: \(part), metrics: [mrr]}", model: "train: {epochs: 2}",
            metrics: "[mrr, mean_rank]")
        let prefix = part == "validation" ? "val_" : "test_"
        let last = try #require(results.record.epochs.last).metrics
        let record = try #require(results.document.evaluation[part])
        #expect(last[prefix + "mrr"] == record.metrics["mrr"])
        #expect(last[prefix + "loss"] == record.loss)
        // A metric that is not asked for is absent, not 0.
        #expect(last.keys.allSatisfy { !$0.contains("mean_rank") })
        let others = last.keys.filter { $0.hasPrefix(prefix == "val_" ? "test_" : "val_") }
        #expect(others.isEmpty)
    }

    /// Whatever the protocol, the same bits on any number of threads and of ranks.
    @Test(arguments: [
        "{}", "{exclude_seen: train_and_validation}", "{tie_policy: mean}", "{tie_policy: tfrs}",
        "{candidate_filter: {column: genres, values: [even]}}",
        "{available_at: {candidate: released, interaction: timestamp}}",
        "{slices: [unseen_queries, {column: genres}]}", "{candidates: {type: streaming}}",
        "{id_based: true, candidates: {type: approximate, num_leaves: 3, num_leaves_to_search: 2}}",
    ])
    func bitsDependNeitherOnThreadsNorOnRanks(evaluate: String) throws {
        let metrics =
            evaluate.contains("approximate")
            ? "[factorized_top_k]"
            : "[factorized_top_k, {type: ndcg, per: query}, auc, gini_index, novelty]"
        @Sendable func digest(
            threads: Int = 1, _ ranks: any Communicator = SingleProcess()
        ) throws -> String {
            try run(
                evaluate, model: "train: {epochs: 1, batch_size: 32}", metrics: metrics,
                threads: threads, ranks: ranks
            ).digest
        }
        let digests = try [1, 2, 3].map { try digest(threads: $0) }
        let spread = try [2, 4].flatMap { size in
            try InProcessRanks.run(size) { try digest($0) }
        }
        #expect(Set(digests + spread).count == 1)
    }
}
