import Experiments
import Foundation
import ResultsFormat
import Testing

/// What is done with a saved model at the command line.
struct ModelCommandTests {
    /// A tool whose working folder has a spec and the model of its run.
    private func withModel<Result>(_ body: (Tool) throws -> Result) throws -> Result {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--output", "results.json", "--save-model", "model")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output == "results.json\n")
            return try body(tool)
        }
    }

    private func lines(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func aModelIsKeptAndNamedInTheResults() throws {
        try withModel { tool in
            let document = try tool.document("results.json")
            #expect(document.model?.path == "model")
            let shown = try tool("inspect", "model", "--format", "json")
            let record = try JSONValue(parsing: shown.output)
            #expect(record["digest"]?.stringValue == document.model?.digest)
            #expect(record["spec_sha256"]?.stringValue == document.experiment.specSHA256)
            let text = try tool("inspect", "model").output
            #expect(text.contains("experiment   small, seed 42, 2 epochs"))
            #expect(text.contains("candidates   120, by item_id"))
        }
    }

    @Test func recommendationsAreJSONLinesOrATable() throws {
        try withModel { tool in
            let found = try tool("recommend", "model", "--query", "1", "--query", "2", "-k", "3")
            #expect(found.code == 0, "\(found.errors)")
            let lists = try lines(found.output)
            #expect(lists.map { $0["query"]?["user_id"]?.stringValue } == ["1", "2"])
            #expect(lists.allSatisfy { $0["items"]?.arrayValue?.count == 3 })
            let scores =
                lists[0]["items"]?.arrayValue?.compactMap { $0["score"]?.doubleValue } ?? []
            #expect(scores == scores.sorted(by: >))

            let table = try tool(
                "recommend", "model", "--query", "1", "-k", "3", "--format", "table")
            let rows = table.output.split(separator: "\n")
            #expect(rows.count == 4)
            #expect(rows[0].contains("item_id") && rows[0].contains("score"))
            let best = try #require(lists[0]["items"]?[0]?["id"]?.stringValue)
            #expect(rows[1].split(separator: " ")[1] == best)
        }
    }

    @Test func queriesComeFromTheStandardInput() throws {
        try withModel { tool in
            try tool.write("1\n\"2\"\n{\"user_id\": 3}\n{\"user_id\": \"nobody\"}", to: "queries")
            let outcome = try tool.start(["recommend", "model", "-k", "2"], input: "queries").wait()
            let lists = try lines(outcome.output)
            #expect(lists.count == 4)
            #expect(lists[3]["notes"]?[0]?.stringValue?.contains("'nobody' is out of") == true)
            let one = try lines(try tool("recommend", "model", "--query", "3", "-k", "2").output)
            #expect(one[0]["items"] == lists[2]["items"])

            let strict = try tool.start(
                ["recommend", "model", "--strict"], input: "queries"
            ).wait()
            #expect(strict.code == 2)
            #expect(strict.errors.contains("query 4: 'nobody' is out of the vocabulary"))

            try tool.write("1\n{\"user_id\": \n", to: "broken")
            let broken = try tool.start(["recommend", "model"], input: "broken").wait()
            #expect(broken.code == 2)
            #expect(broken.errors.contains("line 2 of the standard input is no JSON"))
        }
    }

    @Test func candidatesCanBeNamedInAFile() throws {
        try withModel { tool in
            try tool.write("5\n9\n", to: "ids")
            let found = try lines(
                try tool("recommend", "model", "--query", "1", "--candidates", "ids").output)
            let ids = found[0]["items"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            #expect(Set(ids) == ["5", "9"])
            try tool.write("5\nnothing\n", to: "ids")
            let wrong = try tool("recommend", "model", "--query", "1", "--candidates", "ids")
            #expect(wrong.code == 2)
            #expect(wrong.errors.contains("the candidates hold 'nothing', which is no item_id"))
        }
    }

    @Test func similarCandidatesAreListed() throws {
        try withModel { tool in
            let found = try lines(try tool("similar", "model", "--item", "7", "-k", "4").output)
            #expect(found[0]["items"]?.arrayValue?.count == 4)
            let wrong = try tool("similar", "model", "--item", "nothing")
            #expect(wrong.code == 2)
        }
    }

    @Test func embeddingsAreWrittenForOthers() throws {
        try withModel { tool in
            #expect(
                try tool("embed", "model", "--output", "items.npy").output
                    == "items.npy\nitems.ids.jsonl\n")
            let bytes = [UInt8](
                try Data(contentsOf: URL(filePath: tool.work + "/items.npy")))
            #expect(bytes.starts(with: [0x93] + Array("NUMPY".utf8)))
            #expect(bytes.count % 64 == (120 * 4 * 4) % 64)
            #expect(
                String(decoding: bytes.prefix(128), as: UTF8.self).contains("'shape': (120, 4), "))
            #expect(try lines(try tool.contents(of: "items.ids.jsonl")).count == 120)

            _ = try tool("embed", "model", "--output", "items.jsonl")
            let objects = try lines(try tool.contents(of: "items.jsonl"))
            #expect(objects.allSatisfy { $0["embedding"]?.arrayValue?.count == 4 })
            _ = try tool("embed", "model", "--tower", "query", "--output", "users.copy")
            let rows = try tool.contents(of: "users.copy").split(separator: "\n")
            #expect(rows.allSatisfy { $0.split(separator: "\t").count == 2 })
            #expect(rows[0].split(separator: "\t")[1].hasPrefix("["))

            #expect(
                try tool("embed", "model", "--output", "items.parquet").output == "items.parquet\n")
            let table = [UInt8](
                try Data(contentsOf: URL(filePath: tool.work + "/items.parquet")))
            #expect(table.starts(with: Array("PAR1".utf8)) && table.suffix(4) == Array("PAR1".utf8))

            let wrong = try tool("embed", "model", "--output", "items.xyz")
            #expect(wrong.code == 64 || wrong.code == 2)
        }
    }

    @Test func aModelIsEvaluatedByASpec() throws {
        try withModel { tool in
            let outcome = try tool("evaluate", "model", "spec.yaml", "--output", "again.json")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output == "again.json\n")
            let again = try tool.document("again.json")
            let first = try tool.document("results.json")
            #expect(again.evaluation["test"]?.metrics == first.evaluation["test"]?.metrics)
            #expect(again.model == first.model)
        }
    }

    @Test func towersAreExported() throws {
        try withModel { tool in
            let outcome = try tool("export", "model", "--output", "served")
            #expect(outcome.output == "served/query.onnx\nserved/candidate.onnx\n")
            let bytes = [UInt8](
                try Data(contentsOf: URL(filePath: tool.work + "/served/query.onnx")))
            #expect(bytes.count > 400)
        }
    }

    @Test func figuresArePrinted() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small("evaluate: {per_query: figures.per_query}"), to: "spec.yaml")
            _ = try tool("spec.yaml", "--output", "results.json")
            let csv = try tool("figures", "figures.per_query").output.split(separator: "\n")
            #expect(csv[0] == "query,candidate,weight,rank,ties,candidates")
            #expect(csv.count == 61)
            let json = try lines(
                try tool("figures", "figures.per_query", "--table", "queries", "--format", "jsonl")
                    .output)
            #expect(json.allSatisfy { $0["interactions"]?.integerValue ?? 0 > 0 })
            let wrong = try tool("figures", "spec.yaml")
            #expect(wrong.code == 2)
        }
    }

    @Test func aDamagedModelIsTold() throws {
        try withModel { tool in
            let path = tool.work + "/model/candidates.safetensors"
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            bytes[bytes.count - 1] ^= 4
            try Data(bytes).write(to: URL(filePath: path))
            let outcome = try tool("recommend", "model", "--query", "1")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("model/candidates.safetensors: the file requires"))
            #expect(try tool("recommend", "nothing", "--query", "1").code == 2)
        }
    }

    // MARK: Kills

    /// Killed at random instants, a run comes to the digest that it would have had.
    /// `scripts/kill-and-resume` does so hundreds of times, of every kind of training.
    @Test(arguments: ["adam", "adagrad"])
    func aKilledRunGoesOnToTheSameDigest(optimizer: String) throws {
        try Tool.run { tool in
            let spec = Specs.small(epochs: 60).replacing(
                "type: adagrad", with: "type: \(optimizer)")
            try tool.write(spec, to: "whole.yaml")
            try tool.write(spec + "checkpoint: {every: 3 steps}\n", to: "killed.yaml")
            let whole = try tool("whole.yaml", "--output", "whole.json")
            #expect(whole.code == 0)
            var kills = 0
            var resumptions = 0
            for attempt in 0..<40 {
                let command = try tool.start(["killed.yaml", "--output", "killed.json"])
                if kills < 6 {
                    try command.waitForErrors("epoch ")
                    usleep(UInt32(1000 + 7000 * attempt))
                    if command.isRunning {
                        command.send(SIGKILL)
                        kills += 1
                    }
                }
                let outcome = try command.wait()
                resumptions += outcome.errors.contains("going on from a checkpoint") ? 1 : 0
                if outcome.code == 0 { break }
            }
            #expect(kills > 0)
            #expect(resumptions > 0)
            #expect(
                try tool.document("killed.json").digest == tool.document("whole.json").digest)
            #expect(
                !tool.names().contains { $0.hasSuffix(".checkpoints") || $0.hasPrefix(".tfrs") })
        }
    }

    /// An interrupted run leaves a checkpoint of its last step.
    @Test func anInterruptedRunGoesOn() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small(epochs: 300) + "checkpoint: {every: 1 h}\n", to: "spec.yaml")
            let command = try tool.start(["spec.yaml", "--output", "a.json"])
            try command.waitForErrors("epoch 3/")
            command.send(SIGTERM)
            let ended = try command.wait()
            #expect(ended.code == 143 || ended.code == 0)
            let again = try tool("spec.yaml", "--output", "a.json", "--resume")
            #expect(again.code == 0 || ended.code == 0, "\(again.errors)")
            let anew = try tool("spec.yaml", "--output", "b.json", "--no-resume")
            #expect(anew.code == 0)
            #expect(try tool.document("a.json").digest == tool.document("b.json").digest)
            #expect(try tool("spec.yaml", "--output", "a.json", "--resume").code == 1)
        }
    }

    /// Trials of a sweep keep models and checkpoints of their own.
    @Test func trialsHaveModelsOfTheirOwn() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small("sweep: {grid: {train.batch_size: [32, 64]}}"), to: "sweep.yaml")
            let outcome = try tool("sweep.yaml", "--output", "swept", "--save-model", "models")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(tool.names(in: "models").count == 2)
            for name in tool.names(in: "models") {
                #expect(try tool("inspect", "models/\(name)").code == 0)
            }
        }
    }

    /// A stranger's spec writes beside the results, whatever it says.
    @Test func aStrangersModelStandsBesideTheResults() throws {
        try Tool.run { tool in
            try tool.write(
                Specs.small(
                    "output: {model: ../stolen}\ncheckpoint: {every: 1 epoch, directory: ../taken}"),
                to: "spec.yaml")
            let outcome = try tool("spec.yaml", "--output", "out/r.json", "--untrusted")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(tool.names(in: "out") == ["r.json", "r.model"])
            #expect(!tool.names(in: "..").contains { ["stolen", "taken"].contains($0) })
            #expect(try tool.document("out/r.json").model?.path == "out/r.model")
        }
    }
}
