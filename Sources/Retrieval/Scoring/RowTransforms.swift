/// What TFRS does to an example's scores between the sampling correction and the loss: accidental
/// hits, score mask, hard negatives, in this order (`tasks/retrieval.py`, `layers/loss.py`).
///
/// Where equal candidates are scored once, the positive's other copies are negatives that these
/// transforms tell from the positive: they get a column of their own for the time being, the one
/// after the last.
struct RowTransforms: Sendable {
    /// `float32.max / 100`, what TFRS adds to the positive when it ranks negatives.
    static let maximum: Float = .greatestFiniteMagnitude / 100

    let columnIDs: ColumnIDs?
    let mask: ScoreMask?
    let numHardNegatives: Int?

    /// Whether a row's scores are the same for each of its examples.
    var areNone: Bool { columnIDs == nil && mask == nil && numHardNegatives == nil }

    /// Whether examples that see the same of a row differ in what is mined alone.
    var canMineTogether: Bool {
        guard columnIDs == nil, numHardNegatives != nil else { return false }
        switch mask {
        case nil, .seen: return true
        case .dense: return false
        }
    }

    /// Adds the minimum to every column with the positive's id but the positive itself. An
    /// addition, so the gradient still flows through those columns.
    ///
    /// - Parameter copies: the column of the positive's other copies, if it has any.
    func removeAccidentalHits(
        _ row: UnsafeMutablePointer<Float>, columns: Int, positive: Int32, copies: Int?
    ) {
        guard let columnIDs else { return }
        columnIDs.forEachHit(ofPositive: positive, columns: columns) {
            row[$0] += RemovedScore.value
        }
        if let copies { row[copies] += RemovedScore.value }
    }

    /// Replaces what the mask hides. A replacement, so no gradient flows through it.
    func applyMask(
        _ row: UnsafeMutablePointer<Float>, columns: Int, example: Int, positive: Int32,
        copies: Int?
    ) {
        mask?.hide(
            row, columns: columns, example: example, positive: positive, copies: copies,
            by: RemovedScore.value)
    }

    func maskGradient(
        _ row: UnsafeMutablePointer<Float>, columns: Int, example: Int, positive: Int32,
        copies: Int?
    ) {
        mask?.hide(
            row, columns: columns, example: example, positive: positive, copies: copies, by: 0)
    }

    /// How many columns of a row mining keeps: the positive and its negatives, where there are as
    /// many; all without mining.
    static func keptColumns(of columns: Int, numHardNegatives: Int?) -> Int {
        guard let numHardNegatives else { return columns }
        return min(max(0, min(numHardNegatives, columns) + 1), columns)
    }
}

extension RowTransforms {
    /// Whether the loss may serve a row's examples together: their scores must be the same, up to
    /// copies of the positive that the loss knows how to leave out.
    func canShare(_ loss: any SharedRowLoss, _ problem: InBatchProblem) -> Bool {
        guard numHardNegatives == nil else { return false }
        switch mask {
        case nil: break
        case .seen: guard loss.canDropCopiesOfPositive else { return false }
        case .dense: return false
        }
        guard let columnIDs else { return true }
        return columnIDs.areDistinct && loss.canDropCopiesOfPositive
    }
}
