import ResultsFormat

/// A sweep as a report needs it.
package struct SweepInput: Sendable {
    /// What a trial took, as far as its results say it.
    package struct Cost: Sendable {
        package var seconds: Double?
        package var parameters: Int?

        package init(seconds: Double?, parameters: Int?) {
            self.seconds = seconds
            self.parameters = parameters
        }
    }

    package var path: String
    package var index: SweepIndex
    /// By the trials' names.
    package var costs: [String: Cost]

    package init(path: String, index: SweepIndex, costs: [String: Cost]) {
        self.path = path
        self.index = index
        self.costs = costs
    }

    /// What trials are compared by: the sweep's objective, else the first figure that they have.
    var objective: SweepObjective? {
        if let objective = index.objective { return objective }
        for trial in index.trials {
            for part in ["validation", "test"] {
                guard let first = trial.metrics[part]?.first else { continue }
                return SweepObjective(metric: first.key, direction: .maximize, part: part)
            }
        }
        return nil
    }

    /// Trials that have a value, in the sweep's order.
    var measured: [(trial: TrialEntry, value: Double)] {
        guard let objective else { return [] }
        return index.trials.compactMap { trial in
            guard trial.status == .completed, trial.isFinal,
                let value = trial.value(of: objective), value.isFinite
            else { return nil }
            return (trial, value)
        }
    }
}

/// A setting that the trials of a sweep differ in.
struct SweepAxis {
    /// Its path into the spec.
    var path: String
    /// The setting of each measured trial; nil where a trial says nothing of it.
    var values: [JSONValue?]

    static func all(of trials: [TrialEntry]) -> [SweepAxis] {
        var paths: [String] = []
        for trial in trials {
            for path in trial.settings.keys where !paths.contains(path) { paths.append(path) }
        }
        return paths.map { path in SweepAxis(path: path, values: trials.map { $0.settings[path] }) }
            .filter { $0.levels.count > 1 }
    }

    /// The last words of the path, as many as tell what is meant.
    var name: String {
        let words = path.split(separator: ".").map(String.init)
        guard let last = words.last else { return path }
        return ["type", "units", "output_dim", "name", "epochs"].contains(last) || last.count < 4
            ? words.suffix(2).joined(separator: ".") : last
    }

    /// Distinct settings: numbers by size, others in the order of the trials.
    var levels: [JSONValue] {
        var levels: [JSONValue] = []
        for value in values.lazy.compactMap(\.self) where !levels.contains(value) {
            levels.append(value)
        }
        return isNumeric
            ? levels.sorted { ($0.doubleValue ?? 0) < ($1.doubleValue ?? 0) } : levels
    }

    var isNumeric: Bool { values.allSatisfy { $0 == nil || $0?.doubleValue != nil } }

    /// Whether its numbers are so many that each stands for itself.
    var isContinuous: Bool { isNumeric && levels.count > 8 }

    /// Whether its numbers span more than one can see on a plain axis.
    var isLogarithmic: Bool {
        let numbers = values.compactMap { $0?.doubleValue }
        guard isNumeric, let low = numbers.min(), let high = numbers.max(), low > 0 else {
            return false
        }
        return high / low >= 20
    }

    static func text(_ value: JSONValue?) -> String {
        guard let value else { return "–" }
        if let number = value.doubleValue { return NumberText.short(number) }
        return value.stringValue ?? (try? value.jsonText(.compact)) ?? "?"
    }

    /// For each trial the group of like settings that it belongs to: its setting, or of numbers
    /// without end a quarter of them.
    var groups: [Int?] {
        if isContinuous {
            let sorted = values.compactMap { $0?.doubleValue }.sorted()
            return values.map { value in
                value?.doubleValue.map { number in
                    let below = sorted.firstIndex { $0 >= number } ?? 0
                    return min(3, below * 4 / max(1, sorted.count))
                }
            }
        }
        let levels = levels
        return values.map { value in value.flatMap { levels.firstIndex(of: $0) } }
    }
}
