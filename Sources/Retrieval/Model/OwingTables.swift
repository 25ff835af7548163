import Safeguards

/// Who knows which steps rows of a table have yet to take, and takes them.
protocol RowSettling: Sendable {
    /// Has some rows, which may be given more than once, take the steps that they owe.
    mutating func settle(_ rows: [Int32], of table: inout Matrix, _ lanes: Lanes)

    /// Has all rows take the steps that they owe.
    mutating func settle(_ table: inout Matrix, _ lanes: Lanes)
}

/// Tables whose rows may owe steps, lent to the towers for one batch: rows take what they owe when
/// they are looked up.
final class OwingTables: Sendable {
    private let tables = Guarded<[Int: OwingTable]>([:])

    /// Adds a table, by the place of its parameter.
    func add(_ table: OwingTable, at index: Int) {
        tables.withLock { $0[index] = table }
    }

    /// Takes a table back; nil: it is not here.
    func take(at index: Int) -> OwingTable? {
        tables.withLock { $0.removeValue(forKey: index) }
    }

    /// Rows of a table; nil: it is not here.
    func rowCount(at index: Int) -> Int? {
        tables.withLock { $0[index]?.weights.rows }
    }

    /// A table of which some rows owe nothing; nil: it is not here.
    ///
    /// Who keeps it has the next look-up copy it.
    func settling(_ rows: [Int32], at index: Int, _ lanes: Lanes) -> Matrix? {
        tables.withLock {
            $0[index]?.settle(rows, lanes)
            return $0[index]?.weights
        }
    }

    /// A table of which no row owes anything; nil: it is not here.
    func settlingAll(at index: Int) -> Matrix? {
        tables.withLock {
            $0[index]?.settleAll(Lanes(threads: 1))
            return $0[index]?.weights
        }
    }
}

/// A table and who settles its rows.
struct OwingTable: Sendable {
    private(set) var weights: Matrix
    private(set) var settler: any RowSettling

    init(_ weights: Matrix, _ settler: any RowSettling) {
        self.weights = weights
        self.settler = settler
    }

    fileprivate mutating func settle(_ rows: [Int32], _ lanes: Lanes) {
        settler.settle(rows, of: &weights, lanes)
    }

    fileprivate mutating func settleAll(_ lanes: Lanes) { settler.settle(&weights, lanes) }
}
