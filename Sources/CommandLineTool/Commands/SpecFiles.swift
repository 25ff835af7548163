import Experiments

/// The specs that a command is given.
enum SpecFiles {
    /// Reads all files and reports all errors in all of them before giving up.
    static func read(_ paths: [String], settings: [String]) throws(ExitStatus) -> [ExperimentSpec] {
        let reader = SpecReader(catalog: TFRSRun.catalog, settings: settings)
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
