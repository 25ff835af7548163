import Foundation
import Testing

/// What the repository's own vectors hold, so that no file and no case of them is lost unseen.
@Suite struct CompletenessTests {
    private static let counts = [
        "factorized_top_k.json": 140, "factorized_top_k_odd.json": 106,
        "layers_numeric.json": 125, "layers_preprocessing.json": 102,
        "learning_rate_schedules.json": 12, "optimizers_clipping.json": 19,
        "optimizers_dense.json": 35, "optimizers_odd.json": 8, "optimizers_sparse.json": 35,
        "retrieval_cross.json": 5069, "retrieval_metrics.json": 118, "retrieval_odd.json": 164,
        "top_k_layers.json": 99,
    ]

    private static let isOwn = ProcessInfo.processInfo.environment["TFRS_VECTORS_DIR"] == nil

    @Test(.enabled(if: isOwn, "TFRS_VECTORS_DIR names other vectors"))
    func noFileIsMissing() {
        let files = Set(VectorFiles.names.filter { !VectorFiles.isInputs($0) })
        #expect(files == Set(Self.counts.keys))
    }

    @Test(.enabled(if: isOwn), arguments: counts.sorted { $0.key < $1.key })
    func noCaseIsMissing(name: String, count: Int) throws {
        #expect(try VectorFiles.cases(name).count == count)
    }
}
