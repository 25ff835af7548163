import Experiments
import ResultsFormat
import Retrieval
import Safeguards

/// Tells how a run goes, on standard error: a live line on a terminal, plain lines elsewhere.
final class ProgressReporter {
    private let isQuiet: Bool
    private let isLive: Bool
    private var lastDraw = ContinuousClock.now - .seconds(1)
    private var hasLiveLine = false

    init(isQuiet: Bool, isTerminal: Bool = StandardError.isTerminal) {
        self.isQuiet = isQuiet
        isLive = isTerminal
    }

    func observe(_ event: RunEvent) {
        if case .planned(let plan) = event { warn(plan.origin, plan.warnings.rendered) }
        guard !isQuiet else { return }
        switch event {
        case .data(let progress):
            data(progress)
        case .planned(let plan):
            line(
                """
                \(plan.spec.name): \(plan.counts.train) training and \(plan.counts.test) test \
                interactions, \(plan.counts.queries) queries, \(plan.counts.candidates) \
                candidates, \(plan.model.parameters.scalarCount) parameters
                """)
        case .step(let epoch, let step, let steps, let meanLoss, let learningRate):
            draw(
                """
                epoch \(epoch) \(Self.bar(step, of: steps)) \(step)/\(steps) loss \
                \(Text.fixed(meanLoss, 4)), learning rate \
                \(Text.significant(Double(learningRate), 3))
                """)
        case .epoch(let record, let total):
            line(
                """
                epoch \(record.epoch)/\(total): loss \(Text.fixed(record.loss, 4)), \
                \(Text.fixed(Double(record.examples) / max(record.seconds, 1e-9), 0)) examples/s
                """)
        case .stopped(let record):
            line(Self.words(record))
        case .evaluating(let examples):
            draw("evaluating \(examples) test interactions")
        case .evaluated:
            break
        }
    }

    /// The summary of a run, unless quiet.
    func finish(_ results: ExperimentResults) {
        clear()
        guard !isQuiet else { return }
        StandardError.write(SummaryTable.text(of: results))
    }

    /// A plan was made that is not going to be run.
    func planned(_ summary: PlanSummary) {
        warn(summary.origin, summary.warnings.rendered)
    }

    /// Ends the live line of reading and says what must not be missed of where the data come from.
    ///
    /// - Parameter warnings: of the spec with these data, as they are to be shown.
    func finishReading(_ origin: DataOrigin, _ warnings: String) { warn(origin, warnings) }

    /// What must not be missed is said even when quiet.
    private func warn(_ origin: DataOrigin, _ warnings: String) {
        clear()
        if let missing = origin.standInFor {
            StandardError.write(
                """
                tfrs-run: WARNING: \(missing) cannot be had; running on GENERATED data in its \
                place. The figures say nothing about \(missing).

                """)
        }
        StandardError.write(warnings)
        for note in origin.notes { StandardError.writeLine("tfrs-run: warning: \(note)") }
    }

    private func data(_ progress: DataProgress) {
        switch progress {
        case .reading(let location):
            draw("reading \(location)")
        case .parsing(let location, let bytes, let total):
            draw("reading \(location) \(Self.bar(bytes, of: total)) \(bytes >> 20) MiB")
        case .counting(let location, let rows):
            draw("reading \(location): \(rows) rows")
        case .cached(let location):
            draw("took \(location) from the cache")
        case .downloading(let url, let bytes):
            draw("downloading \(url): \(bytes / 1024) KiB")
        case .extracting(let folder):
            line("extracting into \(folder)")
        }
    }

    private func line(_ text: String) {
        clear()
        StandardError.writeLine(text)
    }

    /// Redraws the live line, some ten times a second at most.
    private func draw(_ text: String) {
        guard isLive, ContinuousClock.now - lastDraw > .milliseconds(100) else { return }
        lastDraw = ContinuousClock.now
        StandardError.control("\r\u{1B}[2K" + VisibleText.line(text))
        hasLiveLine = true
    }

    private func clear() {
        guard hasLiveLine else { return }
        StandardError.control("\r\u{1B}[2K")
        hasLiveLine = false
    }

    private static func words(_ record: EarlyStoppingRecord) -> String {
        let stop = record.stoppedEpoch.map {
            "stopped early after epoch \($0): \(record.reason)"
        }
        let restored = record.restoredEpoch.map { "the weights of epoch \($0) are back" }
        return [stop, restored].compactMap(\.self).joined(separator: "; ")
    }

    private static func bar(_ done: Int, of total: Int) -> String {
        let width = 24
        let filled = total == 0 ? width : done * width / total
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled) + "]"
    }
}
