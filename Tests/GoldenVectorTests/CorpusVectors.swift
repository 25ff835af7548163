import Testing

extension GoldenVectors {
    @Test("Corpus metrics and retrieval equal TFRS's", arguments: VectorFiles.corpus)
    func corpus(file: String) throws {
        try Tally(of: file) { value in
            let vector = try CorpusCase(value)
            let result = try vector.run()
            return Tally.Outcome(
                name: vector.name, isInformational: vector.isInformational,
                differences: result.differences,
                deliberateDifference: result.deliberateDifference)
        }.expectNoFailures()
    }
}
