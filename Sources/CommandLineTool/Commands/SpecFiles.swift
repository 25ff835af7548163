import Experiments

/// The specs that a command is given.
enum SpecFiles {
    /// Reads all files, with the trials of those that are sweeps, and reports all errors in all of
    /// them before giving up.
    static func readFiles(_ paths: [String]) throws(ExitStatus) -> [ExperimentFile] {
        let reader = SpecReader(catalog: TFRSRun.catalog)
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

    /// Reads all files and reports all errors in all of them before giving up.
    static func read(_ paths: [String]) throws(ExitStatus) -> [ExperimentSpec] {
        let reader = SpecReader(catalog: TFRSRun.catalog)
        var specs: [ExperimentSpec] = []
        for path in paths {
            do {
                specs.append(try reader.read(path: path))
            } catch {
                StandardError.write(error)
            }
        }
        guard specs.count == paths.count else { throw .usage }
        return specs
    }
}
