import ArgumentParser
import Experiments

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train and evaluate, and write a JSON results file for each spec (the default).",
        discussion: """
            Data are looked for in: the spec's data.path or --data-dir; $TFRS_DATA_HOME; data/ in \
            the working directory; the user's cache. MovieLens is downloaded into the cache if it \
            is in none of them.

            A spec with 'sweep:' runs many trials, side by side. A second invocation goes on where \
            the first ended: trials that finished on the same spec, data and program are not run \
            again.

            One experiment can be spread over processes, on one machine or on many, to the same \
            digest: mpirun -n 4 tfrs-run SPEC, in a tool that is built with --traits MPI.

            The environment variable TFRS_ISA (plain, avx2, avx512 or avx512vnni) forces an \
            instruction set.
            """)

    @Argument(help: "Spec files (YAML).", completion: .specs)
    var specs: [String]

    @OptionGroup var specOptions: SpecOptions

    @Option(
        help: ArgumentHelp(
            "Where to write the results.",
            discussion: """
                Without it: results/NAME-INPUTS.json, where INPUTS is derived from the spec, the \
                seed and the data, so that the same experiment has the same file. For a sweep a \
                folder, results/NAME without it: an index sweep.json, the tables sweep.csv and \
                sweep-figures.csv (what its columns are), and trials/.
                """, valueName: "file"), completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Log the results for TensorBoard, in a folder of each run's name.",
            discussion: "As output.tensorboard in the spec.", valueName: "folder"),
        completion: .directory)
    var tensorboard: String?

    @Option(
        help: ArgumentHelp(
            "Run one trial of a sweep, here, by its name.", valueName: "name"),
        completion: .trials)
    var trial: String?

    /// What a sweep tells the process of a trial that it proposed.
    @Option(help: .hidden)
    var proposal: String?

    @OptionGroup
    var arguments: RunArguments

    @OptionGroup(title: "Sweeps")
    var sweepOptions: SweepOptions

    mutating func validate() throws {
        if output != nil && specs.count > 1 {
            throw ValidationError("--output names one file, but there are \(specs.count) specs")
        }
        if trial != nil && (specs.count > 1 || sweepOptions.shard != nil) {
            throw ValidationError("--trial requires one spec and no --shard")
        }
    }

    func run() throws {
        try InstructionSetChoice.apply()
        arguments.data.trust.confine(specs: specs, others: [arguments.data.dataDir])
        arguments.job.holdToTime()
        let files = try SpecFiles.readFiles(
            specs, options: specOptions, trust: arguments.data.trust, trial: trial,
            proposal: proposal)
        let runner = SpecRunner(
            arguments: arguments, sweepOptions: sweepOptions, specOptions: specOptions,
            tensorboard: tensorboard)
        try runner.check(files)
        if let trial {
            let status = try runner.run(trial: trial, of: files[0], output: output)
            if status != .success { throw status }
            return
        }
        let status = runner.run(files, output: output) { path throws(ExitStatus) in
            try StandardOutput.writeLine(path)
        }
        if status != .success { throw status }
    }
}
