import Safeguards

/// An output that is sure to have a place: made, and kept open, before the work of hours whose
/// outcome it is to hold. Whoever makes one writes it or lets it go.
public final class ReservedFile: Sendable {
    /// As the user named it.
    public let path: String
    private let place: Guarded<AtomicFile.Place?>

    /// - Parameter createDirectories: whether to make missing folders on the way.
    /// - Throws: whatever would keep the file from being written then, but for a full disk.
    public init(_ path: String, createDirectories: Bool = true) throws(AtomicFileError) {
        self.path = path
        place = Guarded(try AtomicFile.Place(path, createDirectories: createDirectories))
    }

    deinit { discard() }

    /// Puts the content in place, once: of several writers the first.
    ///
    /// - Parameter name: its name in the same folder, where that is another than at first.
    /// - Returns: false where it was written or let go before.
    @discardableResult
    public func write(_ bytes: [UInt8], as name: String? = nil) throws(AtomicFileError) -> Bool {
        try place.withLock { place throws(AtomicFileError) in
            guard var taken = place.take() else { return false }
            try taken.finish(as: name) { file throws(AtomicFileError) in try file.append(bytes) }
            return true
        }
    }

    /// As ``write(_:as:)``, of a text.
    @discardableResult
    public func write(text: String, as name: String? = nil) throws(ResultsFileError) -> Bool {
        do throws(AtomicFileError) {
            return try write(Array(text.utf8), as: name)
        } catch {
            throw .unwritable(error)
        }
    }

    /// Lets the place go: nothing is left of it.
    public func discard() {
        place.withLock { place in
            guard var taken = place.take() else { return }
            taken.discard()
        }
    }
}

extension ReservedFile {
    /// Puts any JSON in place, pretty with a newline at the end.
    @discardableResult
    public func write(json: JSONValue, as name: String? = nil) throws(ResultsFileError) -> Bool {
        let text: String
        do throws(JSONEncodingError) {
            text = try json.jsonText(.pretty) + "\n"
        } catch {
            throw .unencodable(path: path, error)
        }
        return try write(text: text, as: name)
    }
}
