import Experiments
import ResultsFormat
import Safeguards

/// Tells how a sweep goes, on standard error: a line for each trial that ends and, on a terminal,
/// a live table of those that run.
final class SweepReporter {
    private let isQuiet: Bool
    private let terminal: LiveTerminal
    private let showsRanking: Bool
    private let area: LiveArea
    private var lastDraw = ContinuousClock.now - .seconds(1)
    private var ended = 0
    private var total = 0
    private var failed = 0
    /// What the live table says of the best trial so far.
    private var best: (text: String, value: Double)?
    /// Seconds of the trials that ended here.
    private var seconds: [Double] = []
    private var slots = 1
    private let trialLimit: Int?

    /// - Parameter trialLimit: how many trials there are, where that is not those that wait.
    init(
        isQuiet: Bool, showsRanking: Bool = true, trialLimit: Int? = nil,
        isTerminal: Bool = StandardError.isTerminal
    ) {
        self.trialLimit = trialLimit
        self.isQuiet = isQuiet
        self.showsRanking = showsRanking
        terminal = LiveTerminal(isTerminal: isTerminal && !isQuiet)
        area = LiveArea(terminal)
    }

    /// Tells of what goes on.
    func observe(_ event: SweepEvent) {
        switch event {
        case .began(let waiting, let slots):
            total = trialLimit ?? ended + waiting
            self.slots = max(1, slots)
            if waiting > 0 { say("\(waiting) trials to run, \(slots) at once") }
        case .takenOver(let entry):
            ended += 1
            say("\(entry.name): finished before")
        case .running(let trials, let waiting):
            draw(running: trials, waiting: waiting)
        case .ended(let entry, let seconds, let objective):
            ended += 1
            self.seconds.append(seconds)
            if entry.status == .failed || entry.status == .killed { failed += 1 }
            note(entry, by: objective)
            let line = Self.line(entry, by: objective)
            say("[\(ended)/\(total)] \(line) (\(Text.fixed(seconds, 1)) s)")
        case .finished(let index):
            finish(index)
        }
    }

    /// Keeps the best trial so far for the live table.
    private func note(_ entry: TrialEntry, by objective: SweepObjective?) {
        guard let objective, entry.status == .completed, entry.isFinal,
            let value = entry.value(of: objective),
            best.map({ objective.prefers(value, to: $0.value) }) ?? true
        else { return }
        let name = "\(objective.metric) \(Text.fixed(value, 4)), \(entry.name)"
        best = ("best: \(name)", value)
    }

    private static func line(_ entry: TrialEntry, by objective: SweepObjective?) -> String {
        var line = "\(entry.name): \(entry.status.rawValue)"
        if let objective, let value = entry.value(of: objective) {
            line += ", \(objective.metric) \(Text.fixed(value, 4))"
        }
        return line + (entry.reason.map { ": \($0)" } ?? "")
    }

    /// Redraws the live table, some ten times a second at most.
    private func draw(running: [(name: String, seconds: Double)], waiting: Int) {
        guard terminal.isLive, ContinuousClock.now - lastDraw > .milliseconds(100) else { return }
        lastDraw = ContinuousClock.now
        // A name, two blanks at either side, and at most ten digits of seconds.
        let room = min(60, max(8, terminal.width - 16))
        var lines = running.prefix(16).map {
            "  \(Text.padded(Self.cut($0.name, to: room), to: room))  "
                + "\(Text.fixed($0.seconds, 1)) s"
        }
        if running.count > 16 { lines.append("  and \(running.count - 16) more") }
        if let best { lines.append("  " + best.text) }
        var counts = LiveLine()
        counts.add("  \(ended) of \(total) ended", importance: 0)
        counts.add("\(running.count) running", importance: 3)
        counts.add("\(waiting) waiting", importance: 4)
        if failed > 0 { counts.add("\(failed) FAILED", importance: 1) }
        if let left = left(running.map(\.seconds), waiting) {
            counts.add("\(Text.duration(left)) left", importance: 2)
        }
        lines.append(counts.text(width: terminal.width - 1))
        area.show(lines)
    }

    /// Seconds until the last trial ends, if the others take as long as those before; nil before
    /// the first has ended.
    private func left(_ running: [Double], _ waiting: Int) -> Double? {
        guard !seconds.isEmpty else { return nil }
        let mean = seconds.reduce(0, +) / Double(seconds.count)
        let rest = running.reduce(0) { $0 + max(0, mean - $1) } + mean * Double(waiting)
        return rest / Double(slots)
    }

    /// A name in at most so many characters: trials differ at either end.
    private static func cut(_ name: String, to most: Int) -> String {
        guard name.count > most else { return name }
        return name.prefix(most * 2 / 5) + "…" + name.suffix(most - most * 2 / 5 - 1)
    }

