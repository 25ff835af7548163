import Foundation
import Testing

/// Holds the retrieval task to recorded outputs of TensorFlow Recommenders.
@Suite("GoldenVectors")
struct GoldenVectors {
    @Test("The retrieval task equals TFRS's", arguments: VectorFiles.retrieval)
    func retrieval(file: String) throws {
        let inputsName = file.replacingOccurrences(of: ".json", with: "_inputs.json")
        let shared =
            VectorFiles.names.contains(inputsName)
            ? try SharedInputs(try VectorFiles.load(inputsName)) : nil

        try Tally(of: file) { value in
            let vector = try RetrievalCase(value)
            let result = try vector.run(shared)
            return Tally.Outcome(
                name: vector.name, isInformational: vector.isInformational,
                differences: result.differences, isExtreme: vector.isExtreme,
                deliberateDifference: result.deliberateDifference)
        }.expectNoFailures()
    }

    @Test("Files that no test reads are named")
    func unreadFiles() {
        let read = Set(
            VectorFiles.retrieval + VectorFiles.corpus + VectorFiles.optimizers
                + VectorFiles.schedules + VectorFiles.preprocessing + VectorFiles.numeric)
        let unread = VectorFiles.names.filter { !read.contains($0) && !VectorFiles.isInputs($0) }
        #expect(!VectorFiles.names.isEmpty, "no golden vectors in \(VectorFiles.folder.path)")
        if !unread.isEmpty {
            print("GoldenVectors: read by no test: \(unread.joined(separator: ", "))")
        }
    }
}
