import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// What people get to read for each mistake, exactly: `Tests/Mistakes`.
@Suite struct MistakeTests {
    private static let folder = Repository.file("Tests/Mistakes")

    private static let names: [String] = {
        let path = folder.path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    private static func file(_ name: String) throws -> MistakeFile {
        MistakeFile(
            parsing: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
    }

    private static func told(_ mistake: Mistake) throws -> String {
        try mistake.told { path, mistake in
            let reader = SpecReader(
                catalog: .builtIn, settings: mistake.settings, environment: mistake.environment)
            do throws(SpecError) {
                return try reader.readFile(path: path).warnings.rendered
            } catch {
                return error.description
            }
        }
    }

    /// With `TFRS_RENEW_MISTAKES=1` the files get what the tool says now, to be read and judged.
    @Test(arguments: names)
    func everyMistakeGetsItsMessage(name: String) throws {
        let file = try Self.file(name)
        let answers = try file.mistakes.map(Self.told)
        if ProcessInfo.processInfo.environment["TFRS_RENEW_MISTAKES"] == "1" {
            try file.text(answers: answers).write(
                to: Self.folder.appending(path: name), atomically: true, encoding: .utf8)
            return
        }
        for (mistake, answer) in zip(file.mistakes, answers) {
            #expect(
                answer == mistake.answer,
                """
                Tests/Mistakes/\(name), '\(mistake.title)': if the new message is better, renew it:
                TFRS_RENEW_MISTAKES=1 swift test --filter MistakeTests
                """)
        }
    }

    @Test func thereAreManyAndNoneStandsTwice() throws {
        let mistakes = try Self.names.flatMap { try Self.file($0).mistakes }
        let told = mistakes.filter { !$0.answer.isEmpty }
        #expect(told.count == mistakes.count, "a mistake without an answer")
        #expect(mistakes.count >= 120)
        #expect(Set(mistakes.map(\.title)).count == mistakes.count)
        #expect(Set(mistakes.map(\.body)).count == mistakes.count)
    }
}
