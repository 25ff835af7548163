import Platform
import Retrieval

/// The job that this process belongs to: itself, or the ranks that `mpirun` has started.
struct Job {
    let ranks: any Communicator
    /// Why nothing can be run; nil where something can.
    let objection: ExitStatus?

    /// Joins the job that the environment tells of.
    static func ofProcess() -> Job {
        let environment = ProcessEnvironment.variables
        let place = JobPlace(environment)
        guard place.size > 1 else { return Job(ranks: SingleProcess(), objection: nil) }
        #if MPI
            let ranks = MPICommunicator()
            if !ranks.isFirst { StandardError.hold() }
            guard let objection = RankCount.objection(to: ranks.size) else {
                return Job(ranks: ranks, objection: nil)
            }
            let most = RankCount.allowed.last { $0 < ranks.size } ?? 1
            StandardError.writeLine("tfrs-run: \(objection); mpirun -n \(most) starts fewer")
            return Job(ranks: ranks, objection: .usage)
        #else
            if place.rank == 0 {
                StandardError.writeLine(
                    "tfrs-run: this is one of \(place.size) processes that MPI has started, but it "
                        + "was built without MPI: swift build -c release --traits MPI")
            }
            return Job(ranks: SingleProcess(), objection: .usage)
        #endif
    }

    /// Leaves the job with what this process has come to; a rank that failed alone ends it.
    func leave(_ status: ExitStatus) -> ExitStatus {
        guard !ranks.isAlone else { return status }
        guard let codes = ranks.leave(code: status.code) else {
            StandardError.tellHeld(as: "rank \(ranks.rank)")
            ranks.abort(code: status.code)
        }
        // Where all failed alike the first one has said so.
        if codes[0] == 0, codes.firstIndex(where: { $0 != 0 }) == ranks.rank {
            StandardError.tellHeld(as: "rank \(ranks.rank)")
        }
        return status
    }
}

/// What the environment says of the job, in the words of those that start it.
private struct JobPlace {
    var rank = 0
    var size = 1

    init(_ environment: [String: String]) {
        func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        // Open MPI's mpirun, then MPICH's and others by the Process Management Interface.
        for (rank, size) in [
            ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"),
            ("PMIX_RANK", "SLURM_STEP_NUM_TASKS"),
        ] {
            guard let place = number(rank), let count = number(size) else { continue }
            (self.rank, self.size) = (place, count)
            return
        }
    }
}
