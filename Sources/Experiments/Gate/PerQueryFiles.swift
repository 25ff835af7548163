import Hashing
import Platform
import ResultsFormat
import Safeguards

/// The figures per query that a run wrote, as a paired test needs them.
package enum PerQueryFiles {
    /// Results name variables as their spec does, and do not say what they held.
    private static var environment: [String: String] {
        Confinement.isOn ? [:] : ProcessEnvironment.variables
    }

    /// What became of a run's file.
    package enum Outcome {
        /// The run wrote none.
        case none
        case values(PerQueryFigures)
        /// The run wrote one, and it cannot be had: why, in a sentence.
        case problem(String)
    }

    /// The values that a run wrote beside its results, or where its spec says.
    package static func values(of document: ResultsDocument, beside path: String) -> Outcome {
        let named = document.experiment.spec[path: ["evaluate", "per_query"]]?.stringValue
            .flatMap { try? EnvironmentReferences.expand($0, from: environment) }
        let stated = document.evaluation["test"]?.perQuerySHA256
        guard named != nil || stated != nil else { return .none }
        var problem: String?
        let places = [ExperimentResults.perQueryPath(besideResults: path), named].compactMap { $0 }
        for place in places where FileManager.default.fileExists(atPath: place) {
            do {
                let (figures, digest) = try PerQueryFile.readWithDigest(from: place)
                if isOf(document, figures), stated == nil || digest == stated {
                    return .values(figures)
                }
                problem = problem ?? "'\(place)' holds the figures of single queries of another run"
            } catch {
                problem = problem ?? "the figures of single queries cannot be read: \(error)"
            }
        }
        return .problem(
            problem
                ?? "the figures of single queries are missing: there is no "
                + places.map { "'\($0)'" }.joined(separator: " and no "))
    }

    private static func isOf(_ document: ResultsDocument, _ figures: PerQueryFigures) -> Bool {
        figures.specSHA256 == document.experiment.specSHA256
            && figures.dataFingerprint == document.data?.fingerprint
            && figures.seed == document.seed
    }
}

extension PerQueryValues {
    /// Each query's share of the metric, times the number of queries: the mean over queries is the
    /// metric's value. Rounded to a millionth, far below what a test can tell.
    init(_ figures: PerQueryFigures) {
        let table = figures.queries
        let names = table.strings("query") ?? []
        var metrics: OrderedMap<[Double]> = [:]
        for name in figures.valueNames {
            guard let values = table.numbers(name), let weights = table.numbers("weight:" + name)
            else { continue }
            let pairs = zip(values, weights).map { value, weight in
                weight > 0 ? (Double(value), Double(weight)) : (0, 0)
            }
            let total = pairs.reduce(0) { $0 + $1.1 }
            guard total > 0 else { continue }
            let scale = Double(pairs.count) / total
            metrics[name] = pairs.map { value, weight in
                (value * weight * scale * 1e6).rounded() / 1e6
            }
        }
        self.init(queries: names.map(Self.number), metrics: metrics)
    }

    /// The queries' ids by the numbers that stand for them, of those that are no numbers.
    static func names(of figures: PerQueryFigures) -> [Int: String] {
        let names = figures.queries.strings("query") ?? []
        return Dictionary(
            names.map { (number($0), $0) }.filter { "\($0.0)" != $0.1 },
            uniquingKeysWith: { first, _ in first })
    }

    /// A number for a query's name, the same in every run: itself where it is one, else a hash.
    private static func number(_ name: String) -> Int {
        if let number = Int(name), "\(number)" == name { return number }
        return Int(SHA256.hexadecimal(of: name).prefix(12), radix: 16) ?? 0
    }
}
