import ResultsFormat
import SchemaValidation
import Testing

struct RunProfileTests {
    static let profile = RunProfile(
        parameters: 84_064,
        popularity: [
            PopularityPoint(rank: 1, interactions: 495), PopularityPoint(rank: 9, interactions: 2),
        ], shareOfTopTenth: 0.42, histories: [HistoryBin(from: 2, to: 3, queries: 900)],
        medianHistory: 3,
        time: TimeProfile(
            column: "timestamp", start: 8.5, stepSeconds: 0.5, parts: ["train": [1, 5]]),
        evaluation: [
            "test": PartProfile(
                ranks: [RankShare(rank: 1, share: 0.003)],
                popularity: [PopularityBin(from: 0, to: 0, examples: 59, found: ["10": 0.5])],
                examples: [
                    QueryExample(
                        query: "u", rank: 1.5, positive: NamedCandidate(id: "i", title: "t"),
                        history: [NamedCandidate(id: "j")], recommended: [])
                ])
        ])

    @Test func itIsReadAsItWasWritten() throws {
        var document = try Sample.full()
        document.profile = Self.profile
        document.environment.started = "2026-11-26T19:15:00Z"
        document.environment.host = "vm"
        document.environment.commit = String(repeating: "a", count: 40)
        let text = try document.json.jsonText()
        let again = try ResultsDocument(json: JSONValue(parsing: text))
        #expect(again == document)
        #expect(try again.json.jsonText() == text)
        let violations = JSONSchema(ResultsSchema.document).violations(of: document.json)
        #expect(violations.allSatisfy { !$0.contains("profile") }, "\(violations)")
    }

    /// What is drawn says nothing of what was computed.
    @Test func digestsDoNotKnowOfIt() throws {
        let plain = try Sample.full()
        var drawn = plain
        drawn.profile = Self.profile
        drawn.environment.started = "2026-11-26T19:15:00Z"
        #expect(try drawn.sealed().digest == plain.sealed().digest)
    }
}
