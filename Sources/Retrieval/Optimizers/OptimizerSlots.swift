/// What an optimizer remembers of a parameter number by number, such as Adam's m and v: the slots
/// of Keras, each a matrix of the parameter's shape.
public struct OptimizerSlots: Restorable {
    /// Rows of the parameter.
    public private(set) var rows: Int
    /// Columns of the parameter.
    public let columns: Int
    public let count: Int
    /// One slot after another, each row by row.
    private var values: [Float]
    /// Rows that have had a gradient; nil: all.
    private(set) var seen: [Bool]?
    /// The steps that rows owe; nil: each row takes every step at once.
    var owed: OwedSteps?
    /// Which rows of a table these are, where ranks share it; nil: all.
    var part: PartOfRows?

    /// - Parameters:
    ///   - parameter: [rows, columns]; each slot has its shape.
    ///   - starts: where the numbers of each slot start.
    public init(for parameter: Matrix, startingAt starts: [Float]) {
        rows = parameter.rows
        columns = parameter.columns
        count = starts.count
        let size = parameter.values.count
        values = [Float](repeating: starts.first ?? 0, count: size * starts.count)
        for (slot, start) in starts.enumerated().dropFirst() where start != starts[0] {
            for index in 0..<size { values[slot * size + index] = start }
        }
        seen = [Bool](repeating: false, count: parameter.rows)
    }

    /// A copy of one slot, of the parameter's shape.
    public subscript(slot: Int) -> Matrix {
        let size = rows * columns
        return Matrix(
            rows: rows, columns: columns, values: Array(values[slot * size..<(slot + 1) * size]))
    }

    /// What a gradient of 0 does under a rule.
    public enum ZeroGradient: Sendable {
        /// Nothing, ever: rows without a gradient need no visit.
        case doesNothing
        /// Nothing to a row that has never had another; later the slots decay, and may move it.
        case letsSlotsDecay
        /// It may move any row.
        case movesWeights
    }

    /// Calls `update` for runs of numbers that together are all those that the step changes. No
    /// two calls see the same number, and which run a number is in does not matter.
    ///
    /// - Parameter idle: the step of rows without a gradient, where a row may take several at once.
    public mutating func sweep(
        _ parameter: inout Matrix, _ gradient: Gradient, _ step: OptimizerStep,
        _ zeroGradient: ZeroGradient, idle: IdleStep? = nil,
        _ update: @escaping @Sendable (ElementRun) -> Void
    ) {
        if let idle, case .sparse(let indices, _) = gradient, owesIdleSteps, !step.isLazy {
            return sweepLater(&parameter, gradient, of: indices, step, idle, update)
        }
        settle(&parameter, step.lanes)
        noteSeen(gradient)
        let live = zeroGradient == .letsSlotsDecay ? seen : nil
        let rows = rows
        withElements(&parameter, gradient.values.values) { elements in
            switch gradient {
            case .dense:
                step.lanes.cut(rows, costing: elements.columns) {
                    elements.update($0, gradientAt: $0.lowerBound, update)
                }
            case .sparse(let indices, _) where step.isLazy || zeroGradient == .doesNothing:
                elements.update(indices, step.lanes, update)
            case .sparse(let indices, _):
                let visits = RowVisits(indices, rows: rows, live: live)
                step.lanes.cut(rows, costing: elements.columns) {
                    visits.forEach(in: $0) { elements.update($0, gradientAt: $1, update) }
                }
            }
        }
    }

    /// Calls `body` with the memory of the parameter, of its gradient and of its slots.
    mutating func withElements(
        _ parameter: inout Matrix, _ gradient: [Float] = [], _ body: (SharedElements) -> Void
    ) {
        let slotSize = parameter.values.count
        parameter.values.withUnsafeMutableBufferPointer { weights in
            values.withUnsafeMutableBufferPointer { slots in
                gradient.withUnsafeBufferPointer { gradients in
                    body(
                        SharedElements(
                            columns: columns, weights: weights.baseAddress,
                            slots: slots.baseAddress, slotSize: slotSize, slotCount: count,
                            gradients: gradients.baseAddress))
                }
            }
        }
    }

