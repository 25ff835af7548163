import ResultsFormat
import Retrieval

/// Some queries to look at: the best and the worst by the rank of a positive.
struct QueryExamples {
    let plan: ExperimentPlan
    let part: EvaluatedPart
    let ranked: RankedQueries
    let corpus: CorpusEvaluation

    private static let count = 6
    private static let listLength = 10

    func examples() -> [QueryExample] {
        let chosen = chosen()
        guard !chosen.isEmpty else { return [] }
        let lists = recommended(for: chosen.map { Int32($0) })
        let histories = histories(of: chosen)
        let before = ranked.before
        return zip(chosen, lists).map { place, list in
            let entity = part.examples.queryEntities[place]
            return QueryExample(
                query: part.queryNames[place],
                rank: before[place].isFinite ? before[place] + 1 : nil,
                positive: named(key: part.examples.candidateKeys[place]),
                history: (histories[entity] ?? []).map { named(key: $0) },
                recommended: list.prefix(Self.listLength).map {
                    named(key: plan.evaluation.corpus[Int($0)])
                })
        }
    }

    /// What the queries of some interactions are recommended, by the part's own rules.
    private func recommended(for chosen: [Int32]) -> [[Int32]] {
        var rules = part.rules
        rules.availability = rules.availability?.selecting(chosen)
        rules.sampledNegatives = nil
        let listed = corpus.rank(
            part.examples.selecting(chosen), rules: rules, listDepth: Self.listLength,
            rankDepth: 1, searchDepth: plan.evaluation.searchDepth,
            knowledge: plan.evaluation.knowledge, interactionColumns: [:])
        return listed.rows.map { Array(listed.lists.places(of: Int($0), first: Self.listLength)) }
    }

    /// One interaction of each of some queries, the best first.
    private func chosen() -> [Int] {
        let before = ranked.before
        let order = before.indices.sorted { (before[$0], $0) < (before[$1], $1) }
        var seen: Set<Int32> = []
        func first(_ places: some Sequence<Int>) -> [Int] {
            var found: [Int] = []
            for place in places where found.count < Self.count {
                if seen.insert(part.examples.queryEntities[place]).inserted {
                    found.append(place)
                }
            }
            return found
        }
        let best = first(order)
        return best + first(order.reversed()).reversed()
    }

    /// The last few training interactions of those who ask.
    private func histories(of places: [Int]) -> [Int32: [Int32]] {
        let entities = places.map { Int(part.examples.queryEntities[$0]) }
        // Marked, and not a set: all rows of the training part are looked at.
        var isWanted = [Bool](repeating: false, count: (entities.max() ?? -1) + 1)
        for entity in entities { isWanted[entity] = true }
        var histories: [Int32: [Int32]] = [:]
        let all = plan.train.queryEntities
        for place in all.indices.reversed()
        where Int(all[place]) < isWanted.count && isWanted[Int(all[place])] {
            guard (histories[all[place]]?.count ?? 0) < Self.listLength else { continue }
            histories[all[place], default: []].append(plan.train.candidateKeys[place])
        }
        return histories
    }

    private func named(key: Int32) -> NamedCandidate {
        let place = plan.evaluation.corpus.firstIndex(of: key)
        let id = place.map { plan.evaluation.candidateNames[$0] } ?? "?"
        return NamedCandidate(id: id, title: plan.candidateTitles?.title(of: id))
    }
}
