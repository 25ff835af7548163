/// A call whose arguments do not fit each other, or an option out of range.
public enum RetrievalError: Error, Hashable, CustomStringConvertible {
    /// An argument has not the shape that the others ask for.
    case shapeMismatch(argument: String, required: String, found: String)
    /// An option needs an argument that the call does not give.
    case missingArgument(String, neededBy: String)
    /// An option's value is out of range.
    case invalidOption(String, required: String, found: String)
    /// A metric is not defined for rows as narrow as the batch's, mining included.
    case tooFewColumns(metric: String, required: Int, found: Int)
    /// More candidates are to be retrieved than the corpus has.
    case tooFewCandidates(required: Int, found: Int)
    /// A positive is to be found by its score in an index that is not exact.
    case requiresIDs

    public var description: String {
        switch self {
        case .shapeMismatch(let argument, let required, let found):
            "\(argument): requires \(required), found \(found)"
        case .missingArgument(let argument, let option):
            "\(option) requires \(argument)"
        case .invalidOption(let option, let required, let found):
            "\(option): requires \(required), found \(found)"
        case .tooFewColumns(let metric, let required, let found):
            "\(metric): requires at least \(required) candidates in a row, found \(found)"
        case .tooFewCandidates(let required, let found):
            "the corpus: requires at least \(required) candidates, found \(found)"
        case .requiresIDs:
            "an index that is not exact requires ids to find the positives by"
        }
    }
}