    /// As ``sweep(_:_:_:_:idle:_:)`` for a rule by which a gradient of 0 does nothing, by whole blocks
    /// of rows: `update` finds rows that lie apart by their indices.
    public mutating func sweepRows(
        _ parameter: inout Matrix, _ gradient: Gradient, _ step: OptimizerStep,
        _ update: @escaping @Sendable (RowRun) -> Void
    ) {
        noteSeen(gradient)
        let slotSize = parameter.values.count
        let columns = columns
        parameter.values.withUnsafeMutableBufferPointer { weights in
            values.withUnsafeMutableBufferPointer { slots in
                gradient.values.values.withUnsafeBufferPointer { gradients in
                    guard let start = weights.baseAddress, let first = gradients.baseAddress
                    else { return }
                    let memory = SharedRows(
                        weights: start, slots: slots.baseAddress, gradients: first)
                    let count = gradient.values.rows
                    step.lanes.cut(count, costing: columns) { positions in
                        gradient.withIndices(positions) { indices in
                            // Rows of a dense gradient are those from the first on.
                            let offset = indices == nil ? positions.lowerBound * columns : 0
                            update(
                                RowRun(
                                    count: positions.count, columns: columns,
                                    weights: memory.weights + offset,
                                    gradient: memory.gradients + positions.lowerBound * columns,
                                    indices: indices, slots: memory.slots.map { $0 + offset },
                                    slotSize: slotSize))
                        }
                    }
                }
            }
        }
    }

    /// `slots`, [count · rows, columns], one slot after the other, and `seen`, whether each row
    /// has had a gradient; without numbers where all are taken to have had one.
    ///
    /// - Precondition: no row owes a step.
    public func save(to arrays: inout NamedArrays, as name: String) {
        precondition(!owesSteps, "what is owed has to be settled")
        let part = arrays.leavesRowsApart ? part : nil
        var slots = part
        slots?.tables = count
        arrays.add(
            .matrix(Matrix(rows: count * rows, columns: columns, values: values)),
            as: NamedArrays.path(name, "slots"), slots)
        arrays.add(
            .flags(seen ?? []), as: NamedArrays.path(name, "seen"), seen == nil ? nil : part)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        values = try arrays.takeMatrix(
            NamedArrays.path(name, "slots"), rows: count * rows, columns: columns
        ).values
        let flags = try arrays.takeFlags(NamedArrays.path(name, "seen"), counts: [0, rows])
        seen = flags.isEmpty ? nil : flags
        if owed != nil { owed = OwedSteps() }
    }

    /// The slots of a whole table at the first rank, of those of all ranks' rows; without rows at
    /// the others.
    func whole(by partition: RowPartition) -> OptimizerSlots {
        changed(rows: partition.ranks.isFirst ? partition.rows : 0) {
            partition.whole(of: $0)
        } flags: {
            partition.whole(of: $0)
        }
    }

    /// Those of this rank's rows.
    func own(by partition: RowPartition) -> OptimizerSlots {
        var own = changed(rows: partition.ownCount) {
            partition.own(of: $0)
        } flags: {
            partition.own(of: $0)
        }
        own.part = partition.part
        return own
    }

    private func changed(
        rows: Int, slot change: (Matrix) -> Matrix, flags: ([Bool]) -> [Bool]
    ) -> OptimizerSlots {
        var changed = OptimizerSlots(
            for: Matrix(rows: 0, columns: columns), startingAt: [Float](repeating: 0, count: count))
        changed.rows = rows
        changed.values = (0..<count).flatMap { change(self[$0]).values }
        changed.seen = seen.map(flags)
        return changed
    }

    mutating func noteSeen(_ gradient: Gradient) {
        switch gradient {
        case .dense: seen = nil
        case .sparse(let indices, _): for index in indices { seen?[Int(index)] = true }
        }
    }
}

/// Consecutive numbers of a parameter, with their gradient and what is remembered of them.
public struct ElementRun {
    public let count: Int
    /// The row's numbers.
    public let weights: UnsafeMutablePointer<Float>
    /// nil: 0 for each.
    public let gradient: UnsafePointer<Float>?
    fileprivate let slots: UnsafeMutablePointer<Float>?
    fileprivate let slotSize: Int

    /// The numbers of a slot, in the order of ``OptimizerSlots``.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float>? {
        slots.map { $0 + index * slotSize }
    }
}

/// Rows of a parameter, with their gradient and what is remembered of them.
public struct RowRun {
    public let count: Int
    /// Numbers of a row.
    public let columns: Int
    /// The first row's numbers.
    public let weights: UnsafeMutablePointer<Float>
    /// [count, columns].
    public let gradient: UnsafePointer<Float>
    /// The row of each; nil: they follow each other from `weights` on.
    public let indices: UnsafePointer<Int32>?
    fileprivate let slots: UnsafeMutablePointer<Float>?
    fileprivate let slotSize: Int

