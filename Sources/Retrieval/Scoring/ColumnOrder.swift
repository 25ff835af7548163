/// An order of a problem's columns in which those that count alike stand side by side: most of them
/// in blocks of 64, whose four vectors of 16 count alike lane by lane.
struct ColumnOrder {
    /// The column that stands at each place.
    let columns: [Int32]
    /// The place of each column.
    let places: [Int32]
    /// How many places, from the first on, are of whole blocks.
    let alike: Int

    /// Floats of candidates that are moved at most.
    private static let capacity = 4 << 20
    private static let (blockSize, laneCount) = (64, 16)

    /// Of so many columns, those of whole blocks.
    static func inBlocks(_ columns: Int) -> Int { columns / blockSize * blockSize }

    /// Nil where it would help nothing, or where something but the loss knows the columns.
    init?(_ problem: InBatchProblem) {
        guard let counts = problem.counts, problem.mask == nil, problem.pairBias == nil,
            problem.columnIDs?.areDistinct != false, problem.candidates.rows >= Self.blockSize,
            problem.candidates.values.count <= Self.capacity,
            let most = counts.max(), most < Float(Self.capacity)
        else { return nil }
        let groups = Groups(groupOf: counts.map { Int32($0) }, count: Int(most) + 1)
        var fours: [Int32] = []
        var rest: [Int32] = []
        fours.reserveCapacity(counts.count)
        for count in 0..<groups.count {
            let group = groups[count]
            let inFours = group.count / 4 * 4
            fours += group.prefix(inFours)
            rest += group.dropFirst(inFours)
        }
        let alike = Self.inBlocks(fours.count)
        guard alike > 0 else { return nil }
        let columns = [Int32](unsafeUninitializedCapacity: counts.count) { columns, count in
            for place in 0..<alike {
                // Four that count alike stand in one lane of the block's vectors.
                let (block, inBlock) = place.quotientAndRemainder(dividingBy: Self.blockSize)
                let (vector, lane) = inBlock.quotientAndRemainder(dividingBy: Self.laneCount)
                columns[place] = fours[Self.blockSize * block + 4 * lane + vector]
            }
            for (index, column) in (fours[alike...] + rest).enumerated() {
                columns[alike + index] = column
            }
            count = counts.count
        }
        var places = [Int32](repeating: 0, count: columns.count)
        for (place, column) in columns.enumerated() { places[Int(column)] = Int32(place) }
        (self.columns, self.places, self.alike) = (columns, places, alike)
    }

    /// The problem with its columns in this order.
    func applied(to problem: InBatchProblem, _ lanes: Lanes) -> InBatchProblem {
        func ordered(_ values: [Float]) -> [Float] { columns.map { values[Int($0)] } }
        var result = problem
        result.candidates = Rows.gather(problem.candidates, columns, lanes)
        result.examples = problem.examples.withPositives(movedTo: places)
        result.counts = problem.counts.map(ordered)
        result.columnBias = problem.columnBias.map(ordered)
        // Nothing but mining asks where copies stood.
        result.copies = nil
        result.alikeColumns = alike
        return result
    }

    /// Rows that belong to the columns of the problem as it was, from those in this order.
    func undone(_ rows: Matrix, _ lanes: Lanes) -> Matrix { Rows.gather(rows, places, lanes) }
}
