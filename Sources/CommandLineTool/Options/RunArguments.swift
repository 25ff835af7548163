import ArgumentParser
import Experiments
import Retrieval
import Safeguards

/// What the commands take beside the specs that run experiments, or their first steps to plan them.
struct JobArguments: ParsableArguments {
    @OptionGroup var data: DataArguments

    @Option(
        help: ArgumentHelp(
            "Threads that may run at once.",
            discussion: """
                Without it, one for each processor that the process may use, by its affinity and \
                its control group. The results' digest does not depend on it.
                """, valueName: "count"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Memory that a run may take, or the trials of a sweep together: 6GB or 512MB.",
            discussion: """
                A run that is sure to need more is refused before it starts, and one that takes \
                more is ended. Of a sweep the first trial then runs alone, to be measured. Without \
                it, what the machine or the control group has; four fifths of that for a sweep.
                """, valueName: "size"))
    var memoryLimit: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Seconds, or 90m or 2h, after which runs are ended; finished epochs are kept.",
            discussion: """
                A run that a trial of its first steps says to take longer is refused before it \
                starts.
                """, valueName: "time"))
    var timeLimit: TimeSpan?

    @Flag(name: .shortAndLong, help: "Print no progress and no summary.")
    var quiet = false

    mutating func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads requires at least 1; found \(threads)")
        }
    }

    var runOptions: RunOptions {
        var options = RunOptions(
            threads: threads ?? HostEnvironment.processorCount, environment: data.environment,
            memoryLimit: memoryLimit?.bytes ?? MachineLimits.current.memory,
            memoryLimitIsGiven: memoryLimit != nil)
        options.timeLimit = secondsLimit
        options.ranks = TFRSRun.ranks
        return options
    }

    private var secondsLimit: Double? {
        timeLimit?.seconds ?? (data.trust.untrusted ? Self.untrustedSeconds : nil)
    }

    /// What runs of strangers' specs may spend, where nothing else is said.
    private static let untrustedSeconds = 3600.0

    /// Holds the process to the time that the command line allows, reading included.
    func holdToTime() {
        SignalWatch.hold(to: SignalWatch.Limits(seconds: secondsLimit, memory: nil))
    }

    /// Holds the process to the memory that the command line allows; of a sweep that is what its
    /// trials take together, which are processes of their own.
    func holdToMemory() {
        SignalWatch.hold(
            to: SignalWatch.Limits(
                seconds: secondsLimit,
                memory: memoryLimit?.bytes
                    ?? (data.trust.untrusted ? MachineLimits.current.memory / 5 * 4 : nil)))
    }
}

/// What the commands that run experiments take beside the specs.
struct RunArguments: ParsableArguments {
    @OptionGroup var job: JobArguments

    @Option(
        help: ArgumentHelp(
            "Refuse sweeps of more trials than this.", valueName: "count"))
    var maxTrials: Int?

    @OptionGroup(title: "Models")
    var keeping: KeepingArguments

    mutating func validate() throws {
        if let maxTrials, maxTrials < 1 {
            throw ValidationError("--max-trials requires at least 1; found \(maxTrials)")
        }
    }

    var data: DataArguments { job.data }

    var quiet: Bool { job.quiet }

    var runOptions: RunOptions {
        var options = job.runOptions
        options.resumption = keeping.resumption
        return options
    }

    /// The most trials that a sweep may have; nil: as many as it says.
    var trialLimit: Int? { maxTrials ?? (data.trust.untrusted ? Self.untrustedTrials : nil) }

    /// How many trials sweeps of strangers may have, where nothing else is said.
    private static let untrustedTrials = 64

    /// What a trial's process has to be told too.
    var trialArguments: [String] {
        data.trialArguments + keeping.trialArguments
            + (maxTrials.map { ["--max-trials", "\($0)"] } ?? [])
    }
}

/// What a run leaves beside its results, and where it begins.
struct KeepingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the trained model into a folder, as output.model of a spec does.",
            discussion: """
                For tfrs-run recommend, similar, embed, evaluate and export. A model that stands \
                there is replaced. Of a sweep each trial has a folder of its own inside.
                """, valueName: "folder"), completion: .directory)
    var saveModel: String?

    @Flag(
        help: ArgumentHelp(
            "Go on from a checkpoint, and fail where there is none.",
            discussion: """
                Without it, a run of a spec with 'checkpoint:' goes on where the same run was \
                ended, to the same results, if there is a checkpoint.
                """))
    var resume = false

    @Flag(help: "Begin anew; checkpoints of the run are removed.")
    var noResume = false

    mutating func validate() throws {
        if resume && noResume {
            throw ValidationError("--resume and --no-resume exclude each other")
        }
    }

    var resumption: RunOptions.Resumption { resume ? .required : noResume ? .never : .automatic }

    /// The spec with what the command line says.
    func applied(to spec: ExperimentSpec) -> ExperimentSpec {
        guard let saveModel else { return spec }
        var spec = spec
        spec.output.model = saveModel
        return spec
    }

    /// What a trial's process has to be told too.
    var trialArguments: [String] {
        (saveModel.map { ["--save-model", $0] } ?? [])
            + (resume ? ["--resume"] : []) + (noResume ? ["--no-resume"] : [])
    }
}

/// Where the data of a spec may come from.
struct DataArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder that holds the data.", valueName: "folder"),
        completion: .directory)
    var dataDir: String?

    @Flag(help: "Fail (exit code 5) rather than run on a generated stand-in for missing data.")
    var requireData = false

    @OptionGroup var trust: TrustArguments

    var environment: DataEnvironment {
        var environment = DataEnvironment.process
        environment.dataDirectory = dataDir
        environment.allowsStandIns = !requireData
        if trust.untrusted { environment.allowsDownloads = false }
        return environment
    }

    /// What a trial's process has to be told too.
    var trialArguments: [String] {
        var arguments: [String] = []
        if let dataDir { arguments += ["--data-dir", dataDir] }
        if requireData { arguments.append("--require-data") }
        return arguments + trust.trialArguments
    }
}

/// A time, as people write it: 90, 90s, 15m, 2h.
struct TimeSpan: ExpressibleByArgument, Hashable {
    var seconds: Double

    init?(argument: String) {
        let units = ["s": 1.0, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[String($0)] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits), number > 0, number < 1e9
        else { return nil }
        seconds = number * (unit ?? 1)
    }
}
