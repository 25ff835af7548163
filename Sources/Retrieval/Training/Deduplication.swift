/// Whether equal queries and candidates of a batch are scored once.
public enum Deduplication: String, FieldChoice {
    /// Wherever the result is the same.
    case auto
    /// Never; for comparison.
    case off
}
