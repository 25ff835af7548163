import Platform

extension Array where Element: BitwiseCopyable {
    /// The elements at some positions, in their order; a position may be given more than once. Traps
    /// on one that the array does not have.
    ///
    /// Of millions at random most of the time would go into finding the pages that they are in:
    /// what comes out has large ones, so that it is gathered from quickly in its turn.
    ///
    /// - Parameter lanes: which gather pieces of it; the whole is the same, whatever they are.
    package func gathered(
        _ positions: [Int32], lanes: Lanes = Lanes(threads: 1)
    ) -> [Element] {
        withUnsafeBufferPointer { source in
            [Element](largeCapacity: positions.count) { target, count in
                // Each piece is written by one lane, and everything is only read besides.
                nonisolated(unsafe) let (source, target) = (source, target)
                let pieces = (positions.count + Self.piece - 1) / Self.piece
                lanes.forEach(pieces) { piece in
                    let end = Swift.min(positions.count, (piece + 1) * Self.piece)
                    for index in piece * Self.piece..<end {
                        let position = positions[index]
                        precondition(
                            UInt32(bitPattern: position) < source.count, "no such position")
                        target.initializeElement(at: index, to: source[Int(position)])
                    }
                }
                count = positions.count
            }
        }
    }

    /// Elements that one lane gathers at a time.
    private static var piece: Int { 1 << 18 }
}
