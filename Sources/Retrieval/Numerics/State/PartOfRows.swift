/// Which rows of an array a rank has, where ranks share them: of each of its tables, which stand one
/// below the other, the rows whose number modulo the ranks' is its own.
package struct PartOfRows: Hashable, Sendable {
    package var rank: Int
    package var ranks: Int
    /// Of a whole table.
    package var rows: Int
    /// Tables of the array, such as an optimizer's slots.
    package var tables = 1

    /// Rows of a table below a row that a rank has.
    package func count(below row: Int, of rank: Int) -> Int { (row - rank + ranks - 1) / ranks }

    /// Whether this rank has a row of each table.
    package func has(_ row: Int) -> Bool { row % ranks == rank }
}
