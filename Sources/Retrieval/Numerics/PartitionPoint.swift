extension RandomAccessCollection where Index == Int {
    /// Finds, by bisection, where the second part of a collection begins.
    ///
    /// - Parameter isInSecondPart: holds for no element before any for which it does not.
    /// - Returns: the index of the first element for which it holds; `endIndex` where there is none.
    @inlinable
    package func partitionPoint(_ isInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
