import Platform
import Safeguards

/// Why a results file could not be read or written.
public enum ResultsFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system does not let the file be read, in its words.
    case unreadable(path: String, message: String)
    /// The file is not JSON.
    case malformed(path: String, JSONParseError)
    /// The file is JSON, but no results document.
    case invalid(path: String, ResultsDecodingError)
    /// The document holds a number that JSON does not have.
    case unencodable(path: String, JSONEncodingError)
    /// The file could not be put in place.
    case unwritable(AtomicFileError)

    public var description: String {
        switch self {
        case .unreadable(let path, let message): "cannot read '\(path)': \(message)"
        case .malformed(let path, let error): "\(path):\(error)"
        case .invalid(let path, let error): "\(path): \(error)"
        case .unencodable(let path, let error): "cannot write '\(path)': \(error)"
        case .unwritable(let error): error.description
        }
    }
}

/// A results document on disk.
public enum ResultsFile {
    /// Seals a document and puts it in place atomically, as pretty JSON with a newline at the end.
    ///
    /// - Returns: the document as written, with its digest.
    @discardableResult
    public static func write(
        _ document: ResultsDocument, to path: String, createDirectories: Bool = false
    ) throws(ResultsFileError) -> ResultsDocument {
        let sealed: ResultsDocument
        let text: String
        do throws(JSONEncodingError) {
            sealed = try document.sealed()
            text = try sealed.json.jsonText(.pretty) + "\n"
        } catch {
            throw .unencodable(path: path, error)
        }
        do throws(AtomicFileError) {
            try AtomicFile.write(
                Array(text.utf8), to: path, createDirectories: createDirectories)
        } catch {
            throw .unwritable(error)
        }
        return sealed
    }

    /// Reads a document back. The digest that it states is not checked: compare it to
    /// ``ResultsDocument/digest(of:)`` of ``readJSON(from:limits:)`` where that matters.
    public static func read(
        from path: String, limits: JSONLimits = JSONLimits()
    ) throws(ResultsFileError) -> ResultsDocument {
        let json = try readJSON(from: path, limits: limits)
        do throws(ResultsDecodingError) {
            return try ResultsDocument(json: json)
        } catch {
            throw .invalid(path: path, error)
        }
    }

    /// Reads a file as JSON, with all that stands in it.
    public static func readJSON(
        from path: String, limits: JSONLimits = JSONLimits()
    ) throws(ResultsFileError) -> JSONValue {
        let bytes = try contents(of: path, limit: limits.bytes)
        do throws(JSONParseError) {
            return try JSONValue(parsing: bytes, limits: limits)
        } catch {
            if [".yaml", ".yml"].contains(where: path.hasSuffix) {
                throw .unreadable(
                    path: path,
                    message: "it is a spec, so it seems; required are the results of its run, JSON")
            }
            throw .malformed(path: path, error)
        }
    }

    /// Whether the text of a file, be it JSON or not, begins with the version of a format, as
    /// whatever is written here does.
    package static func statesVersion(_ path: String) -> Bool {
        guard let start = try? contents(of: path, limit: 0) else { return false }
        return String(decoding: start.prefix(256), as: UTF8.self).contains("\"schema_version\"")
    }

    /// The bytes of a file, as far as one past the limit: enough for the parser to refuse it.
    static func contents(
        of path: String, limit: Int
    ) throws(ResultsFileError) -> [UInt8] {
        let file: RegularFile
        do throws(RegularFile.Refusal) {
            file = try RegularFile(path: path)
        } catch {
            throw .unreadable(path: path, message: "\(error)")
        }
        let descriptor = file.descriptor
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = chunk.withUnsafeMutableBytes {
                FileDescriptor.readSome(descriptor, into: $0)
            }
            if count == 0 { break }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw unreadable(path, errno)
            }
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ code: Int32) -> ResultsFileError {
        .unreadable(path: path, message: String(cString: strerror(code)))
    }
}
