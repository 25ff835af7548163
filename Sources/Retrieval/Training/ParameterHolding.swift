/// What one of the ranks that share an experiment holds of a parameter.
package struct ParameterHolding: Sendable {
    package var name: String
    /// Of the whole.
    package var rows: Int
    /// Of this rank.
    package var ownRows: Int
    package var columns: Int
    /// What the optimizer remembers here, in numbers.
    package var stateNumbers: Int
    /// Whether the rows are dealt to the ranks; otherwise each has them all.
    package var isShared: Bool

    /// The numbers and what is remembered of them.
    package var bytes: Int { (ownRows * columns + stateNumbers) * MemoryLayout<Float>.stride }
}
