import Experiments
import ResultsFormat
import Retrieval
import Safeguards

/// Tells how a run goes, on standard error: a live line on a terminal, plain lines elsewhere.
final class ProgressReporter {
    private let isQuiet: Bool
    private let terminal: LiveTerminal
    private let live: LiveLineWriter
    private let evaluation: EvaluationWatch
    private var training: TrainingProgress?

    init(isQuiet: Bool, isTerminal: Bool = StandardError.isTerminal) {
        self.isQuiet = isQuiet
        terminal = LiveTerminal(isTerminal: isTerminal)
        let live = LiveLineWriter(terminal)
        self.live = live
        evaluation = EvaluationWatch { live.draw($0) }
    }

    func observe(_ event: RunEvent) {
        evaluation.end()
        if case .planned(let plan) = event {
            warn(plan.origin, plan.warnings.rendered(width: TerminalWidth.ofErrors))
        }
        // What must not be missed is said even when quiet.
        if case .notice(let text) = event {
            live.say("tfrs-run: warning: \(text)")
        }
        // The log of a sweep's trial says where it went on, quiet as it is.
        if case .resumed(let epoch, let step) = event, !isQuiet || ParentSweep.isThere {
            line(
                "going on from a checkpoint: epoch \(epoch)"
                    + (step > 0 ? ", after step \(step)" : ""))
        }
        guard !isQuiet else { return }
        switch event {
        case .data(let progress):
            data(progress)
        case .planned(let plan):
            training = TrainingProgress(plan)
            line(
                """
                \(plan.spec.name): \(plan.counts.train) training and \(plan.counts.test) test \
                interactions, \(plan.counts.queries) queries, \(plan.counts.candidates) \
                candidates, \(plan.model.parameters.scalarCount) parameters
                """)
        case .step(let epoch, let step, let steps, let meanLoss, let learningRate):
            guard let training else { break }
            live.draw {
                training.line(
                    epoch: epoch, step: step, steps: steps, loss: meanLoss,
                    learningRate: learningRate)
            }
        case .epoch(let record, _):
            let width = terminal.isLive ? terminal.width : nil
            training.map { line($0.line(record, width: width)) }
        case .stopped(let record):
            line(Self.words(record))
        case .evaluating(let progress):
            evaluation.begin(progress)
        case .evaluated:
            break
        case .saved(let model):
            line("the model is in \(model.path)")
        case .resumed, .notice:
            break
        }
    }

    /// The summary of a run, unless quiet.
    func finish(_ results: ExperimentResults) {
        clear()
        guard !isQuiet else { return }
        let summary = SummaryTable.text(
            of: results, width: terminal.isLive ? terminal.width : nil)
        guard terminal.hasColors, let end = summary.firstIndex(of: "\n") else {
            return StandardError.write(summary)
        }
        let color: LiveTerminal.Color =
            switch results.record.status {
            case .completed: .green
            case .failed: .red
            case .interrupted: .yellow
            }
        StandardError.control(terminal.painted(String(summary[..<end]), color) + "\n")
        StandardError.write(String(summary[summary.index(after: end)...]))
    }

    /// A plan was made that is not going to be run.
    func planned(_ summary: PlanSummary) {
        warn(summary.origin, summary.warnings.rendered(width: TerminalWidth.ofErrors))
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
        for note in origin.notes { StandardError.writeLine("tfrs-run: note: \(note)") }
    }

    private func data(_ progress: DataProgress) {
        switch progress {
        case .reading(let location):
            live.draw("reading \(location)")
        case .parsing(let location, let bytes, let total):
            live.draw {
                var line = LiveLine()
                line.add("reading \(location)", importance: 0)
                line.add(bar: Double(bytes) / Double(max(1, total)), importance: 2)
                line.add("\(bytes >> 20) MiB", importance: 1)
                return line
            }
        case .counting(let location, let rows):
            live.draw("reading \(location): \(rows) rows")
        case .cached(let location):
            live.draw("took \(location) from the cache")
        case .downloading(let url, let bytes):
            live.draw("downloading \(url): \(bytes / 1024) KiB")
        case .extracting(let folder):
            line("extracting into \(folder)")
        }
    }

    /// Says what stays, on a terminal in lines that end between words.
    private func line(_ text: String) {
        let width = terminal.isLive ? terminal.width : nil
        for line in Text.lines(of: text, width) { live.say(line) }
    }

    /// Takes back the line that says how far something is, before others write on the terminal.
    func clear() {
        evaluation.end()
        live.clear()
    }

    private static func words(_ record: EarlyStoppingRecord) -> String {
        let stop = record.stoppedEpoch.map {
            "stopped early after epoch \($0): \(record.reason)"
        }
        let restored = record.restoredEpoch.map { "the weights of epoch \($0) are back" }
        return [stop, restored].compactMap(\.self).joined(separator: "; ")
    }
}
