/// Why a Parquet file cannot be read or written.
public enum ParquetError: Error, Hashable, Sendable {
    /// The system refuses the file.
    case unreadable(file: String, reason: String)
    /// The file begins or ends with something else than Parquet's mark.
    case notParquet(file: String, found: String)
    /// What stands there contradicts the format or itself.
    case damaged(file: String, place: String, required: String, found: String)
    /// Legal, and not read by this reader.
    case unsupported(file: String, place: String, what: String)
    /// The file has no such column.
    case noColumn(file: String, name: String, available: [String])
}

extension ParquetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "cannot read '\(file)': \(reason)"
        case .notParquet(let file, let found):
            "'\(file)' is no Parquet file: it must begin and end with PAR1; found \(found)"
        case .damaged(let file, let place, let required, let found):
            "'\(file)' is damaged at \(place): required \(required), found \(found)"
        case .unsupported(let file, let place, let what):
            "'\(file)', \(place): \(what) is not read"
        case .noColumn(let file, let name, let available):
            "'\(file)' has no column '\(name)'; it has \(available.joined(separator: ", "))"
        }
    }
}

/// What is wrong with some bytes, before anybody says where they stand.
enum Damage: Error, Hashable {
    case wrong(required: String, found: String)
    case unsupported(String)

    /// Bytes end too early.
    static func short(_ required: String, _ left: Int) -> Damage {
        .wrong(required: required, found: "\(max(0, left)) bytes before the end")
    }

    /// The same with its place in a file.
    func at(_ place: String, in file: String) -> ParquetError {
        switch self {
        case .wrong(let required, let found):
            .damaged(file: file, place: place, required: required, found: found)
        case .unsupported(let what): .unsupported(file: file, place: place, what: what)
        }
    }
}
