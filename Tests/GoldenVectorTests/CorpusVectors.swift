import Testing

extension GoldenVectors {
    @Test("Corpus metrics and retrieval equal TFRS's", arguments: VectorFiles.corpus)
    func corpus(file: String) throws {
        guard let values = try VectorFiles.load(file) as? [Any] else {
            throw VectorProblem("\(file): not a list of cases")
        }
        var failures: [String] = []
        var different: [String] = []
        var informational: [String] = []
        for value in values {
            let vector = try CorpusCase(value)
            let result = try vector.run()
            if let why = result.deliberateDifference { different.append("\(vector.name) (\(why))") }
            if vector.isInformational {
                let outcome = result.differences.isEmpty ? "agrees" : "differs"
                informational.append("\(vector.name) (\(outcome))")
            } else {
                failures += result.differences.map { "\(vector.name): \($0)" }
            }
        }
        print(
            """
            GoldenVectors: \(file): \(values.count) cases checked (\(informational.count) \
            informational, \(different.count) deliberately different), \(failures.count) failures
              informational: \(informational.joined(separator: ", "))
              deliberately different: \(different.joined(separator: ", "))
            """)
        for failure in failures.prefix(20) { Issue.record("\(file): \(failure)") }
        #expect(failures.isEmpty)
        #expect(!values.isEmpty, "\(file) holds no case")
    }
}
