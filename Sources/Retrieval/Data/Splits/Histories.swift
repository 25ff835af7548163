/// What each user did before: for every row the user's earlier interactions, oldest first, each as
/// the key of its candidate or of another thing that it has.
///
/// A user's interactions are taken by time, equal times as the rows stand, so no history holds the
/// row itself or a later one. Nor does one hold what its part of the split must not know: training
/// rows see training rows, validation rows those and validation rows, test rows all. Rows of no
/// part are nobody's answer, and all see them.
///
/// Rows share the steps that they look at: memory is that of three columns, however long histories
/// may be. Histories that start at the same of these steps begin alike.
public struct Histories: Sendable {
    /// Which of a user's earlier interactions a long history holds.
    public enum Window: String, FieldChoice {
        /// The last ones.
        case sliding
        /// For training, a user's interactions are cut into pieces from the end, and each sees its
        /// own piece from the start; what is held out sees the last ones.
        case chunk
    }

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
    ///   - window: which of more steps a history holds.
    public init(
        of interactions: Table, query: String, stepKeys: [Int32], orderBy: String?,
        split: DataSplit, maximumLength: Int, window: Window = .sliding
    ) throws(DataError) {
        if let orderBy, interactions[orderBy] == nil {
            throw .impossible(
                "a history requires a column that orders a user's interactions; the "
                    + "\(interactions.name) have no column '\(orderBy)', but "
                    + DataError.list(interactions.names)
                    + ": name one in 'order_by', or null for the order in which they stand")
        }
        let groups = Ragged(
            rowsOf: try interactions.tokens(query),
            order: try RowOrder.ascending(interactions, by: orderBy))
        let levels = split.levels(ofRows: interactions.rowCount)
        var steps: [Int32] = []
        steps.reserveCapacity(interactions.rowCount * (split.validation == nil ? 2 : 3))
        var ends = [Int](repeating: 0, count: interactions.rowCount)
        var lengths = [Int32](repeating: 0, count: interactions.rowCount)
        for level in split.validation == nil ? [0, 2] : [0, 1, 2] as [UInt8] {
            for group in 0..<groups.count {
                let first = steps.count
                let members = groups[group]
                let pieces =
                    window == .chunk && level == 0
                    ? Pieces(of: members.count { levels[Int($0)] == 0 }, length: maximumLength)
                    : nil
                for row in members {
                    let row = Int(row)
                    if levels[row] == level {
                        let past = steps.count - first
                        ends[row] = steps.count
                        lengths[row] = Int32(
                            pieces?.length(after: past) ?? min(past, maximumLength))
                    }
                    if levels[row] <= level { steps.append(stepKeys[row]) }
                }
            }
        }
        self.init(steps: steps, ends: ends, lengths: lengths)
    }

    /// Histories as they are given, a list for each row, oldest first.
    public init(_ lists: [[Int32]]) {
        var ends: [Int] = []
        for list in lists { ends.append((ends.last ?? 0) + list.count) }
        self.init(
            steps: lists.flatMap(\.self), ends: ends, lengths: lists.map { Int32($0.count) })
    }

    /// A user's interactions in pieces for ``Window/chunk``. The last is nobody's past.
    private struct Pieces {
        let inputs: Int
        let length: Int

        init(of interactions: Int, length: Int) {
            inputs = max(0, interactions - 1)
            self.length = length
        }

        /// The steps of its own piece that an interaction sees, after so many.
        func length(after past: Int) -> Int {
            guard past > 0, past <= inputs else { return min(past, length) }
            let fromEnd = (inputs - past) / length + 1
            return past - max(0, inputs - fromEnd * length)
        }
    }

    /// Rows.
    public var count: Int { ends.count }

    /// Where a row's history, or the last `length` steps of it, stands among the steps that rows
    /// share.
    func steps(of row: Int, last length: Int) -> Range<Int> {
        (ends[row] - min(Int(lengths[row]), length))..<ends[row]
    }

    /// A step of those that rows share.
    func step(at place: Int) -> Int32 { steps[place] }

    /// Several that follow each other.
    func steps(at places: Range<Int>) -> ArraySlice<Int32> { steps[places] }

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
