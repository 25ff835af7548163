import ResultsFormat
import Retrieval

/// The figures of single queries of an evaluation, for the file that `evaluate.per_query` names.
public struct QueryFigures: Sendable {
    private let ranked: RankedQueries
    private let figures: [QueryFigure]

    init(ranked: RankedQueries, runs: [FactorizedMetricRun]) {
        self.ranked = ranked
        figures = runs.flatMap { $0.queryFigures() }
    }

    /// A row for each interaction.
    func interactions(of part: EvaluatedPart) -> FigureTable {
        FigureTable(
            rowCount: ranked.count,
            columns: [
                "query": .strings((0..<ranked.count).map { part.queryNames[$0] }),
                "candidate": .strings((0..<ranked.count).map { part.candidateNames[$0] }),
                "weight": .float32(ranked.weights),
                "rank": .float32(
                    ranked.before.map { $0.isInfinite ? .nan : Float($0 + 1) }),
                "ties": .int32(ranked.ties),
                "candidates": .int32(ranked.candidateCounts),
            ])
    }

    /// A row for each query.
    func queries(of part: EvaluatedPart) -> FigureTable {
        var counts = [Int32](repeating: 0, count: ranked.queryCount)
        var names = [String](repeating: "", count: ranked.queryCount)
        for (interaction, query) in ranked.queries.enumerated() {
            counts[Int(query)] += 1
            names[Int(query)] = part.queryNames[interaction]
        }
        var columns: OrderedMap<FigureColumn> = [
            "query": .strings(names), "interactions": .int32(counts),
        ]
        for figure in figures {
            columns[figure.name] = .float32(figure.values.map { Float($0) })
            columns["weight:" + figure.name] = .float32(figure.weights.map { Float($0) })
        }
        return FigureTable(rowCount: ranked.queryCount, columns: columns)
    }
}
