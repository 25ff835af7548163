import Platform

extension Array where Element: BitwiseCopyable {
    /// The elements at some positions, in their order; a position may be given more than once. Traps
    /// on one that the array does not have.
    ///
    /// Of millions at random most of the time would go into finding the pages that they are in:
    /// what comes out has large ones, so that it is gathered from quickly in its turn.
    package func gathered(_ positions: [Int32]) -> [Element] {
        withUnsafeBufferPointer { source in
            [Element](largeCapacity: positions.count) { target, count in
                for (index, position) in positions.enumerated() {
                    precondition(UInt32(bitPattern: position) < source.count, "no such position")
                    target.initializeElement(at: index, to: source[Int(position)])
                }
                count = positions.count
            }
        }
    }
}
