/// How unevenly the lists are spread over the corpus: the Gini index of how often each candidate is
/// listed, 0 where all are alike, towards 1 where one has everything.
public struct GiniIndex: ExposureMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [10], name: String = "gini_index") {
        self.ks = ks
        self.name = name
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: 0...1, definition: definition)
    }

    public var definition: String {
        """
        Σ (2i - N - 1)·x_i / (N·Σ x_i) over how often each of the N candidates is among the first \
        k of a list, x ascending, those never listed included
        """
    }

    public func value(of counts: [Int]) -> Double {
        let count = Double(counts.count)
        var (weighted, total) = (0.0, 0.0)
        for (index, value) in counts.sorted().enumerated() {
            weighted += (2 * Double(index + 1) - count - 1) * Double(value)
            total += Double(value)
        }
        return weighted / (count * total)
    }
}

extension GiniIndex: CatalogComponent {
    static let nameField = CutoffFields.name("gini_index")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "gini_index", summary: "How unevenly the lists are spread over the corpus.",
        source: "Fleder and Hosanagar, 2009; RecBole's GiniIndex",
        fields: [CutoffFields.ks.description, nameField.description]
    ) { GiniIndex(ks: $0[CutoffFields.ks], name: $0[nameField]) }
}
