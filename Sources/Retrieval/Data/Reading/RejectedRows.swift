/// Rows that were left out, with their places and reasons, for a file of their own.
struct RejectedRows {
    private var text: [UInt8] = []
    private static let header = "file,line,column,required,found,row\n"
    /// A file that is bad from beginning to end need not be kept whole.
    static let limit = 1 << 28

    /// - Parameter row: the row as it stands in the file.
    mutating func add(_ error: DataError, _ row: Cell?) {
        let fields: [String]
        switch error {
        case .malformed(let place):
            fields = [
                place.file, "\(place.line)", "\(place.column)", place.required, place.found,
            ]
        case .badRow(let bad):
            fields = [
                "\(bad.file), \(bad.place)", "\(bad.row)", bad.column, bad.required, bad.found,
            ]
        default: return
        }
        guard text.count + (row?.count ?? 0) < Self.limit else { return }
        for field in fields {
            append(field.utf8)
            text.append(UInt8(ascii: ","))
        }
        if let row { append(row) }
        text.append(0x0A)
    }

    /// Adds rows that were left out behind these.
    mutating func append(_ more: RejectedRows) {
        guard text.count + more.text.count < Self.limit else { return }
        text += more.text
    }

    private mutating func append(_ field: some Sequence<UInt8>) {
        text.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { text.append(byte) }
            text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
    }

    /// Writes the file anew, whole or not at all.
    func write(to path: String) throws(DataError) {
        do {
            try FileSystem.makeFile(at: path) { file in
                try Array(Self.header.utf8).withUnsafeBytes(file.write)
                try text.withUnsafeBytes(file.write)
            }
        } catch {
            let reason = (error as? FileFailure)?.reason ?? "\(error)"
            throw .unreadable(file: path, reason: "the rejected rows cannot be written: \(reason)")
        }
    }
}
