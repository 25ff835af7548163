/// What each user did before: for every row the user's earlier interactions, oldest first, each as
/// the key of its candidate or of another thing that it has.
///
/// A user's interactions are taken by time, equal times as the rows stand, so no history holds the
/// row itself or a later one. Nor does one hold what its part of the split must not know: training
/// rows see training rows, validation rows those and validation rows, test rows all. Rows of no
/// part are nobody's answer, and all see them.
///
/// Rows share the steps that they look at: memory is that of three columns, however long histories
/// may be.
public struct Histories: Sendable {
    private let steps: [Int32]
    /// One past the last step of each row.
    private let ends: [Int]
    private let lengths: [Int32]

    private init(steps: [Int32], ends: [Int], lengths: [Int32]) {
        self.steps = steps
        self.ends = ends
        self.lengths = lengths
    }

    /// - Parameters:
    ///   - query: the column of the interactions that names the user.
    ///   - stepKeys: what each interaction is as a step, such as its candidate's key.
    ///   - orderBy: a column of times or numbers; nil: the order in which the interactions stand.
    ///   - maximumLength: steps of a history; earlier ones are left out.
    public init(
        of interactions: Table, query: String, stepKeys: [Int32], orderBy: String?,
        split: DataSplit, maximumLength: Int
    ) throws(DataError) {
        if let orderBy, interactions[orderBy] == nil {
            throw .impossible(
                "a history requires a column that orders a user's interactions; the "
                    + "\(interactions.name) have no column '\(orderBy)', but "
                    + DataError.list(interactions.names)
                    + ": name one in 'order_by', or null for the order in which they stand")
        }
        let groups = RowGroups(
            try interactions.tokens(query),
            order: try RowOrder.ascending(interactions, by: orderBy))
        // How much a row may see: the parts up to its own.
        var levels = [UInt8](repeating: 0, count: interactions.rowCount)
        for row in split.validation ?? [] { levels[Int(row)] = 1 }
        for row in split.test { levels[Int(row)] = 2 }
        var steps: [Int32] = []
        steps.reserveCapacity(interactions.rowCount * (split.validation == nil ? 2 : 3))
        var ends = [Int](repeating: 0, count: interactions.rowCount)
        var lengths = [Int32](repeating: 0, count: interactions.rowCount)
        for level in split.validation == nil ? [0, 2] : [0, 1, 2] as [UInt8] {
            for group in 0..<groups.count {
                let first = steps.count
                for row in groups[group] {
                    let row = Int(row)
                    if levels[row] == level {
                        ends[row] = steps.count
                        lengths[row] = Int32(min(steps.count - first, maximumLength))
                    }
                    if levels[row] <= level { steps.append(stepKeys[row]) }
                }
            }
        }
        self.init(steps: steps, ends: ends, lengths: lengths)
    }

    /// Rows.
    public var count: Int { ends.count }

    /// The history of a row, oldest first.
    public subscript(row: Int) -> ArraySlice<Int32> {
        steps[(ends[row] - Int(lengths[row]))..<ends[row]]
    }

    /// The histories of the given rows, in their order; a row may be given more than once.
    public func selecting(_ rows: [Int32]) -> Histories {
        Histories(
            steps: steps, ends: rows.map { ends[Int($0)] }, lengths: rows.map { lengths[Int($0)] })
    }
}
