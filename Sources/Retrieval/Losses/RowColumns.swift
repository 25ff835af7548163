extension RowLabels {
    /// How many candidates a column stands for.
    @inline(__always)
    func copies(of column: Int) -> Float { counts.map { $0[column] } ?? 1 }

    /// How many negatives a column stands for: all of its copies, but for the one that is the
    /// positive.
    @inline(__always)
    func negatives(in column: Int) -> Float {
        let copies = copies(of: column)
        return column == positive ? max(0, copies - 1) : copies
    }

    /// The number of negatives in the row, copies counted.
    var negativeCount: Float {
        positive == nil ? columnCount : max(0, columnCount - 1)
    }
}
