extension ResultsFile {
    /// Puts any JSON in place atomically, pretty with a newline at the end.
    public static func write(
        json: JSONValue, to path: String, createDirectories: Bool = false
    ) throws(ResultsFileError) {
        let text: String
        do throws(JSONEncodingError) {
            text = try json.jsonText(.pretty) + "\n"
        } catch {
            throw .unencodable(path: path, error)
        }
        try write(text: text, to: path, createDirectories: createDirectories)
    }

    /// Puts a text in place atomically.
    public static func write(
        text: String, to path: String, createDirectories: Bool = false
    ) throws(ResultsFileError) {
        do throws(AtomicFileError) {
            try AtomicFile.write(
                Array(text.utf8), to: path, createDirectories: createDirectories)
        } catch {
            throw .unwritable(error)
        }
    }

    /// Reads a file of one of the formats by its decoder.
    public static func read<Document>(
        from path: String, limits: JSONLimits = JSONLimits(),
        _ decode: (JSONValue) throws(ResultsDecodingError) -> Document
    ) throws(ResultsFileError) -> Document {
        let json = try readJSON(from: path, limits: limits)
        do throws(ResultsDecodingError) {
            return try decode(json)
        } catch {
            throw .invalid(path: path, error)
        }
    }
}
