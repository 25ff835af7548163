import Retrieval
import YAMLTree

extension ExperimentSpec {
    /// A spec error that points at the value at `path`.
    func error(at path: String, _ message: String) -> any Error {
        marks.diagnostic(at: path, message).map { SpecError([$0]) } ?? SpecError([])
    }

    /// Turns an error in the data that a part of the spec asked for into one that points at it.
    ///
    /// - Parameters:
    ///   - columnPath: where the part names its column; nil: nowhere else.
    ///   - environment: what paths that the part names are relative to; nil: it names none.
    func pointing<Result>(
        at path: String, wrongColumn columnPath: String? = nil,
        in environment: DataEnvironment? = nil, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as DataError {
            if case .wrongColumn = error, let columnPath {
                throw self.error(at: columnPath, error.description)
            }
            throw self.error(
                at: place(of: error) ?? path,
                error.description + Self.relativity(of: error, in: environment))
        }
    }

    /// What the path of a file that cannot be read is relative to.
    private static func relativity(
        of error: DataError, in environment: DataEnvironment?
    ) -> String {
        guard let environment, case .unreadable(let file, _) = error else { return "" }
        return DataErrorContext.relativity(of: file, in: environment).map { " (\($0))" } ?? ""
    }

    /// Where the spec declares the table that an error is about; nil where it is about none.
    func place(of error: DataError) -> String? {
        guard case .misjoined(let table, _) = error, marks.isWritten("data.\(table)") else {
            return nil
        }
        return "data.\(table)"
    }
}
