import Synchronization

/// A piece of work on a thread of its own, for which its starter goes on without waiting.
package final class BackgroundJob: Sendable {
    private let isDone = Atomic<Bool>(false)
    private let body: @Sendable () -> Void

    /// Starts the work; where no thread can be had it is done at once.
    package init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        if !DetachedThread.start({ self.perform() }) { perform() }
    }

    /// Returns when the work is done.
    package func wait() {
        var pause: UInt32 = 100
        while !isDone.load(ordering: .acquiring) {
            usleep(pause)
            pause = min(pause * 2, 5000)
        }
    }

    private func perform() {
        body()
        isDone.store(true, ordering: .releasing)
    }
}
