import Experiments
import Platform
import Retrieval
import Safeguards
import Synchronization

/// Shows how far an evaluation is while it goes on, from a thread of its own: whoever evaluates
/// tells nothing before the end.
final class EvaluationWatch: Sendable {
    private struct Watched {
        var progress: EvaluationProgress
        var stage = 0
        var start = ContinuousClock.now
    }

    private let watched = Guarded<Watched?>(nil)
    private let isStarted = Atomic<Bool>(false)
    /// Shows a line; it says itself how often.
    private let show: @Sendable (LiveLine) -> Void

    init(show: @escaping @Sendable (LiveLine) -> Void) { self.show = show }

    /// An evaluation begins.
    func begin(_ progress: EvaluationProgress) {
        watched.withLock { $0 = Watched(progress: progress) }
        guard !isStarted.exchange(true, ordering: .relaxed) else { return }
        // Where the system has no thread left there is no line either.
        _ = DetachedThread.start { [weak self] in
            while true {
                usleep(100_000)
                guard let self else { return }
                look()
            }
        }
    }

    /// The evaluation is over; nothing is shown any more once this returns.
    func end() { watched.withLock { $0 = nil } }

    private func look() {
        watched.withLock { watched in
            guard let progress = watched?.progress, let stage = progress.meter.stage else { return }
            if watched?.stage != stage.number {
                watched?.stage = stage.number
                watched?.start = .now
            }
            show(Self.line(progress, stage, since: watched?.start ?? .now))
        }
    }

    private static func line(
        _ progress: EvaluationProgress, _ stage: WorkMeter.Stage,
        since start: ContinuousClock.Instant
    ) -> LiveLine {
        var line = LiveLine()
        line.add("evaluating \(progress.part): \(stage.name)", importance: 0)
        guard stage.count > 0 else { return line }
        line.add(bar: stage.done / Double(stage.count), importance: 2)
        line.add("\(Int(stage.done))/\(stage.count) \(stage.unit)", importance: 3)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if seconds > 0.2, stage.done > 0 {
            let rate = stage.done / seconds
            line.add("\(Text.count(rate)) \(stage.unit)/s", importance: 4)
            let left = (Double(stage.count) - stage.done) / rate
            line.add("\(Text.duration(left)) left", importance: 1)
        }
        return line
    }
}
