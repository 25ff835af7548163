import ResultsFormat

/// Single queries: the best and the worst by rank, with what they are known by and what was
/// recommended where the results say it.
struct QueryExamples {
    let profile: PartProfile?
    let figures: PerQueryFigures?

    var section: Page.Section {
        Page.Section("Single queries", content)
    }

    var content: Markup {
        if let examples = profile?.examples, !examples.isEmpty {
            return .paragraph(
                .text(
                    "The queries whose positive ranks best and worst. Bold is what was to be "
                        + "found."))
                + .element("h3", [:], .text("Best")) + table(examples.filter { !isWorst($0) })
                + .element("h3", [:], .text("Worst")) + table(examples.filter(isWorst))
        }
        if let figures { return ranked(figures) }
        return .element(
            "p", ["class": "empty"],
            .text("The results hold no single queries. 'evaluate: {per_query: FILE}' keeps them."))
    }

    private func isWorst(_ example: QueryExample) -> Bool {
        guard let examples = profile?.examples else { return false }
        let place = examples.firstIndex(of: example) ?? 0
        return place >= (examples.count + 1) / 2
    }

    private func table(_ examples: [QueryExample]) -> Markup {
        DataTable(
            ["query", "rank", "to be found", "recommended", "known by"],
            examples.map { example in
                [
                    .name(example.query), DataTable.Cell(example.rank),
                    .markup(.element("b", [:], Self.name(example.positive))),
                    .markup(Self.list(example.recommended, marking: example.positive)),
                    .markup(Self.list(example.history, marking: nil)),
                ]
            }
        ).markup
    }

    private static func name(_ candidate: NamedCandidate) -> Markup {
        candidate.title.map { .name($0) + .text(" (") + .name(candidate.id) + .text(")") }
            ?? .name(candidate.id)
    }

    private static func list(
        _ candidates: [NamedCandidate], marking positive: NamedCandidate?
    ) -> Markup {
        guard !candidates.isEmpty else { return .text("–") }
        return candidates.enumerated().map { place, candidate in
            let text = Markup.name(candidate.title ?? candidate.id)
            let shown = candidate.id == positive?.id ? Markup.element("b", [:], text) : text
            return place == 0 ? shown : .text("; ") + shown
        }.joined
    }

    /// From the file of single queries alone.
    private func ranked(_ figures: PerQueryFigures) -> Markup {
        let table = figures.interactions
        guard let ranks = table.numbers("rank"), let queries = table.strings("query"),
            let candidates = table.strings("candidate"), !ranks.isEmpty
        else {
            return .element(
                "p", ["class": "empty"], .text("The file of single queries holds no ranks."))
        }
        let count = min(20, ranks.count)
        let best = Self.extremes(of: ranks, count) { $0 < $1 }
        let worst = Self.extremes(of: ranks, count) { $0 > $1 }
        func rows(_ places: [Int]) -> Markup {
            DataTable(
                ["query", "rank", "to be found"],
                places.map { place in
                    [
                        .name(queries[place]), DataTable.Cell(finite: ranks[place]),
                        .name(candidates[place]),
                    ]
                }, isSortable: true
            ).markup
        }
        return .element("h3", [:], .text("Best")) + rows(best)
            + .element("h3", [:], .text("Worst")) + rows(worst)
    }

    /// The places of the few that come first; of equals the first.
    private static func extremes(
        of ranks: [Float], _ count: Int, _ precedes: (Float, Float) -> Bool
    ) -> [Int] {
        // What has no place is worse than all that have one.
        func key(_ place: Int) -> Float { ranks[place].isFinite ? ranks[place] : .infinity }
        var found: [Int] = []
        for place in ranks.indices {
            if found.count == count, let last = found.last, !precedes(key(place), key(last)) {
                continue
            }
            let slot = found.firstIndex { precedes(key(place), key($0)) } ?? found.count
            found.insert(place, at: slot)
            if found.count > count { found.removeLast() }
        }
        return found
    }
}

extension DataTable.Cell {
    /// A rank, where there is one.
    fileprivate init(finite value: Float) {
        self = value.isFinite ? .number(Double(value)) : .missing
    }
}
