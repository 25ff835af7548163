import Platform

/// Files that stand beside one of training interactions and seem to be its held-out parts, by their
/// names: `test.csv` beside `train.csv`.
struct HeldOutFilesBeside {
    private let path: String
    /// By the part's name, as the files' names have it.
    private var files: [(part: String, word: String, path: String)] = []

    private static let words = [
        ("validation", ["validation", "valid", "val", "dev"]), ("test", ["test"]),
    ]

    init(_ path: String, in environment: DataEnvironment) {
        self.path = path
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let mark = name.firstRange(of: "train") else { return }
        let folder = path.dropLast(name.count)
        for (part, words) in Self.words {
            for word in words {
                let other = folder + name[..<mark.lowerBound] + word + name[mark.upperBound...]
                guard FileSystem.kind(of: environment.resolve(String(other))) == .file else {
                    continue
                }
                files.append((part, word, String(other)))
                break
            }
        }
    }

    /// What a spec would say to take them as parts, a line each; none where there is no test.
    var notes: [String] {
        guard files.contains(where: { $0.part == "test" }) else { return [] }
        let beside = files.map { "'\($0.path)'" }.joined(separator: " and ")
        let (verb, them) = files.count > 1 ? ("stand", "them") : ("stands", "it")
        let fields =
            path.hasSuffix(".inter")
            ? "'path' without '.train', 'benchmark_filename: ["
                + (["train"] + files.map(\.word)).joined(separator: ", ") + "]'"
            : files.map { "'\($0.part)_path: \($0.path)'" }.joined(separator: ", ")
        return ["\(beside) \(verb) beside it: \(fields) and 'split: files' hold \(them) out"]
    }
}
