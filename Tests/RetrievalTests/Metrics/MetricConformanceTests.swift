import Retrieval
import RetrievalTesting
import Testing

/// What a user's own metric is tested with, on every metric of the catalogue.
struct MetricConformanceTests {
    /// An entry's fields with their defaults; what has none gets a value that suits.
    private static func values(_ description: ComponentDescription) -> FieldValues {
        var values = FieldValues()
        for field in description.fields where field.defaultValue == nil {
            values[field.name] = .string("genres")
        }
        return values
    }

    /// Genres of 40 candidates.
    private static let corpus = CorpusKnowledge(
        trainingCounts: (0..<40).map { max(0, 30 - $0) },
        columns: Table(
            name: "items",
            columns: [
                (
                    "genres",
                    .tokenLists(
                        TokenListColumn(
                            offsets: (0...40).map { $0 * 2 },
                            codes: (0..<80).map { Int32($0 * $0 % 7) },
                            dictionary: (0..<7).map { "g\($0)" }))
                )
            ]))

    @Test(arguments: Catalog.builtIn.names(of: .factorizedMetric))
    func everyFactorizedMetricOfTheCatalogue(name: String) throws {
        let entry = try #require(Catalog.builtIn.factorizedMetrics[name])
        for unit in ["interaction", "query"] {
            var values = Self.values(entry.description)
            if entry.description.fields.contains(where: { $0.name == "per" }) {
                values["per"] = .string(unit)
            }
            let metric = try entry.make(values)
            #expect(checkFactorizedMetric(metric, corpus: Self.corpus) == [], "per \(unit)")
        }
    }

    @Test(arguments: Catalog.builtIn.names(of: .batchMetric))
    func everyBatchMetricOfTheCatalogue(name: String) throws {
        let entry = try #require(Catalog.builtIn.batchMetrics[name])
        #expect(checkBatchMetric(try entry.make(Self.values(entry.description))) == [])
    }
}
