import ArgumentParser
import Experiments
import Retrieval
import Safeguards

/// What a spec may do that somebody else wrote.
struct TrustArguments: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Run specs that strangers wrote: they read nothing outside of their own folders.",
            discussion: """
                Files are read in the folders of the specs, of --data-dir and of --allow-data alone, \
                wherever links lead; ${NAME} has no value; nothing is downloaded; figures per query \
                go beside the results; messages show no data. Unless --memory-limit, --time-limit \
                and --max-trials say else: four fifths of the memory, an hour, 64 trials. See \
                docs/security.md.
                """))
    var untrusted = false

    @Option(
        help: ArgumentHelp(
            "A folder that --untrusted specs may read too. Repeatable.", valueName: "folder"))
    var allowData: [String] = []

    /// Confines the process, where it is asked for, to what whoever runs it named.
    ///
    /// - Parameters:
    ///   - specs: the specs' paths; they and their folders may be read.
    ///   - others: further files and folders of the command line.
    func confine(specs: [String], others: [String?] = []) {
        guard untrusted else { return }
        let environment = DataEnvironment.process
        let own = specs.map { InputFiles.folder(of: $0) }
        // Where data sets are looked for by their names is for the user alone to say.
        let known = [environment.variable("TFRS_DATA_HOME"), environment.cacheDirectory]
        Confinement.begin(folders: own + allowData + known.compactMap(\.self))
        for path in (specs + others.compactMap(\.self)) { Confinement.allow(path) }
    }

    /// What `${NAME}` in a spec's path means.
    var environment: [String: String] {
        untrusted ? [:] : DataEnvironment.process.variables
    }

    /// What a trial's process has to be told too.
    var trialArguments: [String] {
        (untrusted ? ["--untrusted"] : []) + allowData.flatMap { ["--allow-data", $0] }
    }
}
