import Experiments
import Foundation
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// A model that was saved recommends what its run has evaluated.
struct SavedModelTests {
    // MARK: The folder

    @Test func theSameRunWritesTheSameModel() throws {
        let folder = try TemporaryFolder()
        let digests = try ["a", "b"].map { name in
            let text = Sample.small(more: "output: {model: \(folder.path)/\(name)}")
            let results = try run(text)
            let reference = try #require(results.document.model)
            #expect(reference.path == "\(folder.path)/\(name)")
            let model = try SavedModel(at: reference.path)
            #expect(model.digest == reference.digest)
            #expect(model.record.dataFingerprint == results.plan.fingerprint)
            #expect(model.record.specSHA256 == results.document.experiment.specSHA256)
            return model.digest
        }
        #expect(digests[0] == digests[1])
        // Nothing is left of what was written on the way.
        #expect(folder.names == ["a", "b"])
    }

    /// Keeping a model changes nothing of what is found.
    @Test func resultsDoNotDependOnWhetherTheModelIsKept() throws {
        let folder = try TemporaryFolder()
        let with = try run(Sample.small(more: "output: {model: \(folder.path)/model}"))
        #expect(with.digest == (try run(Sample.small())).digest)
    }

    @Test func aModelTakesTheFolderOfAnotherModelAlone() throws {
        let folder = try TemporaryFolder()
        let spec = Sample.small(more: "output: {model: \(folder.path)/model}")
        let first = try run(spec).document.model?.digest
        let second = try run(spec + "\nseed: 7").document.model?.digest
        #expect(first != second)
        #expect((try SavedModel(at: folder.path + "/model")).digest == second)

        try folder.write("mine/thesis.txt", "years of work")
        #expect(throws: AtomicFileError.self) {
            _ = try run(Sample.small(more: "output: {model: \(folder.path)/mine}"))
        }
        #expect(folder.names(in: "mine") == ["thesis.txt"])
    }

    @Test func aBaselineHasNoModel() {
        let found = errors(Sample.small(more: "baseline: most_popular\noutput: {model: m}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("requires a model that is trained") == true)
    }

    // MARK: Specs

    static func id(_ column: String) -> String {
        "{type: string_lookup, column: \(column), embedding: {output_dim: 4}}"
    }

    static func spec(
        _ data: String, query: String, candidate: String, model: String, more: String = ""
    ) -> String {
        """
        name: shop
        \(data)
        towers:
          query: {features: [\(query)], layers: [{type: dense, units: 6}]}
          candidate: {features: [\(candidate)], layers: [{type: dense, units: 6}]}
        metrics: {factorized: [{type: factorized_top_k, ks: [5, 10]}]}
        train: {epochs: 2, batch_size: 32, optimizer: {type: adagrad, learning_rate: 0.2}}
        output: {model: \(model)}
        \(more)
        """
    }

    /// What took the run long to find is not found again.
    @Test func anApproximateIndexIsSaved() throws {
        let folder = try TemporaryFolder()
        let text = Self.spec(
            try ShopData().write(to: folder), query: Self.id("user_id"),
            candidate: Self.id("item_id"), model: folder.path + "/model",
            more: "evaluate: {candidates: {type: approximate, num_leaves: 5}, id_based: true}")
        _ = try run(text)
        #expect(folder.names(in: "model").contains("index.safetensors"))
        let model = try SavedModel(at: folder.path + "/model")
        #expect(try model.recommend(toIDs: ["u1"])[0].items.count == 10)
    }

    // MARK: Queries

    private func shopModel(
        query: String, candidate: String, _ folder: TemporaryFolder
    ) throws -> SavedModel {
        let text = Self.spec(
            try ShopData().write(to: folder), query: query, candidate: candidate,
            model: folder.path + "/model")
        _ = try run(text)
        return try SavedModel(at: folder.path + "/model", threads: 1)
    }

    @Test func whatIsKnownOfAnIDIsFilledIn() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id") + ", " + Self.id("country"), candidate: Self.id("item_id"),
            folder)
        let filled = try model.recommend(to: [["user_id": "u1"]])
        let given = try model.recommend(to: [["user_id": "u1", "country": "fr"]])
        #expect(filled == given)
        let other = try model.recommend(to: [["user_id": "u1", "country": "it"]])
        #expect(filled[0].items.map(\.score) != other[0].items.map(\.score))
    }

    @Test func anUnknownIDIsToldAndStrictRefusesIt() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id"), candidate: Self.id("item_id"), folder)
        let lists = try model.recommend(toIDs: ["u1", "stranger"])
        #expect(lists[0].notes.isEmpty)
        #expect(lists[1].notes == ["'stranger' is out of the vocabulary of query/user_id"])
        #expect(lists[1].items.count == 10)
        var options = RecommendationOptions()
        options.isStrict = true
        options.firstLine = 1
        #expect {
            _ = try model.recommend(toIDs: ["u1", "stranger"], options)
        } throws: {
            "\($0)" == "query 2: 'stranger' is out of the vocabulary of query/user_id"
        }
    }

    @Test func whatAQueryLacksIsNamed() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id") + ", " + Self.id("device"), candidate: Self.id("item_id"),
            folder)
        #expect {
            _ = try model.recommend(toIDs: ["u1"])
        } throws: {
            "\($0)".contains("the query tower reads 'device', a text or a whole number")
        }
        #expect {
            _ = try model.recommend(to: [["user_id": "u1", "device": [1]]])
        } throws: {
            "\($0)".contains("'device' requires a text or a whole number; found [1]")
        }
    }

    @Test func candidatesCanBeNamed() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id"), candidate: Self.id("item_id"), folder)
        let all = try model.recommend(toIDs: ["u1"], RecommendationOptions(count: 40))[0].items
        var options = RecommendationOptions(count: 5)
        options.candidates = ["i7", "i3", "i21"]
        let some = try model.recommend(toIDs: ["u1"], options)[0].items
        #expect(some == all.filter { options.candidates!.contains($0.id) })
        options.candidates = ["i7", "no-such"]
        #expect(throws: ModelError.self) { _ = try model.recommend(toIDs: ["u1"], options) }
    }

    @Test func whatWasSeenCanBeLeftOut() throws {
        let folder = try TemporaryFolder()
        let shop = ShopData()
        let model = try shopModel(
            query: Self.id("user_id"), candidate: Self.id("item_id"), folder)
        var options = RecommendationOptions(count: 40)
        options.excludesSeen = true
        for user in ["u1", "u2", "u3"] {
            let train = shop.rows[..<shop.test.lowerBound].filter { $0.user == user }.map(\.item)
            let found = try model.recommend(toIDs: [user], options)[0].items.map(\.id)
            #expect(Set(found).isDisjoint(with: train))
            #expect(found.count == 40 - Set(train).count - (40 - model.record.candidate.count))
        }
    }

    @Test func theMostSimilarCandidateHasTheGreatestCosine() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id"), candidate: Self.id("item_id"), folder)
        let embeddings = try model.embeddings(of: .candidate)
        func cosine(_ a: Int, _ b: Int) -> Float {
            let (x, y) = (embeddings.matrix.row(a), embeddings.matrix.row(b))
            func dot(_ x: ArraySlice<Float>, _ y: ArraySlice<Float>) -> Float {
                zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
            }
            return dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot()
        }
        let own = try #require(embeddings.ids.firstIndex(of: "i5"))
        let best = embeddings.ids.indices.filter { $0 != own }.max {
            cosine(own, $0) < cosine(own, $1)
        }
        let list = try model.similar(to: "i5", RecommendationOptions(count: 3)).items
        #expect(list.first?.id == embeddings.ids[try #require(best)])
        #expect(!list.map(\.id).contains("i5"))
        #expect(throws: ModelError.self) { _ = try model.similar(to: "no-such") }
    }

    // MARK: Elsewhere

    /// The model's own evaluation, by the spec that it was trained with.
    @Test func evaluatingAgainFindsTheSame() throws {
        let folder = try TemporaryFolder()
        let text = Self.spec(
            try ShopData().write(to: folder),
            query: SavedModelListTests.towers[1].query,
            candidate: SavedModelListTests.towers[1].candidate,
            model: folder.path + "/model")
        let results = try run(text)
        let model = try SavedModel(at: folder.path + "/model", threads: 1)
        let experiment = Experiment(
            catalog: .builtIn, options: RunOptions(threads: 1, environment: isolated()))
        let again = try experiment.evaluate(model, on: try decode(text))
        #expect(again.document.evaluation == results.document.evaluation)
        #expect(again.document.model?.digest == results.document.model?.digest)
        #expect(again.document.training?.epochs.isEmpty == true)

        let other = text.replacing("units: 6", with: "units: 7")
        #expect(throws: SpecError.self) {
            _ = try experiment.evaluate(model, on: try decode(other))
        }
    }

    @Test func queriesOfATowerAreEmbeddedAsTheyAreAsked() throws {
        let folder = try TemporaryFolder()
        let model = try shopModel(
            query: Self.id("user_id"), candidate: Self.id("item_id"), folder)
        let users = try model.embeddings(of: .query)
        let items = try model.embeddings(of: .candidate)
        let row = try #require(users.ids.firstIndex(of: "u4"))
        let scores = (0..<items.ids.count).map { item in
            zip(users.matrix.row(row), items.matrix.row(item)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let list = try model.recommend(toIDs: ["u4"], RecommendationOptions(count: 1))[0]
        #expect(abs(list.items[0].score - scores.max()!) < 1e-4)
    }
}
