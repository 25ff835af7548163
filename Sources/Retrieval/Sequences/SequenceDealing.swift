/// How ranks share the sequences of a batch: by the pieces that lanes sum by, while the places that
/// read them belong to who has the batch's rows.
struct SequenceDealing: Sendable {
    /// This rank's pieces, as ranges of its own sequences.
    let pieces: [Range<Int>]
    /// How many ranks, from the first on, have a piece.
    let ranksWithPieces: Int
    private let ranks: any Communicator
    /// This rank's sequences.
    private let sequences: Range<Int>
    /// The places that each rank has encoded for this one, as places among this rank's rows.
    private let awaited: [[Int32]]
    /// The places whose sequences this rank has, and for each rank those of them that are its rows.
    private let places: [Int32]
    private let wanted: [[Int32]]

    init(_ all: HistorySequences, cost: Int, _ share: RowShare) {
        let ranks = share.ranks
        let cut = SequencePacks.pieces(of: all.offsets, cost: cost)
        let count = all.offsets.count - 1
        /// The first sequence of each rank, and the end of the last one's.
        let bounds =
            (0..<ranks.size).map { rank in
                cut[ranks.lanes(of: cut.count, at: rank)].first?.lowerBound ?? count
            } + [count]
        let first = bounds[ranks.rank]
        self.ranks = ranks
        sequences = first..<bounds[ranks.rank + 1]
        pieces = cut[ranks.lanes(of: cut.count)].map {
            $0.lowerBound - first..<$0.upperBound - first
        }
        ranksWithPieces = ranks.ranksWithLanes(of: cut.count)
        var awaited = [[Int32]](repeating: [], count: ranks.size)
        var wanted = awaited
        var places: [Int32] = []
        var next: Int32 = 0
        for (index, place) in all.places.enumerated() {
            // Who has the first sequence answers for what reads nothing.
            let sequence = place.length == 0 ? 0 : Int(place.sequence)
            let encoder = max(0, bounds.dropLast().lastIndex { $0 <= sequence } ?? 0)
            let reader = share.owners[Int32(index)]
            if encoder == ranks.rank {
                wanted[reader].append(Int32(places.count))
                places.append(Int32(index))
            }
            if reader == ranks.rank {
                awaited[encoder].append(next)
                next += 1
            }
        }
        (self.awaited, self.wanted, self.places) = (awaited, wanted, places)
    }

    /// This rank's sequences and the places that read them.
    func own(of all: HistorySequences) -> HistorySequences {
        all.selecting(sequences, places: places)
    }

    /// The rows of this rank, of what each has encoded.
    func sent(_ encoded: Matrix) -> Matrix { exchange(encoded, wanted, awaited) }

    /// The way back: what this rank has encoded, of every rank's rows.
    func sentBack(_ rows: Matrix) -> Matrix { exchange(rows, awaited, wanted) }

    private func exchange(_ rows: Matrix, _ sent: [[Int32]], _ received: [[Int32]]) -> Matrix {
        let parts = ranks.exchangeRows(
            sent.map { Rows.gather(rows, $0) }, counts: received.map(\.count))
        let stacked = Matrix.stackingRows(parts, columns: rows.columns)
        var order = [Int32](repeating: 0, count: stacked.rows)
        for (place, target) in received.joined().enumerated() { order[Int(target)] = Int32(place) }
        return Rows.gather(stacked, order)
    }
}
