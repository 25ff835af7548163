import Platform
import Retrieval

extension DataDescription {
    /// The description as tables to read by eye.
    public var text: String {
        var sections = [("", overview)]
        if !filters.isEmpty { sections.append(("filters", filterRows)) }
        sections.append(("interactions of each", distributionRows))
        sections.append(("popularity", popularityRows))
        sections.append(("split", splitRows))
        sections.append(("batches of \(batches.size), \(batches.perEpoch) an epoch", batchRows))
        for table in tables { sections.append(("\(table.name), \(table.rows) rows", table.text)) }
        let data = origin.variant.map { "\(origin.source)/\($0)" } ?? origin.source
        return "\(name): \(data)\n"
            + sections.map { title, rows in
                (title.isEmpty ? "" : "\n\(title)\n") + TextTable.text(rows)
            }.joined()
    }

    private var overview: [[String]] {
        var rows = [["interactions", "\(interactions)"]]
        for (title, side) in [("queries", queries), ("candidates", candidates)] {
            var notes: [String] = [side.column]
            if let listed = side.listed {
                notes.append("\(listed) listed, \(side.withoutInteractions) without interactions")
            }
            if side.unlisted > 0 { notes.append("\(side.unlisted) NOT listed") }
            rows.append([title, "\(side.counts.count)", notes.joined(separator: "; ")])
        }
        rows.append(["sparsity", percent(sparsity, 4), "\(distinctPairs) distinct pairs"])
        rows.append([
            "duplicates", "\(interactions - distinctPairs)",
            "of a pair; \(repeatedRows) in every column",
        ])
        if let time {
            rows.append([
                "time", time.column, "\(time.text(time.first)) to \(time.text(time.last))",
            ])
        }
        rows.append(["bad rows skipped", "\(origin.skippedRows)"])
        if let missing = origin.standInFor {
            rows.append(["GENERATED", "in place of", missing])
        }
        return rows
    }

    private var filterRows: [[String]] {
        [["", "removed", "interactions", "queries", "candidates"]]
            + filters.map {
                [
                    $0.name, "\($0.removed)", "\($0.interactions)", "\($0.queries)",
                    "\($0.candidates)",
                ]
            }
    }

    private var distributionRows: [[String]] {
        let shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
        return [
            ["", "min", "p10", "p25", "median", "mean", "p75", "p90", "p99", "max"]
        ]
            + [(queries.column, queries.counts), (candidates.column, candidates.counts)].map {
                name, counts in
                var cells = shares.map { plain(counts.quantile($0)) }
                cells.insert(plain(counts.mean), at: 3)
                return [name, "\(counts.least)"] + cells + ["\(counts.most)"]
            }
    }

    private var popularityRows: [[String]] {
        let counts = candidates.counts
        return [
            ["Gini", counts.gini.fixed(3)],
            ["top 1%", percent(counts.shareOfTop(percent: 1)) + " of the interactions"],
            ["top 10%", percent(counts.shareOfTop(percent: 10)) + " of the interactions"],
            [
                "most popular",
                mostPopular.map { "\($0.id) (\($0.interactions))" }.joined(separator: ", "),
            ],
            [
                "most active",
                mostActive.map { "\($0.id) (\($0.interactions))" }.joined(separator: ", "),
            ],
        ]
    }

    private var splitRows: [[String]] {
        [
            [
                "", "interactions", "queries", "candidates", "unseen queries",
                "unseen candidates", "seen pairs",
            ]
        ]
            + parts.map { part in
                let share = { (count: Int) in
                    percent(Double(count) / Double(max(1, part.interactions)))
                }
                let unseen = part.unseen.map {
                    [
                        "\($0.queries) (\(share($0.interactionsWithUnseenQuery)))",
                        "\($0.candidates) (\(share($0.interactionsWithUnseenCandidate)))",
                        "\($0.pairsOfTraining) (\(share($0.pairsOfTraining)))",
                    ]
                }
                return [
                    part.name, "\(part.interactions)", "\(part.queries)", "\(part.candidates)",
                ] + (unseen ?? [])
            }
    }

    private var batchRows: [[String]] {
        [
            ["distinct queries", plain(batches.distinctQueries), "expected"],
            ["distinct candidates", plain(batches.distinctCandidates), "expected"],
            [
                "deduplication", batches.deduplicationFactor.fixed(1) + "x",
                "fewer scores than \(batches.size) x \(batches.size)",
            ],
        ]
    }
}

extension DataDescription.TimeRange {
    fileprivate func text(_ moment: Moment) -> String { moment.utc ?? "\(moment.value)" }
}

extension TableSummary {
    fileprivate var text: [[String]] {
        columns.map { column in
            var facts: [String] = []
            if let distinct = column.distinct { facts.append("\(distinct) distinct") }
            if let length = column.meanLength { facts.append("\(plain(length)) in a row") }
            if let empty = column.empty, empty > 0 {
                facts.append("\(empty) empty (\(percent(Double(empty) / Double(max(1, rows)))))")
            }
            if let range = column.range {
                facts.append(
                    "\(plain(range.least)) to \(plain(range.most)), mean \(plain(range.mean))")
            }
            return [column.name, column.kind, facts.joined(separator: ", ")]
        }
    }
}

private func percent(_ share: Double, _ digits: Int = 1) -> String {
    (100 * share).fixed(digits) + "%"
}

/// A number with as many decimals as help.
private func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
        ? value.fixed(0) : value.fixed(value.magnitude < 100 ? 2 : 1)
}
