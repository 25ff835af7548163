import Experiments
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// What is made of users' and items' columns, spread over ranks: with the digest of one process.
struct SpreadFeaturesTests {
    private func digests(_ text: String, ranks size: Int, threads: Int) throws -> [String] {
        try InProcessRanks.run(size) { ranks in
            var options = RunOptions(threads: threads, environment: isolated())
            options.ranks = ranks
            return try Experiment(catalog: .builtIn, options: options).run(try decode(text)).digest
        }
    }

    private func check(_ text: String, setups: [(Int, Int)] = [(2, 2), (4, 1)]) throws {
        let expected = try run(text, threads: 1).digest
        for (ranks, threads) in setups {
            let found = try digests(text, ranks: ranks, threads: threads)
            #expect(Set(found) == [expected], "\(ranks) ranks of \(threads) threads")
        }
    }

    private static func text(
        _ data: String, query: String = "", candidate: String = "", queryLayers: String = "[]",
        candidateLayers: String = "[]", more: String = ""
    ) -> String {
        """
        name: shop
        \(data)
        towers:
          query:
            features:
              - {type: string_lookup, column: user_id, embedding: {output_dim: 8}}
        \(query)
            layers: \(queryLayers)
          candidate:
            features:
              - {type: string_lookup, column: item_id, embedding: {output_dim: 8}}
        \(candidate)
            layers: \(candidateLayers)
        train: {epochs: 2, batch_size: 64, optimizer: {type: adam, learning_rate: 0.01}}
        \(more)
        """
    }

    /// Wide enough that a rank's lanes are worth dealing.
    private static let layers = """
        [{type: dense, units: 96, activation: relu}, {type: dropout, rate: 0.2},
         {type: residual, layers: [{type: dense, units: 96, activation: gelu}]},
         {type: cross}, {type: dense, units: 16}, unit_normalization]
        """

    /// Of a query's own columns, of lists and of numbers, and layers over them.
    @Test(arguments: [true, false]) func featuresUnderLayers(isDistinct: Bool) throws {
        let folder = try TemporaryFolder()
        try check(
            Self.text(
                try ShopData().write(to: folder),
                query: """
                          - {type: string_lookup, column: country, embedding: {output_dim: 8}}
                    """,
                candidate: """
                          - {type: string_lookup, column: genres, embedding: {output_dim: 8}}
                          - {type: normalization, column: price}
                    """,
                queryLayers: Self.layers, candidateLayers: Self.layers,
                more: isDistinct ? "" : "loss: {type: info_nce, learnable_temperature: true}"))
    }

    /// The last layer of a tower makes several vectors of each query.
    @Test func headsUnderLayers() throws {
        let folder = try TemporaryFolder()
        try check(
            Self.text(
                try ShopData().write(to: folder),
                queryLayers: """
                    [{type: dense, units: 96, activation: relu},
                     {type: multi_head, heads: 3, units: 16}]
                    """, candidateLayers: "[{type: dense, units: 16}]"))
    }

    @Test func listsThatAreDiverse() throws {
        let folder = try TemporaryFolder()
        try check(
            Self.text(
                try ShopData().write(to: folder),
                more: """
                    metrics: {factorized: [{type: intra_list_diversity, column: genres}, mrr]}
                    """))
    }

    /// Saved by one process, gone on with by several.
    @Test func trainingsThatStartFromAModel() throws {
        let folder = try TemporaryFolder()
        let shop = ShopData()
        _ = try run(
            Self.text(
                try shop.write(to: folder, parts: 0..<200),
                more: "output: {model: \(folder.path)/first}"))
        for options in [", optimizer: reset", ", frozen: true, match: 'candidate/*'"] {
            try check(
                Self.text(
                    try shop.write(to: folder),
                    more: "warm_start: {model: \(folder.path)/first\(options)}"))
        }
    }

    /// An encoder that is large enough for all lanes, histories that begin alike, and layers over it.
    @Test(arguments: ["{type: self_attention, dropout: 0.2}", "{type: gru, units: 32}", "average"])
    func encodersOfAllLanes(encoder: String) throws {
        let folder = try TemporaryFolder()
        try check(
            """
            name: shop
            \(try ShopData(users: 60, interactions: 600).write(to: folder))
            towers:
              query:
                features:
                  - {type: history, column: item_id, max_length: 9, order_by: time,
                     encoder: \(encoder), embedding: {output_dim: 32, table: items}}
                layers: [{type: dense, units: 32, activation: relu}]
              candidate:
                features:
                  - {type: string_lookup, column: item_id,
                     embedding: {output_dim: 32, table: items}}
            train: {epochs: 2, batch_size: 128, optimizer: adam}
            """)
    }

    /// What a gradient's length limits is known to all ranks.
    @Test func limitsOfNorms() throws {
        let folder = try TemporaryFolder()
        for limit in ["clipnorm: 0.05", "global_clipnorm: 0.05", "clipvalue: 0.001"] {
            var text = Self.text(
                try ShopData().write(to: folder), queryLayers: Self.layers,
                candidateLayers: "[{type: dense, units: 16}]")
            text.replace("learning_rate: 0.01", with: "learning_rate: 0.01, \(limit)")
            try check(text, setups: [(4, 1)])
        }
    }

    /// A rank draws its own rows alone, with the numbers that they have in the whole table.
    @Test func tablesStartAlike() throws {
        for initializer in Catalog.builtIn.names(of: .initializer) {
            try check(
                """
                name: sample
                data: {source: synthetic, users: 24, items: 30, interactions: 300}
                towers:
                  query:
                    features:
                      - {type: string_lookup, column: user_id,
                         embedding: {output_dim: 40, embeddings_initializer: \(initializer)}}
                  candidate:
                    features:
                      - {type: string_lookup, column: item_id,
                         embedding: {output_dim: 40, embeddings_initializer: \(initializer)}}
                train: {epochs: 1, batch_size: 64, optimizer: adagrad}
                """, setups: [(4, 1)])
        }
    }
}
