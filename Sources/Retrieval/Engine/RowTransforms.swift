import CKernels

/// What TFRS does to an example's scores between the sampling correction and the loss: accidental
/// hits, score mask, hard negatives, in this order (`tasks/retrieval.py`, `layers/loss.py`).
struct RowTransforms: Sendable {
    /// `float32.min / 100`, what TFRS adds to accidental hits and puts under the mask.
    static let minimum: Float = -Float.greatestFiniteMagnitude / 100
    /// `float32.max / 100`, what TFRS adds to the positive when it ranks negatives.
    static let maximum: Float = .greatestFiniteMagnitude / 100

    let columnIDs: ColumnIDs?
    let mask: ScoreMask?
    let numHardNegatives: Int?

    /// Whether a row's scores are the same for each of its examples.
    var isIdentity: Bool { columnIDs == nil && mask == nil && numHardNegatives == nil }

    /// Adds the minimum to every column with the positive's id but the positive itself. An
    /// addition, so the gradient still flows through those columns.
    func removeAccidentalHits(_ row: UnsafeMutableBufferPointer<Float>, positive: Int32) {
        guard let columnIDs else { return }
        for column in columnIDs.columns(sharingIDWith: positive) where column != positive {
            row[Int(column)] += Self.minimum
        }
    }

    /// Replaces what the mask hides. A replacement, so no gradient flows through it.
    func applyMask(_ row: UnsafeMutableBufferPointer<Float>, example: Int) {
        forEachHidden(row.count, example: example) { row[$0] = Self.minimum }
    }

    func maskGradient(_ row: UnsafeMutableBufferPointer<Float>, example: Int) {
        forEachHidden(row.count, example: example) { row[$0] = 0 }
    }

    private func forEachHidden(_ columns: Int, example: Int, _ body: (Int) -> Void) {
        switch mask {
        case .dense(let allowed, let width)?:
            for column in 0..<columns where !allowed[example * width + column] { body(column) }
        case .forbidden(let hidden)?:
            for column in hidden[example] { body(Int(column)) }
        case nil:
            break
        }
    }

    /// How many columns of a row mining keeps: the positive and its negatives, where there are as
    /// many; all without mining.
    static func keptColumns(of columns: Int, numHardNegatives: Int?) -> Int {
        guard let numHardNegatives else { return columns }
        return min(max(0, min(numHardNegatives, columns) + 1), columns)
    }

    /// The columns that mining keeps, in increasing order: the positive and the hardest
    /// negatives, `min(numHardNegatives + 1, columns)` in all; of equal scores the lower column.
    func minedColumns(_ row: UnsafeMutableBufferPointer<Float>, positive: Int32) -> [Int32]? {
        guard numHardNegatives != nil else { return nil }
        let kept = Self.keptColumns(of: row.count, numHardNegatives: numHardNegatives)
        func key(_ column: Int32) -> Float {
            row[Int(column)] + (column == positive ? Self.maximum : 0)
        }
        return TopSelection.indices(count: kept, of: row.count, key: key).sorted()
    }
}
