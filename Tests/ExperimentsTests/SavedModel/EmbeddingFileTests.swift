import Experiments
import Foundation
import Parquet
import ResultsFormat
import Retrieval
import TestSupport
import Testing

/// Embeddings that are written for others are read again as they were.
struct EmbeddingFileTests {
    @Test(
        arguments: [TowerName.candidate, .query], ["", ", {type: multi_head, heads: 3, units: 6}"])
    func parquetHoldsIDsAndVectorsToTheBit(tower: TowerName, layer: String) throws {
        let folder = try TemporaryFolder()
        let text = SavedModelTests.spec(
            try ShopData().write(to: folder), query: SavedModelTests.id("user_id"),
            candidate: SavedModelTests.id("item_id"), model: folder.path + "/model"
        ).replacing(
            "query: {features: [\(SavedModelTests.id("user_id"))], layers: [{type: dense, units: 6}",
            with: "query: {features: [\(SavedModelTests.id("user_id"))], layers: "
                + "[{type: dense, units: 6}\(layer)")
        _ = try run(text)
        let model = try SavedModel(at: folder.path + "/model", threads: 1)
        let embeddings = try model.embeddings(of: tower)
        #expect(embeddings.heads == (tower == .query && !layer.isEmpty ? 3 : 1))
        let path = folder.path + "/out/embeddings.parquet"
        #expect(EmbeddingFormat(path: path) == .parquet)
        #expect(try embeddings.write(to: path, as: .parquet) == [path])

        let file = try ParquetFile(path: path)
        #expect(file.columns.map(\.name) == ["id", "embedding"])
        #expect(file.columns.map(\.isList) == [false, true])
        #expect(file.rowCounts == [embeddings.ids.count])
        guard
            case .strings(let codes, let words) = try file.read("id", rowGroup: 0).values
        else {
            Issue.record("ids are no texts")
            return
        }
        let ids = codes.map { String(decoding: words[Int($0)], as: UTF8.self) }
        #expect(ids == embeddings.ids)
        let vectors = try file.read("embedding", rowGroup: 0)
        let width = embeddings.heads * embeddings.matrix.columns
        #expect(vectors.offsets == Array(stride(from: 0, through: ids.count * width, by: width)))
        guard case .floats(let numbers) = vectors.values else {
            Issue.record("vectors are no floats")
            return
        }
        #expect(numbers.map(\.bitPattern) == embeddings.matrix.values.map(\.bitPattern))
    }
}
