/// A text file of one token a line: a vocabulary, or the names of rows.
enum LineFile {
    static func bytes(
        of path: String, in environment: DataEnvironment
    ) throws(DataError) -> [UInt8] {
        do {
            return try FileSystem.contents(of: environment.resolve(path))
        } catch {
            throw .unreadable(file: path, reason: error.reason)
        }
    }

    /// The lines, whatever ends them; a last line that is empty is none.
    static func lines(
        of path: String, in environment: DataEnvironment
    ) throws(DataError) -> [String] {
        try lines(try bytes(of: path, in: environment), file: path)
    }

    static func lines(_ bytes: [UInt8], file: String) throws(DataError) -> [String] {
        var lines: [String] = []
        var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let hasReturn = end > start && bytes[end - 1] == 13
            let line = bytes[start..<(hasReturn ? end - 1 : end)]
            guard let text = String(validating: line, as: UTF8.self) else {
                throw .malformed(
                    MalformedData(
                        file: file, line: lines.count + 1, column: 1, required: "UTF-8",
                        found: "other bytes"))
            }
            lines.append(text)
            start = end + 1
        }
        return lines
    }
}
