/// Scores that stand for a removed column rather than for a similarity.
enum RemovedScore {
    /// `float32.min / 100`, what TFRS adds to accidental hits and puts under the mask.
    static let value: Float = -Float.greatestFiniteMagnitude / 100

    /// Accidental hits and masked columns lie near −3.4e36; no score of a model comes close.
    static func contains(_ score: Float) -> Bool { score < value / 2 }
}
