/// The bins of `tf.keras.layers.Discretization`: bin i holds the values from boundary i − 1 on and
/// below boundary i.
public struct Buckets: Sendable {
    /// Ascending; bin i ends below boundary i.
    public let boundaries: [Float]

    /// - Throws: ``DataError/impossible(_:)`` for boundaries that are not ascending.
    public init(boundaries: [Float]) throws(DataError) {
        for (index, pair) in zip(boundaries, boundaries.dropFirst()).enumerated()
        where !(pair.0 <= pair.1) {
            throw .impossible(
                "'bin_boundaries' requires ascending numbers; found \(pair.1) after \(pair.0), "
                    + "at position \(index + 2)")
        }
        self.boundaries = boundaries
    }

    public var count: Int { boundaries.count + 1 }

    /// The number of boundaries that are not above the value; the last bin for NaN.
    public func bin(of value: Float) -> Int {
        guard !value.isNaN else { return boundaries.count }
        return boundaries.partitionPoint { $0 > value }
    }
}
