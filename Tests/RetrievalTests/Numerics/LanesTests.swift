import Dispatch
import Retrieval
import Testing

/// Work handed out to threads: every piece is done once and seen afterwards, whoever asks.
struct LanesTests {
    @Test(arguments: 1...5) func everyPieceIsDoneOnce(threads: Int) {
        expectJobs(2000, threads: threads)
    }

    @Test func severalThreadsHandOutJobs() {
        DispatchQueue.concurrentPerform(iterations: 4) { asker in
            expectJobs(500, threads: 2 + asker % 3)
        }
    }

    /// Workers that slept in between wake up.
    @Test func jobsMayBeFarBetween() {
        for _ in 0..<20 {
            expectJobs(5, threads: 3)
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(1))
        }
    }

    /// Jobs of 1 to 9 pieces, some of which hand out jobs themselves. Each piece counts in a place
    /// of its own, without a lock: that the counts are seen is up to the jobs' ends.
    private func expectJobs(_ jobs: Int, threads: Int) {
        let lanes = Lanes(threads: threads)
        let done = Counts()
        var expected = [Int](repeating: 0, count: Counts.size)
        for job in 0..<jobs {
            let pieces = 1 + job % 9
            let isNested = job % 7 == 0
            lanes.forEach(pieces) { piece in
                done.places[piece] += 1
                guard isNested else { return }
                lanes.forEach(3) { part in done.places[9 + 3 * piece + part] += 1 }
            }
            for piece in 0..<pieces {
                expected[piece] += 1
                for part in 0..<3 where isNested { expected[9 + 3 * piece + part] += 1 }
            }
        }
        #expect(done.places.elementsEqual(expected))
    }
}

private final class Counts: @unchecked Sendable {
    static let size = 40
    let places = UnsafeMutableBufferPointer<Int>.allocate(capacity: size)

    init() { places.initialize(repeating: 0) }

    deinit { places.deallocate() }
}
