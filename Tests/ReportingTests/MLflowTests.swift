import Reporting
import ResultsFormat
import Testing

struct MLflowTests {
    @Test(arguments: Samples.hostileNames)
    func namesAreThoseThatServersTake(name: String) throws {
        let document = try Samples.run(named: name).sealed()
        for request in MLflow.log(document, run: "1", milliseconds: 1) {
            for list in ["metrics", "params"] {
                let entries = request.body?[list]?.arrayValue ?? []
                #expect(entries.count <= (list == "metrics" ? 1000 : 100))
                for entry in entries {
                    let key = try #require(entry["key"]?.stringValue)
                    #expect(!key.isEmpty && key.utf8.count <= 250)
                    #expect(key.utf8.allSatisfy { $0 < 0x80 })
                    #expect((entry["value"]?.stringValue?.utf8.count ?? 0) <= 500)
                }
            }
            #expect(throws: Never.self) { try request.body?.jsonText(.compact) }
        }
    }

    @Test func everyFigureIsLogged() throws {
        let document = try Samples.run(epochs: 3).sealed()
        let metrics = MLflow.log(document, run: "1", milliseconds: 1).flatMap {
            $0.body?["metrics"]?.arrayValue ?? []
        }
        // Loss, two metrics and two rates of each epoch; the loss and four figures; the seconds.
        #expect(metrics.count == 3 * 5 + 5 + 1)
        let recall = try #require(metrics.first { $0["key"] == "test/recall_at_10" })
        #expect(recall["value"]?.doubleValue == document.evaluation["test"]?.metrics["recall@10"])
    }
}
