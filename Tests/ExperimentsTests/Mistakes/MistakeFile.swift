import Foundation
import TestSupport
import Testing

/// A file of mistakes in `Tests/Mistakes`: specs that are wrong, each with what the user gets to
/// read, exactly.
///
/// ```
/// === A title
/// @set train.epochs=ten        settings of the command line, one a line
/// @env DATA=/mnt               variables of the environment
/// @whole                       the spec is all there is; else name, data and towers are added
/// train: {epochs: 0}           the spec
/// @file base.yaml              another file, for the spec to extend
/// seed: 1
/// ---
/// spec.yaml:1:17: error: …     what is told of it
/// ```
struct MistakeFile {
    var heading: String
    var mistakes: [Mistake]

    init(parsing text: String) {
        heading = ""
        mistakes = []
        var inAnswer = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=== ") {
                mistakes.append(Mistake(title: String(line.dropFirst(4))))
                inAnswer = false
            } else if mistakes.isEmpty {
                heading += line + "\n"
            } else if line == "---" {
                inAnswer = true
            } else if inAnswer {
                mistakes[mistakes.count - 1].answer += line + "\n"
            } else {
                mistakes[mistakes.count - 1].add(line)
            }
        }
        for index in mistakes.indices { mistakes[index].trim() }
    }

    /// The file with these answers in the place of its own.
    func text(answers: [String]) -> String {
        heading
            + zip(mistakes, answers).map { "=== \($0.title)\n\($0.body)---\n\($1)\n" }.joined()
    }
}

/// One spec that is wrong.
struct Mistake: Sendable, CustomTestStringConvertible {
    var title: String
    /// Everything above the answer, as it stands.
    var body = ""
    /// What the user gets to read.
    var answer = ""
    private(set) var settings: [String] = []
    private(set) var environment: [String: String] = [:]
    /// By name; the first is the spec itself.
    private(set) var files: [(name: String, text: String)] = [("spec.yaml", "")]
    private var isWhole = false

    init(title: String) {
        self.title = title
    }

    var testDescription: String { title }

    mutating func add(_ line: Substring) {
        body += line + "\n"
        if line.hasPrefix("@set ") {
            settings.append(String(line.dropFirst(5)))
        } else if line.hasPrefix("@env ") {
            let parts = line.dropFirst(5).split(separator: "=", maxSplits: 1)
            environment[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        } else if line.hasPrefix("@file ") {
            files.append((String(line.dropFirst(6)), ""))
        } else if line == "@whole" {
            isWhole = true
        } else {
            files[files.count - 1].text += line + "\n"
        }
    }

    mutating func trim() {
        while answer.hasSuffix("\n\n") { answer.removeLast() }
        guard !isWhole else { return }
        for (key, text) in Self.rest where !files.contains(where: { $0.text.hasKey(key) }) {
            files[0].text += text + "\n"
        }
    }

    /// What a spec requires, for mistakes that stand elsewhere.
    private static let rest = [
        ("name", "name: sample"), ("data", "data: {source: synthetic}"), ("towers", Sample.towers),
    ]

    /// What the tool says: every diagnostic, compiler style.
    ///
    /// - Parameter read: reads the file at a path and returns what is told of it.
    func told(_ read: (_ path: String, _ mistake: Mistake) throws -> String) throws -> String {
        try withTemporaryFolder { folder in
            for file in files {
                try file.text.write(
                    toFile: "\(folder)/\(file.name)", atomically: true, encoding: .utf8)
            }
            return try read("\(folder)/spec.yaml", self).replacing(folder + "/", with: "")
        }
    }
}

extension String {
    /// Whether a line begins with a key.
    fileprivate func hasKey(_ key: String) -> Bool {
        split(separator: "\n").contains { $0.hasPrefix(key + ":") }
    }
}
