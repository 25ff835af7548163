import Experiments
import Platform
import ResultsFormat

/// The files that the gate's commands read and write.
enum GateFiles {
    /// Reads results, or says what is wrong with them and where.
    static func read(_ paths: [String]) throws(ExitStatus) -> RunSet {
        do {
            return try RunSet(reading: paths)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            NearbyFile.tell(of: paths)
            throw .usage
        }
    }

    /// Reads a baseline; where there is none yet, says how one is made.
    static func readBaseline(_ path: String) throws(ExitStatus) -> RunSet {
        do {
            return try read([path])
        } catch {
            if FileKind(of: path) == nil {
                StandardError.writeLine(
                    "  a baseline is made of results that are right, by: tfrs-run accept RESULTS "
                        + "--baseline \(ShellWords.text([path]))")
            }
            throw error
        }
    }

    static func append(_ text: String, to path: String) throws {
        guard let file = fopen(path, "ae") else { throw AppendFailure(path: path, code: errno) }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten else { throw AppendFailure(path: path, code: errno) }
    }
}

/// A file that cannot be appended to, in the system's words.
private struct AppendFailure: Error, CustomStringConvertible {
    var path: String
    var code: Int32

    var description: String { "\(path): \(String(cString: strerror(code)))" }
}
