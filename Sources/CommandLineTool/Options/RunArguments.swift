import ArgumentParser
import Experiments
import Retrieval

/// What the commands that run experiments take beside the specs.
struct RunArguments: ParsableArguments {
    @OptionGroup var data: DataArguments

    @Option(
        help: ArgumentHelp(
            "Threads that may run at once.",
            discussion: """
                Without it, one for each processor. The results' digest does not depend on it.
                """, valueName: "count"))
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Print no progress and no summary.")
    var quiet = false

    mutating func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads requires at least 1; found \(threads)")
        }
    }

    var runOptions: RunOptions {
        RunOptions(
            threads: threads ?? HostEnvironment.processorCount, environment: data.environment)
    }
}

/// Where the data of a spec may come from.
struct DataArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that holds the data.", valueName: "folder"))
    var dataDir: String?

    @Flag(help: "Fail (exit code 5) rather than run on a generated stand-in for missing data.")
    var requireData = false

    var environment: DataEnvironment {
        var environment = DataEnvironment.process
        environment.dataDirectory = dataDir
        environment.allowsStandIns = !requireData
        return environment
    }

    /// What a trial's process has to be told too.
    var trialArguments: [String] {
        var arguments: [String] = []
        if let dataDir { arguments += ["--data-dir", dataDir] }
        if requireData { arguments.append("--require-data") }
        return arguments
    }
}
