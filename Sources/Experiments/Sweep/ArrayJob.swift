/// The part of a sweep that falls to a job by its place in an array of jobs, as schedulers tell it
/// in the environment.
public enum ArrayJob: String, CaseIterable, Sendable {
    /// `sbatch --array`: places start wherever the array does and may be some steps apart.
    case slurm = "Slurm"
    /// A Job of Kubernetes whose `completionMode` is `Indexed`: it is not told how many there are.
    case kubernetes = "Kubernetes"
    /// `parallel:` of a GitLab job: places from 1.
    case gitlab = "GitLab"
    /// An array job of AWS Batch.
    case awsBatch = "AWS Batch"

    /// The variables that tell a job's place and, where there is one, the number of jobs.
    var variables: (place: String, count: String?) {
        switch self {
        case .slurm: ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT")
        case .kubernetes: ("JOB_COMPLETION_INDEX", nil)
        case .gitlab: ("CI_NODE_INDEX", "CI_NODE_TOTAL")
        case .awsBatch: ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE")
        }
    }
}

/// Why a job's place in an array is not known.
public enum ArrayJobError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No scheduler's variables are set.
    case noArray
    /// Nothing tells how many jobs there are.
    case unknownCount(variable: String)
    /// A variable holds no number that it may.
    case invalid(variable: String, required: String, found: String)

    public var description: String {
        switch self {
        case .noArray:
            let names = ArrayJob.allCases.map { "\($0.variables.place) (\($0.rawValue))" }
            return "'auto' requires an array of jobs; none of "
                + "\(names.joined(separator: ", ")) is set"
        case .unknownCount(let variable):
            return "\(variable) tells which part this is, and nothing of how many: "
                + "write --shard auto/COUNT"
        case .invalid(let variable, let required, let found):
            return "\(variable) requires \(required); found '\(found)'"
        }
    }
}

extension SweepShard {
    /// The part of a job in an array: of the first scheduler whose variables are set.
    ///
    /// - Parameters:
    ///   - environment: the variables by name.
    ///   - count: how many parts there are; nil: as many as the scheduler says.
    /// - Throws: where the environment tells no part, or one that is none of `count`.
    public init(
        arrayJobIn environment: [String: String], count: Int? = nil
    ) throws(ArrayJobError) {
        func number(_ variable: String, atLeast least: Int = 0) throws(ArrayJobError) -> Int? {
            guard let text = environment[variable], !text.isEmpty else { return nil }
            guard let number = Int(text), number >= least, number < Int(Int32.max) else {
                throw .invalid(
                    variable: variable, required: "a whole number, at least \(least)", found: text)
            }
            return number
        }
        for job in ArrayJob.allCases {
            let variables = job.variables
            guard var place = try number(variables.place) else { continue }
            var known = count
            if known == nil, let name = variables.count { known = try number(name, atLeast: 1) }
            guard let parts = known else { throw .unknownCount(variable: variables.place) }
            switch job {
            case .slurm:
                let first = try number("SLURM_ARRAY_TASK_MIN") ?? 0
                let step = try number("SLURM_ARRAY_TASK_STEP", atLeast: 1) ?? 1
                guard place >= first, (place - first).isMultiple(of: step) else {
                    throw .invalid(
                        variable: variables.place,
                        required: "\(first), or so many times \(step) more",
                        found: "\(place)")
                }
                place = (place - first) / step + 1
            case .gitlab: break
            case .kubernetes, .awsBatch: place += 1
            }
            guard let shard = SweepShard("\(place)/\(parts)") else {
                throw .invalid(
                    variable: variables.place, required: "a place among \(parts) parts",
                    found: environment[variables.place] ?? "")
            }
            self = shard
            return
        }
        throw .noArray
    }
}
