/// What can be wrong with optimizers that are each right by themselves.
public enum OptimizerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than one limit of gradients was given.
    case conflictingClipping([String])
    /// ClippyAdagrad's two ways with its accumulator exclude each other.
    case conflictingAccumulatorUpdates
    /// A rule's pattern matches no parameter.
    case noMatch(pattern: String, paths: [String])
    /// Two rules match one parameter.
    case severalMatches(path: String, patterns: [String])
    /// A schedule's lists do not fit together.
    case badSchedule(String)

    public var description: String {
        switch self {
        case .conflictingClipping(let names):
            "an optimizer requires at most one of clipnorm, global_clipnorm, clipvalue; found "
                + names.joined(separator: " and ")
        case .conflictingAccumulatorUpdates:
            "clippy_adagrad requires at most one of clip_accumulator_update and "
                + "use_standard_accumulator_update; found both"
        case .noMatch(let pattern, let paths):
            "'\(pattern)' matches no trainable parameter; there are "
                + paths.joined(separator: ", ")
        case .severalMatches(let path, let patterns):
            "the parameter \(path) requires one rule at most; found "
                + patterns.map { "'\($0)'" }.joined(separator: " and ")
        case .badSchedule(let reason):
            reason
        }
    }
}
