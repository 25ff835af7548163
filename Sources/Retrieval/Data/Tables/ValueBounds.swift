import Parquet

/// Outside of which values of a column a filter keeps no row: what a source may leave unread.
public struct ValueBounds: Hashable, Sendable {
    /// The column of the interactions.
    public var column: String
    /// The least value of a row that stays; of times, in seconds since 1970.
    public var least: Double
    /// The greatest value of a row that stays; of times, in seconds since 1970.
    public var most: Double

    public init(column: String, least: Double = -.infinity, most: Double = .infinity) {
        self.column = column
        self.least = least
        self.most = most
    }

    /// Whether no row can stay whose values lie in a span. In doubt, one can: numbers of 64 bits
    /// are compared as doubles, a little wider than they are.
    ///
    /// - Parameter perUnit: units of the stored values in one of the column's.
    func excludes(_ span: ValueSpan, perUnit: Double) -> Bool {
        let stored =
            switch span {
            case .integers(let range): Double(range.lowerBound)...Double(range.upperBound)
            case .numbers(let range): range
            }
        let (low, high) = (stored.lowerBound / perUnit, stored.upperBound / perUnit)
        // Twice the next number: once for the conversion, once for the division.
        return high.nextUp.nextUp < least || low.rounded(.down).nextDown.nextDown > most
    }
}
