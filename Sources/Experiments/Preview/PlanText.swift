import Platform
import Retrieval
import Safeguards

extension PlanSummary {
    /// The resolved spec, then what it comes to with its data, for people.
    public var text: String {
        yamlSpec + "\n" + sections.joined(separator: "\n")
    }

    /// The resolved spec as a spec file, every default written out; what it comes to stands above
    /// in comments.
    public var yaml: String {
        let lines = sections.joined(separator: "\n").split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast()
        let comments = VisibleText.lines(
            lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined())
        return comments + yamlSpec
    }

    private var yamlSpec: String { YAMLText.block(spec.resolved) }

    private var sections: [String] {
        [dataText] + modelTexts + [trainingText, ranksText, estimateText].compactMap { $0 }
    }

    // MARK: Data

    private var dataText: String {
        var rows: [[String]] = []
        let source = [origin.source, origin.variant].compactMap { $0 }.joined(separator: " ")
        rows.append(["data", source + (origin.standInFor.map { ", GENERATED for \($0)" } ?? "")])
        for filter in filters {
            rows.append([
                filter.name,
                "removes \(number(filter.removed)), \(number(filter.interactions)) left",
            ])
        }
        rows.append(["interactions", number(counts.interactions)])
        let parts = [
            ("train", counts.train), ("validation", counts.validation ?? 0), ("test", counts.test),
        ].filter { $0.0 != "validation" || counts.validation != nil }
        rows.append(["split", parts.map { "\($0.0) \(number($0.1))" }.joined(separator: ", ")])
        rows.append(["queries", number(counts.queries)])
        let corpus =
            corpusCount == counts.candidates ? "" : ", \(number(corpusCount)) in the corpus"
        rows.append(["candidates", number(counts.candidates) + corpus])
        for part in unseen where part.unseenQueries + part.unseenCandidates > 0 {
            rows.append([
                "unseen",
                """
                in \(part.part): \(number(part.unseenQueries)) queries and \
                \(number(part.unseenCandidates)) candidates that training never sees
                """,
            ])
        }
        return "\(VisibleText.line(spec.name))\n"
            + TextTable.text(rows + notes.map { ["note", $0] })
    }

    // MARK: Model

