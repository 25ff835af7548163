/// How a preprocessing layer gives its indices out.
public enum OutputMode: String, FieldChoice {
    /// As they are, for an embedding.
    case int
    /// A 1 at the index of a single value.
    case oneHot = "one_hot"
    /// A 1 at each index of a list.
    case multiHot = "multi_hot"
    /// How often each index stands in a list.
    case count
    /// As `count`, each index weighted by its inverse document frequency.
    case tfIDF = "tf_idf"
}

/// The output modes of what learns no frequencies.
public enum UnweightedOutputMode: String, FieldChoice {
    /// The indices themselves.
    case int
    /// A vector with a 1 at the index.
    case oneHot = "one_hot"
    /// A vector with a 1 at each index of the list.
    case multiHot = "multi_hot"
    /// A vector that counts how often each index stands in the list.
    case count

    var mode: OutputMode {
        switch self {
        case .int: .int
        case .oneHot: .oneHot
        case .multiHot: .multiHot
        case .count: .count
        }
    }
}

extension OutputMode {
    /// The encoding of one row as wide as `depth`; indices beyond it are dropped.
    ///
    /// - Parameter weights: of each index, for `tf_idf`.
    public func encoding(
        of indices: some Sequence<Int32>, depth: Int, weights: [Float] = []
    ) -> [Float] {
        var row = [Float](repeating: 0, count: depth)
        for entry in entries(of: indices, weights: weights) where entry.index < depth {
            row[Int(entry.index)] = entry.value
        }
        return row
    }

    /// The numbers of an encoding that are not 0, each index once, in order of appearance.
    func entries(
        of indices: some Sequence<Int32>, weights: [Float]
    ) -> [(index: Int32, value: Float)] {
        var entries: [(index: Int32, value: Float)] = []
        for index in indices {
            if let known = entries.firstIndex(where: { $0.index == index }) {
                if self == .count || self == .tfIDF { entries[known].value += 1 }
            } else {
                entries.append((index, 1))
            }
        }
        if self == .tfIDF {
            for position in entries.indices {
                let index = Int(entries[position].index)
                entries[position].value *= index < weights.count ? weights[index] : 0
            }
        }
        return entries
    }
}
