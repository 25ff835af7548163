import Experiments
import Foundation
import ResultsFormat

/// The files that the gate's commands read and write.
enum GateFiles {
    /// Reads results, or says what is wrong with them and where.
    static func read(_ paths: [String]) throws(ExitStatus) -> RunSet {
        do {
            return try RunSet(reading: paths)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw .usage
        }
    }

    static func append(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: url)
        }
        let file = try FileHandle(forWritingTo: url)
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }
}
