import Experiments
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// A metric of one's own reads numbers that are known of the candidates.
struct CandidateNumbersTests {
    private struct MeanPrice: ListMeanMetric {
        var column = "price"
        let ks = [2]
        let name = "mean_price"
        let definition = "mean price of the first two"

        var needs: RankingNeeds {
            RankingNeeds(listDepth: 2, rankDepth: 0, candidateNumbers: [column])
        }

        func prepare(_ queries: RankedQueries) -> [Double] {
            queries.corpus.columns?[column]?.doubles ?? []
        }

        func value(of list: ArraySlice<Int32>, _ prices: [Double]) -> Double {
            list.reduce(0.0) { $0 + prices[Int($1)] } / Double(list.count)
        }
    }

    private struct Shop: DataSource {
        func load(
            in environment: DataEnvironment, progress: (DataProgress) -> Void
        ) throws(DataError) -> Dataset {
            Dataset(
                interactions: Table(
                    name: "interactions",
                    columns: [
                        "user_id": .tokens(TokenColumn(["u", "v", "u", "v", "u", "v"])),
                        "item_id": .tokens(TokenColumn(["a", "b", "c", "a", "b", "c"])),
                    ]),
                candidates: Table(
                    name: "items",
                    columns: [
                        "item_id": .tokens(TokenColumn(["a", "b", "c"])),
                        "price": .numbers([1.5, 1.5, 1.5]),
                        "genre": .tokens(TokenColumn(["x", "y", "z"])),
                    ]), origin: DataOrigin(source: "shop"))
        }
    }

    private func run(column: String) throws -> String {
        var catalog = Catalog.builtIn
        catalog.dataSources.register(
            ComponentEntry("shop", summary: "A few rows.", source: "none") { _ in Shop() })
        catalog.factorizedMetrics.register(
            ComponentEntry("mean_price", summary: "Prices.", source: "none") { _ in
                MeanPrice(column: column)
            })
        let text = """
            name: sample
            data: {source: shop, split: {strategy: random, train: 4, test: 2}}
            towers:
              query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
              candidate:
                features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]
            metrics: {factorized: [{type: mean_price}]}
            train: {epochs: 1, batch_size: 2}
            """
        let experiment = Experiment(
            catalog: catalog, options: RunOptions(threads: 1, environment: isolated()))
        return try experiment.run(try decode(text, catalog: catalog)).document.json.jsonText()
    }

    @Test func numbersAreGiven() throws {
        let results = try run(column: "price").filter { !$0.isWhitespace }
        #expect(results.contains("\"mean_price@2\":1.5"))
    }

    @Test(arguments: [
        ("genre", "'genre' requires numbers; found tokens"), ("cost", "no column 'cost'"),
    ])
    func whatHoldsNoneIsRefused(column: String, message: String) throws {
        do {
            _ = try run(column: column)
            Issue.record("ran")
        } catch let error as SpecError {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
