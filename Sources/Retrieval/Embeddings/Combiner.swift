/// How the embeddings of a list become one, as in `tf.nn.embedding_lookup_sparse`.
public enum Combiner: String, FieldChoice {
    /// Their mean; 0 for an empty list.
    case mean
    /// Their sum; 0 for an empty list.
    case sum
    /// The sum over the square root of the list's length.
    case sqrtn

    func scale(ofCount count: Int) -> Float {
        switch self {
        case .mean: 1 / Float(max(count, 1))
        case .sum: 1
        case .sqrtn: 1 / Float(max(count, 1)).squareRoot()
        }
    }
}
