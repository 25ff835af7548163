import ResultsFormat

/// Why a folder is not the model that was saved there, or cannot be used as asked.
public enum ModelError: Error, Hashable, Sendable {
    /// Nothing, or something else than a model, stands at the path.
    case noModel(path: String, reason: String)
    /// The system does not let a file be read, in its words.
    case unreadable(file: String, reason: String)
    /// A file is not as it was written, or was never right: the place within it, what has to stand
    /// there and what does.
    case damaged(file: String, place: String, required: String, found: String)
    /// Parts of the model do not fit each other, or not this program.
    case unfitting(String)
    /// A query that the model cannot answer: the line it stands in, from 1, where there are many.
    case query(line: Int?, String)
    /// The model cannot be written.
    case unwritable(AtomicFileError)
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noModel(let path, let reason): "'\(path)' is no model: \(reason)"
        case .unreadable(let file, let reason): "cannot read '\(file)': \(reason)"
        case .damaged(let file, let place, let required, let found):
            "\(file): \(place) requires \(required); found \(found)"
        case .unfitting(let reason): reason
        case .query(let line, let reason): (line.map { "query \($0): " } ?? "") + reason
        case .unwritable(let error): error.description
        }
    }
}
