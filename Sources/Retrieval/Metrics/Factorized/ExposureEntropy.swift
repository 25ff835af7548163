/// How many candidates the lists are effectively spread over, as Shannon entropy in bits.
public struct ExposureEntropy: ExposureMetric {
    public var ks: [Int]
    public var name: String

    public init(ks: [Int] = [10], name: String = "entropy") {
        self.ks = ks
        self.name = name
    }

    public var figure: FigureDescription {
        FigureDescription(
            better: .neither, range: .from(0), unit: "bits", definition: definition)
    }

    public var definition: String {
        """
        -Σ p·log2 p over the candidates, in bits, p a candidate's share of the first k of all \
        lists; at most log2 of the corpus
        """
    }

    public func value(of counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        return counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * Kernels.log(share) / 0.6931471805599453
        }
    }
}

extension ExposureEntropy: CatalogComponent {
    static let nameField = CutoffFields.name("entropy")

    public static let entry = ComponentEntry<any FactorizedMetric>(
        "entropy", summary: "Shannon entropy of what the lists show, in bits.",
        source: "Shannon, 1948; cf. RecBole's ShannonEntropy",
        fields: [CutoffFields.ks.description, nameField.description]
    ) { ExposureEntropy(ks: $0[CutoffFields.ks], name: $0[nameField]) }
}