    /// The ranking, unless quiet.
    private func finish(_ index: SweepIndex) {
        area.clear()
        guard !isQuiet, showsRanking else { return }
        StandardError.write(Self.ranking(index, width: terminal.isLive ? terminal.width : nil))
    }

    /// A hint, unless quiet.
    func note(_ text: String) { say(text) }

    /// - Parameter width: of the terminal, where lines are broken between their words; nil breaks
    ///   nothing, for what reads on.
    static func ranking(_ index: SweepIndex, width: Int? = nil) -> String {
        let completed = index.trials.filter { $0.status == .completed }.count
        var text =
            "\(VisibleText.line(index.name)): \(completed) of \(index.trials.count) trials completed"
        guard let ranking = SweepRanking(index) else { return text + "\n" + unfinished(index) }
        let objective = ranking.objective
        let figure = index.figures[objective.metric] ?? FigureRecord()
        text += "; by \(objective.part) \(objective.metric), \(objective.direction.rawValue)"
        text += figure.unitText.isEmpty ? "" : ", in\(figure.unitText)"
        text += figure.rangeText.map { ", \($0):" } ?? ":"
        text = Text.lines(of: text, width).joined(separator: "\n") + "\n"
        text += rows(ranking, width)
        if ranking.rows.count > 20 { text += "  and \(ranking.rows.count - 20) more\n" }
        for remark in remarks(ranking, index) { text += Text.hanging("  ", remark, width) }
        return text + AxisEffects(ranking).text(width: width) + unfinished(index)
    }

    /// What the order leaves open.
    private static func remarks(_ ranking: SweepRanking, _ index: SweepIndex) -> [String] {
        var remarks: [String] = []
        if ranking.rows.contains(where: { $0.isSurelyWorse == false }) {
            remarks.append("~ by these seeds and folds not to be told from the best")
        }
        if ranking.lacksRepetitions {
            remarks.append(
                "one run each: 'sweep: {seeds: [...]}' would tell differences from chance")
        }
        let isChosenByTest =
            ranking.objective.part == "test" && ranking.rows.count { $0.summary != nil } > 1
        if isChosenByTest, index.configurations.allSatisfy({ $0.metrics["validation"] == nil }) {
            remarks.append(
                "the test part chose the best and judges it too kindly: 'validation' in "
                    + "'data.split' would choose by a part of its own")
        }
        return remarks
    }

    /// The best configurations, a line each; two where the terminal is narrow.
    private static func rows(_ ranking: SweepRanking, _ width: Int?) -> String {
        let shown = ranking.rows.prefix(20).map { row in
            let place = row.entry.rank.map { "\($0)." } ?? "- "
            return (
                start: "\(row.isSurelyWorse == false ? "~ " : "  ")"
                    + "\(String(repeating: " ", count: max(0, 3 - place.count)))\(place) ",
                name: row.entry.name.isEmpty ? "(base)" : row.entry.name, value: value(of: row)
            )
        }
        let names = max(6, shown.map(\.name.count).max() ?? 0)
        let values = shown.map(\.value.count).max() ?? 0
        guard let width, 8 + names + values > width else {
            return shown.map {
                "\($0.start)\(Text.padded($0.name, to: names))  \($0.value)\n"
            }.joined()
        }
        return shown.map {
            "\($0.start)\(cut($0.name, to: max(8, width - 6)))\n"
                + Text.hanging("        ", $0.value, width)
        }.joined()
    }

    /// The objective over a configuration's trials, and how many there are.
    private static func value(of row: SweepRanking.Row) -> String {
        let value = row.summary.map { summary in
            Text.fixed(summary.mean, 4)
                + (summary.standardDeviation.map { " ± \(Text.fixed($0, 4))" } ?? "")
                + (summary.interval.map {
                    "  [\(Text.fixed($0.lowerBound, 4)), \(Text.fixed($0.upperBound, 4))]"
                } ?? "")
        }
        return "\(value ?? "no value")  (\(row.entry.completed)/\(row.entry.trials))"
    }

    /// The trials that did not complete, by what happened to them.
    private static func unfinished(_ index: SweepIndex) -> String {
        var names: OrderedMap<[String]> = [:]
        for trial in index.trials where trial.status != .completed {
            let what =
                trial.status.rawValue.uppercased()
                + (trial.reason.map { ": \(VisibleText.line($0))" } ?? "")
            names[what] = (names[what] ?? []) + [trial.name]
        }
        return names.map { member in
            let shown = member.value.prefix(10).map { "    \($0)\n" }.joined()
            let rest = member.value.count - 10
            return "  \(member.key)\n" + shown + (rest > 0 ? "    and \(rest) more\n" : "")
        }.joined()
    }

    private func say(_ line: String) {
        guard !isQuiet else { return }
        let width = terminal.isLive ? terminal.width : nil
        for line in Text.lines(of: line, width) { area.say(line) }
    }
}
