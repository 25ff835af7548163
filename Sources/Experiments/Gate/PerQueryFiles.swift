import Foundation
import Hashing
import ResultsFormat
import Safeguards

/// The figures per query that a run wrote, as a paired test needs them.
public enum PerQueryFiles {
    /// Where a trial of a sweep writes them: beside its results, for the spec names one file for
    /// all trials.
    public static func path(besideResults path: String) -> String {
        (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".per_query"
    }

    /// Results name variables as their spec does, and do not say what they held.
    private static var environment: [String: String] {
        Confinement.isOn ? [:] : ProcessInfo.processInfo.environment
    }

    /// The values of a run's parts; empty where it wrote none, or where the file is another run's.
    static func values(
        of document: ResultsDocument, beside path: String
    ) -> OrderedMap<PerQueryValues> {
        let named = document.experiment.spec[path: ["evaluate", "per_query"]]?.stringValue
            .flatMap { try? EnvironmentReferences.expand($0, from: environment) }
        for candidate in [self.path(besideResults: path), named].compactMap({ $0 }) {
            guard let figures = try? PerQueryFile.read(from: candidate),
                figures.specSHA256 == document.experiment.specSHA256,
                figures.dataFingerprint == document.data?.fingerprint,
                figures.seed == document.seed
            else { continue }
            return [figures.part: PerQueryValues(figures)]
        }
        return [:]
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

    /// A number for a query's name, the same in every run: itself where it is one, else a hash.
    private static func number(_ name: String) -> Int {
        if let number = Int(name), "\(number)" == name { return number }
        return Int(SHA256.hexadecimal(of: name).prefix(12), radix: 16) ?? 0
    }
}