    private var modelTexts: [String] {
        if let baseline = model.baseline {
            return ["model\n  the baseline \(baseline), without parameters\n"]
        }
        let header = ["", "component", "output", "parameters"]
        let bodies = model.towers.map { tower in
            tower.parts.map { part in
                let name = part.path.split(separator: "/").last ?? ""
                return [
                    String(repeating: "  ", count: part.depth) + VisibleText.line(String(name)),
                    part.component,
                    shape(part.outputDimension, heads: part.heads), number(part.parameterCount),
                ]
            } + [
                [
                    "", "", shape(tower.outputDimension, heads: tower.heads),
                    number(tower.parameterCount),
                ]
            ]
        }
        let all = bodies.flatMap { $0 } + [header]
        let widths = (0..<4).map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            "  " + left(cells[0], widths[0]) + "  " + left(cells[1], widths[1]) + "  "
                + right(cells[2], widths[2]) + "  " + right(cells[3], widths[3]) + "\n"
        }
        let rule = "  " + String(repeating: "-", count: widths.reduce(6, +)) + "\n"
        let towers = zip(model.towers, bodies).map { tower, body in
            "\(tower.name) tower\n" + line(header) + body.dropLast().map(line).joined() + rule
                + line(body[body.count - 1])
        }
        let inTowers = model.towers.reduce(0) { $0 + $1.parameterCount }
        var total = "parameters: \(number(model.parameterCount))"
        if model.nonTrainableCount > 0 {
            total += ", \(number(model.nonTrainableCount)) of them not trained"
        }
        if model.parameterCount != inTowers {
            total += ", \(number(model.parameterCount - inTowers)) outside the towers"
        }
        return towers + [total + "\n"]
    }

    private func shape(_ dimension: Int, heads: Int) -> String {
        heads == 1 ? "\(dimension)" : "\(heads) x \(dimension)"
    }

    // MARK: Training

    private var trainingText: String? {
        guard let training else { return nil }
        var batch = "of \(number(training.batchSize)) examples"
        if training.stepsPerEpoch == 1 {
            batch = "of \(number(training.lastBatchSize)) examples"
        } else if training.lastBatchSize != training.batchSize {
            batch += ", the last of \(number(training.lastBatchSize))"
        }
        let factor = training.deduplicationFactor.fixed(1)
        var rows = [
            [
                "epochs",
                "\(number(training.epochs)), "
                    + "\(number(training.epochs * training.stepsPerEpoch)) steps",
            ],
            ["steps per epoch", "\(number(training.stepsPerEpoch)), \(batch)"],
            [
                "scores",
                """
                \(number(training.computedScores)) in \
                \(training.isSameEveryEpoch ? "every" : "the first") epoch in the place of \
                \(number(training.denseScores)): \(factor) times fewer
                """,
            ],
        ]
        if training.accumulationSteps > 1 {
            rows.append(["optimizer", "a step every \(training.accumulationSteps) batches"])
        }
        return "training\n" + TextTable.text(rows)
    }

    // MARK: Ranks

    private var ranksText: String? {
        guard let ranks else { return nil }
        func both(_ numbers: [Int], _ words: (Int) -> String) -> String {
            let (least, most) = (words(numbers.min() ?? 0), words(numbers.max() ?? 0))
            return least == most ? most : "\(least) to \(most)"
        }
        var rows = [
            ["ranks", "\(ranks.size), each \(Lanes.count / ranks.size) of \(Lanes.count) lanes"]
        ]
        rows += ranks.tables.map { table in
            [
                table.name,
                "\(both(table.rowsOfRanks, number)) of \(number(table.rows)) rows at each",
            ]
        }
        rows += ranks.whole.map { [$0, "whole at each"] }
        rows.append([
            "memory", "\(both(ranks.heldBytes, kilobytes)) of parameters and slots at each",
        ])
        if let step = ranks.firstStep {
            rows.append([
                "sent",
                "\(both(step.sentBytes, kilobytes)) by each in the first step, of "
                    + "\(number(step.queries)) queries and \(number(step.candidates)) candidates",
            ])
        }
        return "ranks\n" + TextTable.text(rows)
    }

    private var estimateText: String? {
        guard let estimate else { return nil }
        func seconds(_ range: ClosedRange<Double>) -> String {
            "\(range.lowerBound.timeWords) to \(range.upperBound.timeWords)"
        }
        let memory = estimate.peakMemoryBytes
        let trial =
            training == nil ? "" : "the first \(estimate.trialSteps) steps and "
        return """
            estimates, from a trial on this machine with \(estimate.threads) \
            \(estimate.threads == 1 ? "thread" : "threads"): \(trial)the evaluation of \
            \(number(estimate.trialInteractions)) interactions

            """
                + TextTable.text([
                    ["time", seconds(estimate.totalSeconds)],
                    ["  plan", estimate.planSeconds.timeWords + ", measured"],
                    ["  train", seconds(estimate.trainSeconds)],
                    ["  evaluate", seconds(estimate.evaluateSeconds)],
                    ["memory", "\(bytes(memory.lowerBound)) to \(bytes(memory.upperBound))"],
                ])
    }
}

// MARK: - Words

private func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

/// `1234567` as `1,234,567`.
private func number(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value).reversed().enumerated() {
        if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

extension Double {
    /// Seconds in the unit that people would choose.
    var timeWords: String {
        switch self {
        case ..<10: fixed(2) + " s"
        case ..<180: fixed(0) + " s"
        case ..<10_800: (self / 60).fixed(0) + " min"
        default: (self / 3600).fixed(1) + " h"
        }
    }
}

private func kilobytes(_ count: Int) -> String {
    count < 10_000_000 ? "\(number((count + 500) / 1000)) kB" : bytes(count)
}

private func bytes(_ count: Int) -> String {
    count < 10_000_000_000
        ? "\(number(count / 1_000_000)) MB" : (Double(count) / 1e9).fixed(1) + " GB"
}
