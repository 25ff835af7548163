/// A value that one thread at a time reaches.
///
/// Used like the standard library's `Mutex`, whose locking the thread sanitizer does not see, for
/// the library is built without it: all that such a lock guards would look like a race, and what it
/// forgets to guard could not be told from that. The system's own lock the sanitizer knows.
package final class Guarded<Value>: @unchecked Sendable {
    // At one address for as long as it lives, as the system's functions require.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
        let code = pthread_mutex_init(lock, nil)
        precondition(code == 0, "no lock can be made: error \(code)")
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Calls `body` while no other thread is in such a call of this value.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }

    /// The same, unless another thread is in such a call; nil then.
    package func withLockIfAvailable<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard pthread_mutex_trylock(lock) == 0 else { return nil }
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
