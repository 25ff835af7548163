import Experiments

/// The specs that a command is given.
enum SpecFiles {
    /// Reads all files, with the trials of those that are sweeps, and reports all errors in all of
    /// them before giving up.
    ///
    /// - Parameter options: what is laid over every file.
    static func readFiles(
        _ paths: [String], options: SpecOptions
    ) throws(ExitStatus) -> [ExperimentFile] {
        let reader = SpecReader(catalog: TFRSRun.catalog, settings: options.settings)
        var files: [ExperimentFile] = []
        for path in paths {
            do {
                files.append(try reader.readFile(path: path))
            } catch {
                StandardError.write(error)
            }
        }
        guard files.count == paths.count else { throw .usage }
        return files
    }
}
