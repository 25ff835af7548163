extension Communicator {
    /// Brings together at the first rank, piece by piece, an array of which each has some rows. All
    /// ranks have to call it at the same time.
    ///
    /// - Parameter body: given the bytes of the whole, at the first rank, in order.
    package func gather(
        _ own: StateArray, _ part: PartOfRows, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        switch own {
        case .matrix(let matrix): gatherPieces(matrix.values, width: matrix.columns, part, body)
        case .flags(let flags):
            gatherPieces(flags.map { $0 ? 1 : 0 as UInt8 }, width: 1, part, body)
        case .doubles, .integers: preconditionFailure("numbers that no rows have")
        }
    }

    private func gatherPieces<Element: BitwiseCopyable>(
        _ own: [Element], width: Int, _ part: PartOfRows,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        let height = max(1, (1 << 18) / max(1, width))
        for table in 0..<part.tables {
            let start = table * part.count(below: part.rows, of: rank)
            for first in stride(from: 0, to: part.rows, by: height) {
                let end = min(part.rows, first + height)
                let rows = (0..<size).map {
                    part.count(below: first, of: $0)..<part.count(below: end, of: $0)
                }
                let mine = (start + rows[rank].lowerBound) * width
                let parts = gather(
                    Array(own[mine..<mine + rows[rank].count * width]),
                    counts: rows.map { $0.count * width })
                guard isFirst else { continue }
                var piece: [Element] = []
                piece.reserveCapacity((end - first) * width)
                for row in first..<end {
                    let place = (row / size - rows[row % size].lowerBound) * width
                    piece += parts[row % size][place..<place + width]
                }
                piece.withUnsafeBytes(body)
            }
        }
    }
}
