import Platform
import Safeguards

/// Where rejected rows may go: a file that a spec names is not to be lost.
enum RejectsPlace {
    private static let beginning = Array("file,line,column,required,found,row".utf8)

    /// Whether there is no file yet, or one that is empty or holds rejected rows.
    static func isFree(_ path: String) -> Bool {
        let file: RegularFile
        do throws(RegularFile.Refusal) {
            file = try RegularFile(path: path)
        } catch {
            return error == .missing
        }
        var found = [UInt8](repeating: 0, count: beginning.count)
        let count = found.withUnsafeMutableBytes {
            read(file.descriptor, $0.baseAddress, $0.count)
        }
        return count == 0 || found == beginning
    }
}
