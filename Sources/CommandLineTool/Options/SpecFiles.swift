import Experiments

/// The specs that a command is given.
enum SpecFiles {
    /// Reads all files, with the trials of those that are sweeps, and reports all errors in all of
    /// them before giving up.
    ///
    /// - Parameters:
    ///   - options: what is laid over every file.
    ///   - trust: whether the files are a stranger's.
    ///   - trial: the only trial of sweeps that is wanted.
    ///   - proposal: what the sweep proposed it by.
    static func readFiles(
        _ paths: [String], options: SpecOptions, trust: TrustArguments, trial: String? = nil,
        proposal: String? = nil
    ) throws(ExitStatus) -> [ExperimentFile] {
        let reader = SpecReader(
            catalog: TFRSRun.catalog, settings: options.settings, environment: trust.environment)
        var files: [ExperimentFile] = []
        for path in paths {
            do {
                let values = proposal?.split(separator: ",").compactMap { Double($0) }
                files.append(try reader.readFile(path: path, trial: trial, proposal: values))
            } catch {
                StandardError.write(error)
                NearbyFile.tell(of: [path], areSpecs: true)
            }
        }
        guard files.count == paths.count else { throw .usage }
        return files
    }
}
