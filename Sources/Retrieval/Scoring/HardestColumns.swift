/// The columns of a row that score highest, as many as make up a number of candidates, and all that
/// score as the lowest of them: found once for all examples that share the row.
struct HardestColumns {
    struct Entry {
        var column: Int32
        /// How many candidates it stands for.
        var count: Float
        var score: Float
    }

    /// Where an example's list ends.
    struct Cut {
        /// The lowest score that stays.
        var lowest: Float
        /// How many candidates of each column of that score stay, at most.
        var count: Float
    }

    /// In increasing order of columns.
    private(set) var entries: [Entry] = []
    /// Whether a score is no number; then the rest does not count.
    private(set) var hasNaN = false
    /// What the positive's other copies are told by: the column after the last.
    private(set) var columnOfCopies: Int32 = 0
    /// The entries from the highest score to the lowest.
    private var order: [Int32] = []
    private var moved: [Int32] = []

    var highest: Float { order.first.map { entries[Int($0)].score } ?? -.infinity }

    /// - Parameters:
    ///   - counts: how many candidates each column stands for; nil: one.
    ///   - number: how many candidates at least, if there are as many.
    mutating func find(
        in row: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?,
        atLeast number: Int
    ) {
        columnOfCopies = Int32(row.count)
        if entries.capacity == 0 {
            // At once what most rows need, in place of growing to it.
            entries.reserveCapacity(128)
            order.reserveCapacity(128)
            moved.reserveCapacity(128)
        }
        collect(row, counts, above: bound(of: row, number))
        order.removeAll(keepingCapacity: true)
        // By insertion: they are few.
        for index in entries.indices {
            let score = entries[index].score
            var place = order.count
            order.append(Int32(index))
            while place > 0, entries[Int(order[place - 1])].score < score {
                order[place] = order[place - 1]
                place -= 1
            }
            order[place] = Int32(index)
        }
        trim(to: Float(number))
    }

    /// Whether so many of a row's columns are found with less work than its sorting.
    static func isWorthwhile(_ number: Int, ofColumns columns: Int) -> Bool {
        number <= 48 || columns <= 128
    }

    /// A score that as many columns reach: that of as many of 64 groups. −infinity where that tells
    /// nothing.
    private func bound(of row: UnsafeMutableBufferPointer<Float>, _ number: Int) -> Float {
        guard row.count > 128, number > 0 else { return -.infinity }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: 64 + number) { room in
            let maxima = room[..<64]
            Kernels.groupMax(row.baseAddress, row.count, room.baseAddress)
            // The `number` largest, sorted from the lowest on.
            let best = UnsafeMutableBufferPointer(rebasing: room[64...])
            best.initialize(repeating: -.infinity)
            for value in maxima where value > best[0] {
                var place = 0
                while place + 1 < number, best[place + 1] < value {
                    best[place] = best[place + 1]
                    place += 1
                }
                best[place] = value
            }
            return best[0]
        }
    }

    /// Keeps the columns that reach a score.
    private mutating func collect(
        _ row: UnsafeMutableBufferPointer<Float>, _ counts: UnsafePointer<Float>?,
        above bound: Float
    ) {
        entries.removeAll(keepingCapacity: true)
        hasNaN = false
        let below = bound == -.infinity ? Float.nan : bound.nextDown
        var column = Kernels.findAbove(row.baseAddress, row.count, 0, below)
        while column < row.count {
            hasNaN = hasNaN || row[column].isNaN
            entries.append(
                Entry(column: Int32(column), count: counts?[column] ?? 1, score: row[column]))
            column = Kernels.findAbove(row.baseAddress, row.count, column + 1, below)
        }
    }

    /// Drops what scores below the lowest that are needed.
    private mutating func trim(to number: Float) {
        guard !hasNaN else { return }
        var total: Float = 0
        var last = 0
        while last < order.count {
            total += entries[Int(order[last])].count
            if total >= number { break }
            last += 1
        }
        guard last < order.count else { return }
        let lowest = entries[Int(order[last])].score
        while last + 1 < order.count, entries[Int(order[last + 1])].score == lowest { last += 1 }
        guard last + 1 < order.count else { return }
        order.removeSubrange((last + 1)...)
        // Where each of the entries goes.
        moved.removeAll(keepingCapacity: true)
        var count = 0
        for index in entries.indices {
            moved.append(Int32(count))
            guard entries[index].score >= lowest else { continue }
            entries[count] = entries[index]
            count += 1
        }
        entries.removeSubrange(count...)
        for place in order.indices { order[place] = moved[Int(order[place])] }
    }

    /// Where the hardest candidates end, without one of a column's; nil where of several columns
    /// that score the same only some candidates would stay.
    ///
    /// - Parameters:
    ///   - number: how many candidates stay, if there are as many.
    ///   - own: the column; -1: none.
    func cut(keeping number: Int, without own: Int32) -> Cut? {
        var room = Float(number)
        guard room > 0 else { return Cut(lowest: .infinity, count: 0) }
        var place = 0
        while place < order.count {
            // All that score the same.
            let score = entries[Int(order[place])].score
            var (total, columns): (Float, Int) = (0, 0)
            while place < order.count, entries[Int(order[place])].score == score {
                let entry = entries[Int(order[place])]
                let count = entry.column == own ? entry.count - 1 : entry.count
                total += count
                if count > 0 { columns += 1 }
                place += 1
            }
            guard total > 0 else { continue }
            if total > room {
                return columns == 1 ? Cut(lowest: score, count: room) : nil
            }
            room -= total
            if room == 0 { return Cut(lowest: score, count: .infinity) }
        }
        return Cut(lowest: -.infinity, count: .infinity)
    }
}
