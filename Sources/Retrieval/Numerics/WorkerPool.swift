import Dispatch
import Platform
import Safeguards
import Synchronization

/// The threads of this process that work for ``Lanes``.
///
/// A training step is a row of short jobs with little between them. A worker that has finished one
/// looks out for the next for some microseconds before it sleeps, so that most jobs start without
/// the system's having to wake anybody, which takes longer than many of them.
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// How often a waiting thread looks before it sleeps: tens of microseconds.
    private static let looks = 2000

    private struct Job {
        var count: Int
        var body: UnsafePointer<(Int) -> Void>
    }

    /// Whether a job runs; there is one at a time.
    private let isTaken = Atomic<Bool>(false)
    /// Changes only while ``state`` is closed and nobody is inside.
    private var job: Job?
    private var workers: [Worker] = []
    /// Whether the system let the last thread start.
    private var canStartMore = true
    private let state = Atomic<UInt64>(JobState(number: 0, helpers: 0).closed.bits)
    /// The first piece that nobody has taken.
    private let next = Atomic<Int>(0)
    /// Whether the thread that handed out the job sleeps until the workers have left it.
    private let isAwaited = Atomic<Bool>(false)
    private let left = DispatchSemaphore(value: 0)

    /// Calls `body` for each index below `count` on at most `threads` threads, this one among them.
    ///
    /// - Returns: false, and nothing was called, if a job runs already.
    func run(_ count: Int, threads: Int, _ body: (Int) -> Void) -> Bool {
        guard
            isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring)
                .exchanged
        else { return false }
        defer { isTaken.store(false, ordering: .releasing) }
        var helpers = min(threads - 1, JobState.mostHelpers)
        while workers.count < helpers, canStartMore {
            let worker = Worker(of: self, index: workers.count)
            canStartMore = worker.start()
            if canStartMore { workers.append(worker) }
        }
        // Where no thread can be had, the one that asks does all of it, with the same outcome.
        helpers = min(helpers, workers.count)
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { body in
                job = Job(count: count, body: body)
                next.store(0, ordering: .relaxed)
                let number = JobState(bits: state.load(ordering: .relaxed)).number &+ 1
                state.store(
                    JobState(number: number, helpers: helpers).bits,
                    ordering: .sequentiallyConsistent)
                for worker in workers.prefix(helpers) { worker.wake() }
                work()
                close()
                job = nil
            }
        }
        return true
    }

    /// Takes pieces until there are none. Whatever it retains it has released when it returns.
    @inline(never)
    private func work() {
        guard let job else { return }
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < job.count else { return }
            job.body.pointee(index)
        }
    }

    /// Lets nobody in any more, and waits until those inside have left.
    private func close() {
        var now = JobState(
            bits: state.bitwiseOr(JobState.closedBit, ordering: .acquiringAndReleasing).newValue)
        var looks = 0
        while now.inside > 0 {
            if looks < Self.looks {
                looks += 1
                Kernels.pause()
            } else {
                isAwaited.store(true, ordering: .sequentiallyConsistent)
                now = JobState(bits: state.load(ordering: .sequentiallyConsistent))
                // Whoever takes the flag back decides whether there is a signal to wait for.
                if now.inside > 0
                    || !isAwaited.exchange(false, ordering: .sequentiallyConsistent)
                {
                    left.wait()
                }
            }
            now = JobState(bits: state.load(ordering: .acquiring))
        }
    }

    private func leave() {
        let now = JobState(
            bits: state.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue)
        if now.inside == 0 && isAwaited.exchange(false, ordering: .sequentiallyConsistent) {
            left.signal()
        }
    }

    /// What a worker does, for ever.
    fileprivate func serve(_ worker: Worker) -> Never {
        var last: UInt32 = 0
        while true {
            var now = awaitJob(after: last, worker)
            last = now.number
            guard worker.index < now.helpers else { continue }
            while now.number == last && !now.isClosed {
                let entry = state.weakCompareExchange(
                    expected: now.bits, desired: now.bits + 1, ordering: .acquiringAndReleasing)
                if entry.exchanged {
                    work()
                    leave()
                    break
                }
                now = JobState(bits: entry.original)
            }
        }
    }

    private func awaitJob(after last: UInt32, _ worker: Worker) -> JobState {
        while true {
            for _ in 0..<Self.looks {
                let now = JobState(bits: state.load(ordering: .acquiring))
                if now.number != last { return now }
                Kernels.pause()
            }
            worker.sleep {
                JobState(bits: state.load(ordering: .sequentiallyConsistent)).number != last
            }
        }
    }
}

/// A job as one number that threads agree on.
private struct JobState {
    var bits: UInt64

    /// From the lowest bit on: 16 for the workers inside, 1 for closed, 15 for the helpers that are
    /// wanted, 32 for the job's number.
    static let closedBit: UInt64 = 1 << 16
    static let mostHelpers = 1 << 15 - 1

    init(bits: UInt64) { self.bits = bits }

    init(number: UInt32, helpers: Int) {
        bits = UInt64(number) << 32 | UInt64(helpers) << 17
    }

    var closed: JobState { JobState(bits: bits | Self.closedBit) }
    var inside: Int { Int(bits & 0xffff) }
    var isClosed: Bool { bits & Self.closedBit != 0 }
    var helpers: Int { Int(bits >> 17 & 0x7fff) }
    var number: UInt32 { UInt32(bits >> 32) }
}

/// One thread of a pool.
private final class Worker: Sendable {
    let index: Int
    private let pool: WorkerPool
    private let isAsleep = Atomic<Bool>(false)
    private let alarm = DispatchSemaphore(value: 0)

    init(of pool: WorkerPool, index: Int) {
        self.index = index
        self.pool = pool
    }

    /// Starts its thread, which never ends.
    ///
    /// - Returns: false where the system allows no more.
    func start() -> Bool { DetachedThread.start { self.pool.serve(self) } }

    func wake() {
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { alarm.signal() }
    }

    /// Sleeps until ``wake()``, unless there is work.
    func sleep(unless hasWork: () -> Bool) {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        // Whoever takes the flag back decides whether there is an alarm to wait for.
        if hasWork() && isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
        alarm.wait()
    }
}
