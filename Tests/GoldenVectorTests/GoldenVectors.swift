import Foundation
import Testing

/// Holds the retrieval task to recorded outputs of TensorFlow Recommenders.
@Suite("GoldenVectors", .enabled(if: !VectorFiles.names.isEmpty, "\(VectorFiles.areAbsent)"))
struct GoldenVectors {
    @Test("The retrieval task equals TFRS's", arguments: VectorFiles.retrieval)
    func retrieval(file: String) throws {
        guard let values = try VectorFiles.load(file) as? [Any] else {
            throw VectorProblem("\(file): not a list of cases")
        }
        let inputsName = file.replacingOccurrences(of: ".json", with: "_inputs.json")
        let shared =
            VectorFiles.names.contains(inputsName)
            ? try SharedInputs(try VectorFiles.load(inputsName)) : nil

        var tally = Tally(file: file)
        for (index, value) in values.enumerated() {
            do {
                let vector = try RetrievalCase(value)
                tally.add(vector, try vector.run(shared))
            } catch {
                tally.failures.append("case \(index): \(error)")
            }
        }
        print(tally.summary)
        for failure in tally.failures.prefix(20) { Issue.record("\(file): \(failure)") }
        #expect(tally.failures.isEmpty)
        #expect(tally.checked > 0, "\(file) holds no case")
    }

    @Test("Files that no test reads are named")
    func unreadFiles() {
        let read = Set(
            VectorFiles.retrieval + VectorFiles.corpus + VectorFiles.optimizers
                + VectorFiles.schedules + VectorFiles.preprocessing + VectorFiles.numeric)
        let unread = VectorFiles.names.filter { !read.contains($0) && !VectorFiles.isInputs($0) }
        #expect(!VectorFiles.retrieval.isEmpty, "no retrieval_*.json in \(VectorFiles.folder.path)")
        if !unread.isEmpty {
            print("GoldenVectors: read by no test: \(unread.joined(separator: ", "))")
        }
    }
}

/// What was checked of one file.
private struct Tally {
    let file: String
    var checked = 0
    var extreme = 0
    var informational: [String] = []
    var different: [String] = []
    var failures: [String] = []

    init(file: String) {
        self.file = file
    }

    mutating func add(_ vector: RetrievalCase, _ result: CaseResult) {
        checked += 1
        if vector.isExtreme { extreme += 1 }
        if let why = result.deliberateDifference { different.append("\(vector.name) (\(why))") }
        if vector.isInformational {
            let outcome = result.differences.isEmpty ? "agrees" : "differs"
            informational.append("\(vector.name) (\(outcome))")
        } else {
            failures += result.differences.map { "\(vector.name): \($0)" }
        }
    }

    var summary: String {
        var lines = [
            "GoldenVectors: \(file): \(checked) cases checked (\(extreme) extreme, "
                + "\(informational.count) informational, \(different.count) deliberately "
                + "different), \(failures.count) failures"
        ]
        if !informational.isEmpty {
            lines.append("  informational: \(informational.joined(separator: ", "))")
        }
        if !different.isEmpty {
            lines.append("  deliberately different: \(different.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}
