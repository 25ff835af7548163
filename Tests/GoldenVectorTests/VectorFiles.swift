import Foundation

/// The folder of recorded outputs of TensorFlow Recommenders.
enum VectorFiles {
    static let variable = "TFRS_VECTORS_DIR"

    /// The folder that the variable names, or `../shared/vectors` beside the package.
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty {
            return URL(fileURLWithPath: path)
        }
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return tests.appendingPathComponent("../../../shared/vectors").standardizedFileURL
    }()

    /// The names of the folder's JSON files, sorted.
    static let names: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(".json") }.sorted()
    }()

    static let areAbsent =
        "no golden vectors in \(folder.path): name their folder by \(variable) to run these tests"

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
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return try JSONSerialization.jsonObject(with: data)
    }
}
