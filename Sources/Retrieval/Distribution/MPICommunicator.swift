#if MPI
    import CMPI
    import Platform
    import Synchronization

    /// The processes that `mpirun` or a scheduler has started together.
    public final class MPICommunicator: Communicator {
        public let rank: Int
        public let size: Int
        private let sent = Atomic<Int>(0)

        /// Joins the job. To be called once in a process, before it starts threads.
        public init() {
            var (rank, size): (Int32, Int32) = (0, 1)
            tfrs_mpi_join(&rank, &size)
            self.rank = Int(rank)
            self.size = Int(size)
        }

        public var bytesSent: Int { sent.load(ordering: .relaxed) }

        public func exchange(
            with partner: Int, sending: UnsafeRawBufferPointer,
            receiving: UnsafeMutableRawBufferPointer
        ) {
            sent.wrappingAdd(sending.count, ordering: .relaxed)
            tfrs_mpi_exchange(
                Int32(partner), sending.baseAddress?.assumingMemoryBound(to: CChar.self),
                sending.count, receiving.baseAddress?.assumingMemoryBound(to: CChar.self),
                receiving.count)
        }

        public func leave(code: Int32) -> [Int32]? {
            var codes = [Int32](repeating: 0, count: size)
            // Who has failed does not wait for those that wait for it.
            let patience: Int32 = code == 0 ? -1 : 2000
            return tfrs_mpi_leave(code, patience, &codes) == 0 ? nil : codes
        }

        public func abort(code: Int32) -> Never {
            tfrs_mpi_abort(code)
            exit(code)
        }
    }
#endif
