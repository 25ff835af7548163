/// The weighted share of interactions whose positive is among the k best candidates, for several k:
/// `tfrs.metrics.FactorizedTopK`.
///
/// With ``TiePolicy/tfrs`` and found by its score, a positive is among the k best when fewer than k
/// candidates score strictly higher: ties are hits, as TensorFlow's `in_top_k` has it. Found by its
/// id, it is a hit if the id stands among the first k, equal scores in the corpus's order. It is a
/// miss for every k where its own score is not finite or, found by its score, one of the max(ks)
/// best is not. By default a positive that ties is a hit as likely as it is in a random order.
public struct FactorizedTopK: UnitMeanMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [1, 5, 10, 50, 100], name: String = "factorized_top_k") {
        self.ks = ks
        self.name = name
    }

    public var per: QueryUnit { .interaction }

    public var cutoffs: [Int] { ks }
    public var needs: RankingNeeds { RankingNeeds(rankDepth: ks.max() ?? 0) }

    public var figure: FigureDescription { .share(definition) }

    public var definition: String {
        "share of interactions, by sample weight, whose positive is among the k best candidates"
    }

    public func advice(corpusCount: Int, name: String) -> [Advice] {
        CutoffFields.advice(on: ks, beyond: corpusCount) { k in
            "top-\(k) accuracy of \(corpusCount) candidates is 1 whatever the model does"
        }
    }

    public var valueNames: [String] { ks.map { "\(name)/top_\($0)_categorical_accuracy" } }

    public func figures(in queries: RankedQueries) -> (RankedUnit) -> [Double] {
        { unit in
            let deepest = min(ks.max() ?? 0, unit.candidateCount)
            let isComparable = queries.finiteCounts.map { Int($0[unit.index]) >= deepest } ?? true
            return ks.map { isComparable ? unit.hits($0) : 0 }
        }
    }

    /// Nothing measured gives 0, as a weight of 0 does: so does Keras's mean.
    public func summarize(_ accumulator: UnitFigures) -> [MetricValue] {
        accumulator.means().map { value in
            MetricValue(name: value.name, value: value.value.isNaN ? 0 : value.value)
        }
    }
}

extension FactorizedTopK: CatalogComponent {
    static let ksField = CutoffFields.ks([1, 5, 10, 50, 100])
    static let nameField = CutoffFields.name("factorized_top_k")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "factorized_top_k",
        summary: "Share of queries whose positive is among the k best of the whole corpus.",
        source: "tfrs.metrics.FactorizedTopK",
        fields: [ksField.description, nameField.description]
    ) { values in
        FactorizedTopK(ks: values[ksField], name: values[nameField])
    }
}
