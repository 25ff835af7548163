import Synchronization

/// A piece of work on a thread of its own, for which its starter goes on without waiting.
package final class BackgroundJob: Sendable {
    private let isDone = Atomic<Bool>(false)
    private let body: @Sendable () -> Void

    /// Starts the work; where no thread can be had it is done at once.
    package init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
        if !start() { perform() }
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

    private func start() -> Bool {
        let job = Unmanaged.passRetained(self)
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                    let pointer = argument
                #else
                    guard let pointer = argument else { return nil }
                #endif
                Unmanaged<BackgroundJob>.fromOpaque(pointer).takeRetainedValue().perform()
                return nil
            }, job.toOpaque())
        guard code == 0 else {
            job.release()
            return false
        }
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
        return true
    }
}
