import ResultsFormat
import Retrieval

/// A folder with nothing but named numbers: what a model's folder is made of, for timing.
package enum ArrayFolder {
    private static let name = "arrays.safetensors"

    /// Writes the numbers; a folder that stands there is replaced.
    package static func write(_ arrays: NamedArrays, to path: String) throws {
        let folder = try AtomicFolder(path) { _ in true }
        _ = try folder.write(name) { file throws(AtomicFileError) in
            try ArrayFile.write(arrays, to: &file)
        }
        try folder.finish()
    }

    package static func read(_ path: String) throws -> NamedArrays {
        var file = try ModelFile(path + "/" + name)
        return try ArrayFile.read(&file)
    }
}
