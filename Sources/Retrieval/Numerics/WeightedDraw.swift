/// Draws of places by their weights.
struct WeightedDraw: Sendable {
    /// Running totals of the weights.
    private let cumulative: [Double]

    /// - Parameter weights: at least 0, up to a common factor.
    init(_ weights: some Sequence<Double>) {
        var total = 0.0
        cumulative = weights.map {
            total += $0
            return total
        }
    }

    var count: Int { cumulative.count }

    /// The sum of all weights.
    var total: Double { cumulative.last ?? 0 }

    /// The weight of a place; 0 for one that there is not.
    func weight(of place: Int) -> Double {
        guard cumulative.indices.contains(place) else { return 0 }
        return cumulative[place] - (place > 0 ? cumulative[place - 1] : 0)
    }

    /// A place below a limit, each as likely as its share of their weights; nil where they weigh
    /// nothing. Takes one number of the stream.
    func draw(below limit: Int = .max, from stream: inout RandomStream) -> Int32? {
        let places = cumulative.prefix(limit)
        guard let total = places.last, total > 0 else { return nil }
        let target = stream.uniform() * total
        return Int32(min(places.partitionPoint { $0 > target }, places.count - 1))
    }
}
