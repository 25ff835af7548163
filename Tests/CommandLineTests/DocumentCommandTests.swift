import Foundation
import TestSupport
import Testing

/// The commands that README and docs/ show, run as they stand there: lines of `sh` blocks that call
/// the tool, and `console` blocks, whose output has to be what is shown.
struct DocumentCommandTests {
    /// One command with what it prints; nil where the document does not show it.
    struct Command: Equatable {
        var words: [String]
        var shown: [String]?
    }

    @Test(arguments: Repository.documents)
    func theCommandsOf(document: String) throws {
        let text = try Repository.text(of: document)
        let commands = Self.commands(in: text)
        guard !commands.isEmpty else { return }
        try Tool.run { tool in
            for folder in ["experiments", "Schemas"] {
                try FileManager.default.copyItem(
                    atPath: Repository.file(folder).path,
                    toPath: tool.work + "/" + folder)
            }
            try tool.write(Self.ratings, to: "ratings.csv")
            var last: Int32 = 0
            for command in commands {
                let output: String
                if command.words == ["echo", "$?"] {
                    output = "\(last)\n"
                } else {
                    let words = try Self.expanded(Array(command.words.dropFirst()), in: tool.work)
                    let outcome = try tool.start(words).wait()
                    last = outcome.code ?? -1
                    // What is printed goes to both streams; each keeps its own order.
                    output = outcome.errors + outcome.output
                    if command.shown == nil {
                        #expect(last == 0, "\(document): \(words)\n\(output)")
                    }
                }
                guard let shown = command.shown else { continue }
                #expect(
                    Self.matches(output.split(separator: "\n").map(String.init), shown),
                    "\(document): \(command.words.joined(separator: " "))\n\(output)")
            }
        }
    }

    /// Of `sh` and `console` blocks.
    static func commands(in text: String) -> [Command] {
        var commands: [Command] = []
        var language: String?
        let text = text.replacing(" \\\n", with: " ")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                language = language == nil ? String(line.dropFirst(3)) : nil
            } else if language == "sh", line.hasPrefix("tfrs-run ") {
                let words = line.prefix { $0 != "#" && $0 != "|" }
                commands.append(Command(words: split(words), shown: nil))
            } else if language == "console" {
                if line.hasPrefix("$ ") {
                    commands.append(Command(words: split(line.dropFirst(2)), shown: []))
                } else {
                    commands[commands.count - 1].shown?.append(String(line))
                }
            }
        }
        return commands.filter { !$0.words.contains(">") }
    }

    private static func split(_ line: Substring) -> [String] {
        line.split(separator: " ").map { String($0).replacing("'", with: "") }
    }

    /// Whether lines are those shown, whatever the figures in them: what a document shows was printed
    /// once, and figures move. `...` stands for any characters, and alone on its line for any lines.
    static func matches(_ lines: [String], _ shown: [String]) -> Bool {
        matchesWords(lines.map(words), shown.map(words))
    }

    /// The line with one sign for each number and one blank for each gap.
    private static func words(_ line: String) -> String {
        line.replacing(/[-+]?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?/, with: "#").replacing(#/ +/#, with: " ")
    }

    private static func matchesWords(_ lines: [String], _ shown: [String]) -> Bool {
        guard let first = shown.first else { return lines.isEmpty }
        let rest = Array(shown.dropFirst())
        if first == "..." {
            return (0...lines.count).contains { matchesWords(Array(lines.dropFirst($0)), rest) }
        }
        guard let line = lines.first else { return false }
        let parts = first.components(separatedBy: "...")
        var place = line.startIndex
        for (index, part) in parts.enumerated() where !part.isEmpty {
            guard let found = line[place...].firstRange(of: part),
                index > 0 || found.lowerBound == line.startIndex
            else { return false }
            place = found.upperBound
        }
        guard parts.last == "" || place == line.endIndex else { return false }
        return matchesWords(Array(lines.dropFirst()), rest)
    }

    /// The shell's part: patterns are the files that they name.
    private static func expanded(_ words: [String], in folder: String) throws -> [String] {
        try words.flatMap { word -> [String] in
            guard let star = word.firstIndex(of: "*"),
                let slash = word[..<star].lastIndex(of: "/")
            else { return [word] }
            let names = try FileManager.default.contentsOfDirectory(
                atPath: folder + "/" + word[..<slash])
            let suffix = word[word.index(after: star)...]
            return names.filter { $0.hasSuffix(suffix) }.sorted().map {
                String(word[...slash]) + $0
            }
        }
    }

    /// A user's own file, as the documents speak of it.
    private static let ratings: String = {
        var text = "user_id,item_id,rating,timestamp\n"
        for row in 0..<2000 {
            let user = row * 7919 % 97
            let item = (user * 3 + row * 31 % 23) % 60
            text += "u\(user),i\(item),\(1 + row % 5),\(1_700_000_000 + 60 * row)\n"
        }
        return text
    }()

    @Test func whatMatches() {
        #expect(Self.matches(["a", "b", "c"], ["a", "...", "c"]))
        #expect(Self.matches(["a"], ["a", "..."]))
        #expect(Self.matches(["took 12 s", "x"], ["took ... s", "x"]))
        #expect(!Self.matches(["took 12 s"], ["took ... ms"]))
        #expect(!Self.matches(["a", "b"], ["a"]))
        #expect(!Self.matches([], ["a"]))
        #expect(!Self.matches(["took 12 s!"], ["took ... s"]))
        #expect(Self.matches(["a  0.5 -> 1e-06 (+2%)"], ["a 12 -> 3 (-1.5%)"]))
    }
}
