import Retrieval
import YAMLTree

/// What a spec may say, but surely did not mean with the data that it has.
enum SpecWarnings {
    /// - Parameter corpusCount: the candidates that each positive is ranked among.
    static func of(
        _ spec: ExperimentSpec, metrics: [any FactorizedMetric], corpusCount: Int
    ) -> [Diagnostic] {
        zip(spec.metrics.factorized, metrics).enumerated().flatMap { index, pair in
            let (choice, metric) = pair
            let ks = choice.values["ks"].flatMap([Int].init(fieldValue:)) ?? []
            return ks.enumerated().compactMap { place, k -> Diagnostic? in
                guard k > corpusCount else { return nil }
                let message =
                    metric is FactorizedTopK
                    ? "top-\(k) accuracy of \(corpusCount) candidates is 1 whatever the model does"
                    : "\(choice.name) of the best \(k) counts all of the \(corpusCount) candidates"
                return spec.marks.diagnostic(
                    .warning, at: "metrics.factorized[\(index)].ks[\(place)]", message)
            }
        }
    }
}
