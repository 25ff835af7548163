import Experiments
import Reporting
import ResultsFormat
import Retrieval

/// How far training is, and when it will be over.
struct TrainingProgress {
    private let epochs: Int
    private let examples: Int
    private let batchSize: Int
    /// The figure that stands for the others.
    private let monitor: String?
    private let start = ContinuousClock.now

    init(_ plan: ExperimentPlan) {
        epochs = plan.schedule.epochs
        examples = plan.train.count
        batchSize = plan.schedule.batchSize
        monitor = plan.schedule.earlyStopping?.monitor
    }

    /// The live line of a step.
    func line(
        epoch: Int, step: Int, steps: Int, loss: Double, learningRate: Float
    ) -> LiveLine {
        let whole = Double(max(1, epochs * steps))
        let done = Double((epoch - 1) * steps + step) / whole
        let seconds = elapsed
        let seen = Double((epoch - 1) * examples + min(step * batchSize, examples))
        var line = LiveLine()
        line.add("epoch \(epoch)/\(epochs)", importance: 0)
        line.add(bar: Double(step) / Double(max(1, steps)), importance: 4)
        line.add("\(step)/\(steps)", importance: 5)
        line.add("loss \(Text.fixed(loss, 4))", importance: 1)
        line.add("rate \(Text.significant(Double(learningRate), 3))", importance: 6)
        if seconds > 0.2 {
            line.add("\(Text.count(seen / seconds)) examples/s", importance: 3)
            line.add("\(Text.duration(seconds / done - seconds)) left", importance: 2)
        }
        return line
    }

    /// The line of an epoch that ended: its loss, what was measured, and the speed.
    ///
    /// - Parameter width: columns; nil where lines may be as long as they are.
    func line(_ record: EpochRecord, width: Int?) -> String {
        let start = "epoch \(record.epoch)/\(epochs): loss \(Text.fixed(record.loss, 4))"
        let rate = Double(record.examples) / max(record.seconds, 1e-9)
        let speed = "\(Text.fixed(rate, 0)) examples/s"
        let rest = Double(epochs - record.epoch) * elapsed / Double(max(1, record.epoch))
        let end = ", \(speed)" + (rest >= 0.5 ? ", \(Text.duration(rest)) left" : "")
        guard let width else {
            return start + figures(of: record) { $0 }.map { ", \($0)" }.joined() + end
        }
        let figures = figures(of: record, named: FigureName.short)
        var line = start
        var shown = 0
        for figure in figures where (line + ", " + figure).count <= width {
            line += ", " + figure
            shown += 1
        }
        let more = shown < figures.count ? ", \(figures.count - shown) more" : ""
        for rest in [more + end, more, end] where (line + rest).count <= width {
            return line + rest
        }
        return line
    }

    /// What the validation came to, what is monitored first.
    private func figures(
        of record: EpochRecord, named words: (String) -> String
    ) -> [String] {
        let names = record.metrics.keys
        let first =
            names.filter { $0 == monitor } + names.filter { $0 == "val_loss" && $0 != monitor }
        let others = names.filter { !first.contains($0) }
        return (first + others).compactMap { name in
            record.metrics[name].map { "\(words(name)) \(Text.fixed($0, 4))" }
        }
    }

    private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }
}
