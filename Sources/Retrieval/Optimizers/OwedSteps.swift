/// A step as rows without a gradient take it under a rule by which they move nevertheless, put so
/// that a row may take several at once.
public struct IdleStep: Sendable {
    /// What tells the step from others, such as Adam's α.
    public var rate: Float
    /// Takes steps of these rates, one after the other, on numbers that have no gradient: with the
    /// bits of as many calls of the rule's update.
    public var replay: @Sendable (ElementRun, _ rates: UnsafeBufferPointer<Float>) -> Void

    public init(
        rate: Float,
        replay: @escaping @Sendable (ElementRun, _ rates: UnsafeBufferPointer<Float>) -> Void
    ) {
        self.rate = rate
        self.replay = replay
    }
}

/// The steps that rows of a table have yet to take, for they had no gradient.
///
/// Under a rule with moments all rows move in every step. A table that is larger than the caches
/// would have to pass through the processor each time, for a few operations a number. So a row
/// without a gradient owes the step, and takes all that it owes, in order and in registers, when it
/// is next read or has a gradient. Every step also settles a slice of the table, in turn: what a
/// row owes, and with it the time that settling all of them takes, has a bound.
struct OwedSteps: Sendable {
    /// Slices of a table, and so the most steps that a row owes.
    static let window = 32
    /// Rows of a run at most: short enough that lanes have as much to do.
    private static let longestRun = 16

    /// Steps since all rows were settled.
    private var count: Int32 = 0
    /// How many of them each row has taken; without meaning where one has never had a gradient.
    private var taken: [Int32] = []
    /// Of the last steps, at least of those that any row owes.
    private var rates: [Float] = []
    private var replay: (@Sendable (ElementRun, UnsafeBufferPointer<Float>) -> Void)?
    /// Rows that are about to take what they owe, as many steps each; empty in between.
    private var late: [LateRows] = []

    /// Consecutive rows that owe as many steps.
    private struct LateRows {
        let first: Int32
        var count: Int32 = 1
        let owed: Int32

        var range: Range<Int> { Int(first)..<Int(first + count) }
    }

    /// Whether any row may owe a step.
    var areAny: Bool { count > 0 }

    /// Slices that there are, for ``find(inSlice:seen:)``.
    static var slices: Range<Int> { 0..<window }

    /// The slice whose turn it is.
    var slice: Int { Int(count) % Self.window }

    /// All rows owe another step.
    mutating func add(_ idle: IdleStep, rows: Int) {
        if taken.isEmpty { taken = [Int32](repeating: 0, count: rows) }
        if rates.count == 2 * Self.window { rates.removeFirst(Self.window) }
        rates.append(idle.rate)
        replay = idle.replay
        count += 1
    }

    /// Rows owe nothing more.
    mutating func forgive(_ rows: [Int32]) {
        for row in rows { taken[Int(row)] = count }
    }

    /// No row owes anything more.
    mutating func forgiveAll() {
        for row in taken.indices { taken[row] = 0 }
        rates.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Looks for those of some rows that owe steps, for ``settle(_:_:)``.
    ///
    /// - Parameter seen: whether each has had a gradient, for steps pass over others; nil: all.
    mutating func find(_ rows: [Int32], seen: [Bool]?) {
        for row in rows {
            let owed = count - taken[Int(row)]
            guard owed > 0, seen?[Int(row)] != false else { continue }
            taken[Int(row)] = count
            late.append(LateRows(first: row, owed: owed))
        }
    }

    /// The same for those of a slice of the table.
    mutating func find(inSlice slice: Int, seen: [Bool]?) {
        let bound = taken.count
        for row in slice * bound / Self.window..<(slice + 1) * bound / Self.window {
            let owed = count - taken[row]
            guard owed > 0, seen?[row] != false else { continue }
            taken[row] = count
            if let last = late.last, last.owed == owed, Int(last.first + last.count) == row,
                last.count < Self.longestRun
            {
                late[late.count - 1].count += 1
            } else {
                late.append(LateRows(first: Int32(row), owed: owed))
            }
        }
    }

    /// Whether rows have been found that owe steps.
    var hasFound: Bool { !late.isEmpty }

    /// Has the rows that were found take what they owe.
    mutating func settle(_ memory: SharedElements, _ lanes: Lanes) {
        takeSteps(memory, lanes)
        late.removeAll(keepingCapacity: true)
    }

    private func takeSteps(_ memory: SharedElements, _ lanes: Lanes) {
        guard let replay else { return }
        lanes.cut(late.count, costing: memory.columns * Self.window / 4) { part in
            rates.withUnsafeBufferPointer { rates in
                for index in part {
                    if index + 1 < part.upperBound { memory.prefetch(late[index + 1].range) }
                    let rows = late[index]
                    guard let run = memory.run(rows.range, gradientAt: nil) else { continue }
                    replay(run, UnsafeBufferPointer(rebasing: rates.suffix(Int(rows.owed))))
                }
            }
        }
    }
}

extension OptimizerSlots: RowSettling {
    /// Whether rows without a gradient may owe steps from now on, for who settles them before he
    /// reads; the rule has to say what an ``IdleStep`` is.
    ///
    /// - Precondition: none owes any.
    var owesIdleSteps: Bool {
        get { owed != nil }
        set {
            precondition(!owesSteps, "what is owed has to be settled")
            owed = newValue ? OwedSteps() : nil
        }
    }

    /// Whether any row may owe a step: then neither the parameter nor the slots are what they
    /// should be.
    var owesSteps: Bool { owed?.areAny == true }

    /// Has some rows of the parameter, which may be given more than once, take the steps that they
    /// owe.
    mutating func settle(_ rows: [Int32], of parameter: inout Matrix, _ lanes: Lanes) {
        guard owesSteps else { return }
        owed?.find(rows, seen: seen)
        settleFound(&parameter, lanes)
    }

    /// Has all rows of the parameter take the steps that they owe.
    mutating func settle(_ parameter: inout Matrix, _ lanes: Lanes) {
        guard owesSteps else { return }
        for slice in OwedSteps.slices {
            owed?.find(inSlice: slice, seen: seen)
            settleFound(&parameter, lanes)
        }
        owed?.forgiveAll()
    }

    private mutating func settleFound(_ parameter: inout Matrix, _ lanes: Lanes) {
        guard var steps = owed, steps.hasFound else { return }
        owed = nil
        withElements(&parameter) { steps.settle($0, lanes) }
        owed = steps
    }

    /// Takes a step on the rows that have a gradient, and on those of a slice; the others owe it.
    mutating func sweepLater(
        _ parameter: inout Matrix, _ gradient: Gradient, of rows: [Int32], _ step: OptimizerStep,
        _ idle: IdleStep, _ update: @escaping @Sendable (ElementRun) -> Void
    ) {
        settle(rows, of: &parameter, step.lanes)
        noteSeen(gradient)
        owed?.add(idle, rows: self.rows)
        owed?.forgive(rows)
        withElements(&parameter, gradient.values.values) {
            $0.update(rows, step.lanes, update)
        }
        guard let slice = owed?.slice else { return }
        owed?.find(inSlice: slice, seen: seen)
        settleFound(&parameter, step.lanes)
    }
}
