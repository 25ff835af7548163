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
            return metric.advice(corpusCount: corpusCount, name: choice.name).compactMap {
                spec.marks.diagnostic(
                    .warning, at: $0.path(from: "metrics.factorized[\(index)]"), $0.message)
            }
        }
    }
}