    /// The rows of a slot, as ``weights``.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float>? {
        slots.map { $0 + index * slotSize }
    }
}

private struct SharedRows: @unchecked Sendable {
    let weights: UnsafeMutablePointer<Float>
    let slots: UnsafeMutablePointer<Float>?
    let gradients: UnsafePointer<Float>
}

extension Gradient {
    /// Calls `body` with the parameter's rows of those at `positions`; nil: they are the same.
    fileprivate func withIndices(
        _ positions: Range<Int>, _ body: (UnsafePointer<Int32>?) -> Void
    ) {
        switch self {
        case .dense: body(nil)
        case .sparse(let indices, _):
            indices.withUnsafeBufferPointer { body($0.baseAddress! + positions.lowerBound) }
        }
    }
}

/// The memory of a parameter, its gradient and its slots, which lanes share, each writing to rows
/// of its own.
struct SharedElements: @unchecked Sendable {
    let columns: Int
    fileprivate let weights: UnsafeMutablePointer<Float>?
    fileprivate let slots: UnsafeMutablePointer<Float>?
    fileprivate let slotSize: Int
    fileprivate let slotCount: Int
    fileprivate let gradients: UnsafePointer<Float>?

    /// Has the processor bring along rows that are next, where it cannot guess which those are.
    func prefetch(_ rows: Range<Int>) {
        guard let weights else { return }
        let (offset, size) = (rows.lowerBound * columns, rows.count * columns)
        Kernels.prefetch(weights + offset, size)
        guard let slots else { return }
        for slot in 0..<slotCount { Kernels.prefetch(slots + slot * slotSize + offset, size) }
    }

    /// The numbers of some rows; nil where the parameter has none.
    ///
    /// - Parameter position: the row of the gradient that the first of the rows has; nil: none.
    func run(_ rows: Range<Int>, gradientAt position: Int?) -> ElementRun? {
        guard let weights else { return nil }
        let offset = rows.lowerBound * columns
        return ElementRun(
            count: rows.count * columns, weights: weights + offset,
            gradient: position.flatMap { place in gradients.map { $0 + place * columns } },
            slots: slots.map { $0 + offset }, slotSize: slotSize)
    }

    func update(
        _ rows: Range<Int>, gradientAt position: Int?, _ update: (ElementRun) -> Void
    ) {
        if let run = run(rows, gradientAt: position) { update(run) }
    }

    /// Updates each row of a sparse gradient, and no other.
    func update(
        _ indices: [Int32], _ lanes: Lanes, _ update: @Sendable (ElementRun) -> Void
    ) {
        lanes.cut(indices.count, costing: columns) { positions in
            for position in positions {
                if position + 1 < positions.upperBound {
                    let next = Int(indices[position + 1])
                    prefetch(next..<next + 1)
                }
                let row = Int(indices[position])
                self.update(row..<row + 1, gradientAt: position, update)
            }
        }
    }
}

/// The rows that a step visits: those with a gradient, and between them runs of others.
private struct RowVisits: Sendable {
    /// Where each row's gradient stands; -1: it has none but is visited, -2: it is passed over.
    private var position: [Int32]

    /// - Parameter live: the rows to visit; nil: all.
    init(_ indices: [Int32], rows: Int, live: [Bool]?) {
        position = live.map { $0.map { $0 ? -1 : -2 } } ?? [Int32](repeating: -1, count: rows)
        for (place, index) in indices.enumerated() { position[Int(index)] = Int32(place) }
    }

    func forEach(in rows: Range<Int>, _ body: (Range<Int>, Int?) -> Void) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let place = position[row]
            var end = row + 1
            if place == -1 {
                while end < rows.upperBound && position[end] == -1 { end += 1 }
            }
            if place != -2 { body(row..<end, place < 0 ? nil : Int(place)) }
            row = end
        }
    }
}

extension Lanes {
    /// Numbers below which the start of a thread costs more than it saves.
    private static let worthSharing = 1 << 14

    /// Cuts `count` rows into pieces and hands each to a thread, if there is enough to do.
    func cut(_ count: Int, costing columns: Int, _ body: @Sendable (Range<Int>) -> Void) {
        guard count > 0, columns > 0 else { return }
        guard count * columns >= Self.worthSharing else { return body(0..<count) }
        forEach(Self.count) { lane in
            let rows = Self.rows(of: lane, in: count)
            if !rows.isEmpty { body(rows) }
        }
    }
}
