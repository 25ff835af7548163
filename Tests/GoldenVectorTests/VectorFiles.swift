import Foundation
import TestSupport

/// The recorded outputs of TensorFlow Recommenders: `Tests/Golden`, or another folder of the same
/// kind that `TFRS_VECTORS_DIR` names.
enum VectorFiles {
    static let folder: URL = {
        let path = ProcessInfo.processInfo.environment["TFRS_VECTORS_DIR"] ?? ""
        return path.isEmpty ? Repository.file("Tests/Golden") : URL(filePath: path)
    }()

    /// Where each of the folder's JSON files is, gzipped or not, by its name without `.gz`.
    private static let paths: [String: URL] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let files = all.filter { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }.map {
            ($0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0, folder.appending(path: $0))
        }
        return Dictionary(files) { first, _ in first }
    }()

    /// The names of the folder's JSON files, sorted.
    static let names: [String] = paths.keys.sorted()

    /// The files of cases of the retrieval task.
    static let retrieval = names.filter { $0.hasPrefix("retrieval_") && !isInputs($0) }

    /// The files of cases of metrics and layers over a corpus.
    static let corpus = names.filter {
        $0.hasPrefix("factorized_top_k") || $0.hasPrefix("top_k_layers")
    }

    /// The files of cases of preprocessing layers.
    static let preprocessing = names.filter { $0.hasPrefix("layers_preprocessing") }

    /// The files of cases of layers of numbers.
    static let numeric = names.filter { $0.hasPrefix("layers_numeric") }

    /// Whether a file holds no cases, only the inputs of those of another.
    static func isInputs(_ name: String) -> Bool { name.hasSuffix("_inputs.json") }

    static func load(_ name: String) throws -> Any {
        guard let path = paths[name] else { throw VectorProblem("no \(name) in \(folder.path)") }
        let data = try Data(contentsOf: path)
        return try JSONSerialization.jsonObject(
            with: path.pathExtension == "gz" ? gunzip(data) : data)
    }
}
