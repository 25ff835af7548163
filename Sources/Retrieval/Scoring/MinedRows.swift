/// What mining leaves of a row, for all examples whose rows it leaves alike.
///
/// Of k negatives the k highest stay, and the positive. Where the positive is one of the k + 1
/// highest candidates of the row, these are what stays, whoever's positive it is. Where it is none
/// of the k highest, they stay, and the positive beside them. So most examples of a row find one of
/// two lists, and a loss serves all that have found the same from a single pass.
struct MinedRows {
    /// The highest k + 1 candidates, the positives among them.
    var leading = MinedRow()
    /// The highest k, and the positives beside them, each in a column that is hidden from others.
    var trailing = MinedRow()
    /// The examples that neither suits.
    var others: [Int] = []
    /// Where the two lists end; nil where of columns that score the same only some would stay.
    private var leadingCut: HardestColumns.Cut?
    private var trailingCut: HardestColumns.Cut?
    private var highest: Float = 0

    /// - Parameters:
    ///   - kept: how many columns stay, at least 1.
    ///   - isShared: whether the loss serves several examples at all.
    ///   - canHide: whether it knows columns that count for one example alone.
    mutating func start(
        _ hardest: HardestColumns, kept: Int, isShared: Bool, canHide: Bool
    ) {
        others.removeAll(keepingCapacity: true)
        if others.capacity == 0 { others.reserveCapacity(MinedRow.usualCount) }
        highest = hardest.highest
        let isKnown = isShared && !hardest.hasNaN
        leadingCut = isKnown ? Self.cut(hardest, keeping: kept) : nil
        trailingCut = isKnown && canHide ? Self.cut(hardest, keeping: kept - 1) : nil
        leading.start(hardest, upTo: leadingCut)
        trailing.start(hardest, upTo: trailingCut)
    }

    /// Where a list ends; nil as well where what a mask hides would have to stay.
    private static func cut(_ hardest: HardestColumns, keeping kept: Int) -> HardestColumns.Cut? {
        hardest.cut(keeping: kept, without: -1).flatMap {
            RemovedScore.contains($0.lowest) ? nil : $0
        }
    }

    /// Puts an example where its list is.
    ///
    /// - Parameters:
    ///   - positive: its column and that one's score; nil without one.
    ///   - isHidden: whether a mask hides the positive from other examples.
    mutating func add(
        _ slot: Int, _ positive: (column: Int32, score: Float)?, weight: Float, isHidden: Bool
    ) {
        guard let positive else {
            if leadingCut == nil {
                others.append(slot)
            } else {
                leading.add(slot, at: -1, weight: weight)
            }
            return
        }
        let (column, score) = positive
        guard score.isFinite, score + RowTransforms.maximum > highest else {
            others.append(slot)
            return
        }
        if !isHidden, let leadingCut, score >= leadingCut.lowest {
            leading.add(slot, at: leading.place(of: column), weight: weight)
        } else if let trailingCut, isHidden || score < trailingCut.lowest {
            trailing.add(slot, column: column, score: score, weight: weight)
        } else {
            others.append(slot)
        }
    }
}

/// A few columns of a row, and the examples that they were left to.
struct MinedRow {
    private(set) var columns: [Int32] = []
    /// How many candidates each stands for; 0: hidden from all examples but one.
    private(set) var counts: [Float] = []
    var scores: [Float] = []
    private(set) var slots: [Int] = []
    /// Where the positive of each example stands among the columns; -1 without one.
    private(set) var positives: [Int32] = []
    private(set) var weights: [Float] = []
    var losses: [Float] = []

    fileprivate mutating func start(_ hardest: HardestColumns, upTo cut: HardestColumns.Cut?) {
        columns.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        scores.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        positives.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        losses.removeAll(keepingCapacity: true)
        guard let cut else { return }
        if columns.capacity == 0 { reserve(Self.usualCount) }
        for entry in hardest.entries where entry.score >= cut.lowest {
            let isLast = entry.score == cut.lowest
            columns.append(entry.column)
            counts.append(isLast ? min(entry.count, cut.count) : entry.count)
            scores.append(entry.score)
        }
    }

    /// What most rows need, which is taken at once in place of growing to it.
    static let usualCount = 64

    private mutating func reserve(_ count: Int) {
        columns.reserveCapacity(count)
        counts.reserveCapacity(count)
        scores.reserveCapacity(count)
        slots.reserveCapacity(count)
        positives.reserveCapacity(count)
        weights.reserveCapacity(count)
        losses.reserveCapacity(count)
    }

    /// Where a column stands; they are in increasing order.
    fileprivate func place(of column: Int32) -> Int32 {
        var (low, high) = (0, columns.count)
        while low < high {
            let middle = (low + high) / 2
            if columns[middle] < column { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
    }

    fileprivate mutating func add(_ slot: Int, at place: Int32, weight: Float) {
        slots.append(slot)
        positives.append(place)
        weights.append(weight)
        losses.append(0)
    }

    fileprivate mutating func add(_ slot: Int, column: Int32, score: Float, weight: Float) {
        add(slot, at: Int32(columns.count), weight: weight)
        columns.append(column)
        counts.append(0)
        scores.append(score)
    }
}
