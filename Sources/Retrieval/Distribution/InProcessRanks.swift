import Dispatch
import Platform
import Safeguards
import Synchronization

/// Ranks that are threads of one process: what spreading comes to where there is no MPI, for tests.
public enum InProcessRanks {
    /// Runs `body` once for each rank, all at the same time, and returns what each made of it.
    ///
    /// - Precondition: the size is allowed. A rank that ends before it has exchanged what others
    ///   wait for leaves them waiting.
    public static func run<Value: Sendable>(
        _ size: Int, _ body: @escaping @Sendable (any Communicator) throws -> Value
    ) throws -> [Value] {
        precondition(RankCount.objection(to: size) == nil, "a number of ranks that is allowed")
        let mail = Mail(size: size)
        let results = Guarded([Result<Value, any Error>?](repeating: nil, count: size))
        let done = DispatchSemaphore(value: 0)
        for rank in 1..<max(1, size) {
            let started = DetachedThread.start {
                let result = Result { try body(InProcessCommunicator(rank: rank, mail)) }
                results.withLock { $0[rank] = result }
                done.signal()
            }
            precondition(started, "the system allows a thread for every rank")
        }
        let first = Result { try body(InProcessCommunicator(rank: 0, mail)) }
        results.withLock { $0[0] = first }
        for _ in 1..<max(1, size) { done.wait() }
        return try results.withLock { try $0.map { try $0!.get() } }
    }
}

/// One of the threads of ``InProcessRanks``.
private struct InProcessCommunicator: Communicator {
    let rank: Int
    private let mail: Mail

    init(rank: Int, _ mail: Mail) {
        self.rank = rank
        self.mail = mail
    }

    var size: Int { mail.size }
    var bytesSent: Int { mail.boxes[rank * size].sent.load(ordering: .relaxed) }

    func exchange(
        with partner: Int, sending: UnsafeRawBufferPointer,
        receiving: UnsafeMutableRawBufferPointer
    ) {
        mail.boxes[rank * size].sent.wrappingAdd(sending.count, ordering: .relaxed)
        mail.boxes[rank * size + partner].put(Array(sending))
        let bytes = mail.boxes[partner * size + rank].take()
        precondition(
            bytes.count == receiving.count,
            "rank \(rank) had room for \(receiving.count) bytes; rank \(partner) sent \(bytes.count)"
        )
        receiving.copyBytes(from: bytes)
    }

    func leave(code: Int32) -> [Int32]? { joined([code]) }
    func abort(code: Int32) -> Never { preconditionFailure("rank \(rank) ended the job") }
}

/// What is on its way from each rank to each other one.
private final class Mail: Sendable {
    let size: Int
    let boxes: [Mailbox]

    init(size: Int) {
        self.size = size
        boxes = (0..<(size * size)).map { _ in Mailbox() }
    }
}

private final class Mailbox: Sendable {
    private let messages = Guarded<[[UInt8]]>([])
    private let arrived = DispatchSemaphore(value: 0)
    /// Bytes that the rank of a row's first box has sent to anybody.
    let sent = Atomic<Int>(0)

    func put(_ message: [UInt8]) {
        messages.withLock { $0.append(message) }
        arrived.signal()
    }

    func take() -> [UInt8] {
        arrived.wait()
        return messages.withLock { $0.removeFirst() }
    }
}
