import ResultsFormat

/// Time and memory, which only runs of one job on one machine can be compared by.
extension GateCheck {
    mutating func compareCosts(
        _ name: String, _ configuration: String, _ runs: [GateRun], _ rules: GateRules,
        _ group: RunSet.RunGroup
    ) {
        let costs: [(String, Double?, (ResultsDocument) -> Double?)] = [
            ("time", rules.timeRatio, { $0.timing.totalSeconds }),
            ("peak_memory", rules.memoryRatio, { $0.peakMemoryBytes.map(Double.init) }),
        ]
        for (metric, limit, value) in costs {
            guard let limit else { continue }
            var item = GateCase(name, configuration, metric: metric, .unchanged)
            let others = reference?.experiments[name]?.configurations[configuration] ?? []
            let new = runs.compactMap { $0.document.flatMap(value) }
            let old = others.compactMap { $0.document.flatMap(value) }
            if reference == nil {
                item.verdict = .skipped
                item.reason = "no --reference run of this job"
            } else if new.isEmpty || old.count != new.count || !(old.mean > 0)
                || !new.mean.isFinite || !old.mean.isFinite
            {
                item.verdict = .notComparable
                item.reason = "the reference lacks runs of this configuration"
            } else if environment(runs) != environment(others) {
                item.verdict = .notComparable
                item.reason = "the reference ran on another machine or with other threads"
            } else {
                item.baseline = old.mean
                item.candidate = new.mean
                item.runs = new.count
                item.allowance = (limit - 1) * old.mean
                let ratio = new.mean / old.mean
                item.verdict =
                    Rounding.exceeds(ratio, limit, of: [ratio]) ? .regressed : .unchanged
                item.reason = "\(GateText.number(ratio)) times the reference, \(limit) allowed"
            }
            add(item, group, path: "gate.\(metric == "time" ? "time_ratio" : "memory_ratio")")
        }
    }

    private func environment(_ runs: [GateRun]) -> [String] {
        Set(
            runs.compactMap { $0.document?.environment }.map {
                "\($0.cpu) \($0.os) \($0.threads)"
            }
        ).sorted()
    }
}
