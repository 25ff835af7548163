import ResultsFormat
import Retrieval

extension ExperimentPlan {
    /// How the training part is distributed, for reports; none of it is computed with.
    func profile(evaluated parts: [(name: String, result: EvaluationResult?)]) -> RunProfile {
        var profile = RunProfile(parameters: parameterCount, time: timeProfile)
        let popularity = TrainingCounts.of(train.candidateKeys, keyCount: keyCounts.candidates)
        let ordered = popularity.sorted(by: >)
        let total = ordered.reduce(0, +)
        if total > 0 {
            profile.popularity = Self.places(below: ordered.count).map {
                PopularityPoint(rank: $0, interactions: ordered[$0 - 1])
            }
            let tenth = ordered.prefix((ordered.count + 9) / 10).reduce(0, +)
            profile.shareOfTopTenth = Double(tenth) / Double(total)
            let lengths = TrainingCounts.of(
                train.queryEntities, keyCount: keyCounts.queryEntities
            ).sorted()
            profile.medianHistory = lengths.isEmpty ? nil : lengths[(lengths.count - 1) / 2]
            profile.histories = TrainingCounts.bins(of: lengths)
        }
        profile.evaluation = OrderedMap(
            parts.compactMap { part in part.result?.profile.map { (part.name, $0) } })
        return profile
    }

    /// 1 to 10 and then steps of a twelfth, with the last: as many points as a picture needs.
    private static func places(below count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var places: [Int] = []
        var next = 1
        while next < count {
            places.append(next)
            next += max(1, next / 12)
        }
        return places + [count]
    }
}
