extension Sequence<Int> {
    /// Where each of some runs of these lengths begins when they stand one after the other, and where
    /// the last one ends.
    package var offsets: [Int] {
        reduce(into: [0]) { offsets, length in offsets.append(offsets[offsets.count - 1] + length) }
    }
}
