/// The first rows of a file of interactions, in whatever format it is.
struct InteractionSample {
    /// The source that reads the file.
    enum Form: Hashable {
        case delimited, jsonLines
        /// The columns that the file knows to be moments need no declaration.
        case parquet(moments: Set<String>)
        /// RecBole's, called by their path without the ending.
        case atomic(prefix: String)
    }

    let form: Form
    /// How it is written, where it is delimited text.
    let dialect: DelimitedDialect
    /// Nil where the first record may be one of names, or of values.
    private(set) var names: [String]?
    /// As many cells each as most have.
    private(set) var records: [[[UInt8]]]
    private(set) var badCount: Int
    let isWhole: Bool

    /// - Throws: ``DataError/unreadable(file:reason:)`` for what is no table, and for one of whose
    ///   rows too many are bad.
    init(path: String, in environment: DataEnvironment) throws(DataError) {
        let table = FileTable(path: path)
        let files = try table.files(in: environment).flatMap(\.files)
        // Of several, some may hold nothing.
        let file =
            files.first { (FileSystem.size(of: environment.resolve($0)) ?? 0) > 0 } ?? files.first
            ?? path
        if case .parquet = try Self.form(of: file, in: environment) {
            let sample = try ParquetSample(file, in: environment)
            form = .parquet(moments: sample.moments)
            dialect = DelimitedDialect()
            (names, records, badCount) = (sample.names, sample.records, 0)
            isWhole = sample.isWhole
            return
        }
        let bytes = try FileTable.bytes(of: file, in: environment, hashes: false)
        let window = try TextWindow(file: file, bytes: bytes)
        let text = window.place.bytes
        if text.prefix(4096).contains(0) {
            throw .unreadable(file: path, reason: TextFault.zeroBytes.reason)
        }
        switch text.first(where: { $0 > 0x20 && $0 < 0x80 }) {
        case UInt8(ascii: "{"):
            form = .jsonLines
            dialect = DelimitedDialect()
            (names, records, badCount) = Self.jsonLines(window)
            isWhole = window.isFinal
            guard !isWhole || records.count != 1 || !Self.holdsColumns(window) else {
                throw .unreadable(
                    file: path,
                    reason: "it is one object that holds all rows: write each row as a line (JSON "
                        + "Lines), as to_json(orient='records', lines=True) of pandas does")
            }
            guard names?.isEmpty == false else {
                if let first = text.split(separator: 0x0A, maxSplits: 1).first, first.count < 3 {
                    throw .unreadable(
                        file: path,
                        reason: "an object goes over several lines: write each as one line (JSON "
                            + "Lines), as jq -c . does")
                }
                throw .unreadable(
                    file: path,
                    reason: "its lines are no objects with texts or numbers: write each of the "
                        + "rows within as one line (JSON Lines), as jq -c '.NAME[]' does for those "
                        + "of a member NAME")
            }
        case UInt8(ascii: "[") where !path.hasSuffix(".inter"):
            throw .unreadable(
                file: path,
                reason: "it is one JSON array: write each of its objects as a line (JSON Lines), "
                    + "as jq -c '.[]' does")
        default:
            let atomic = path.hasSuffix(".inter")
            let sample = try DelimitedSample(of: window, delimiter: atomic ? "\t" : nil)
            form = atomic ? .atomic(prefix: String(path.dropLast(6))) : .delimited
            dialect = sample.dialect
            records = sample.records
            badCount = sample.badCount
            isWhole = sample.isWhole
            if atomic, let header = records.first {
                records.removeFirst()
                names = header.map { cell in
                    String(decoding: cell.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
                }
            }
        }
        guard badCount * 5 <= records.count else {
            throw .unreadable(
                file: path,
                reason: "\(badCount) of its first \(records.count + badCount) rows do not have the "
                    + "fields that the others have: it is no table of one kind of rows, or of a "
                    + "format that is not known here")
        }
    }

    private static func form(
        of file: String, in environment: DataEnvironment
    ) throws(DataError) -> FileForm {
        let bytes = try FileTable.bytes(of: file, in: environment, hashes: false)
        return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { buffer in
            let count = (try? bytes.read(into: buffer)) ?? 0
            return FileForm(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Whether the members of the first object hold values of several rows each, as pandas writes
    /// a table by its columns.
    private static func holdsColumns(_ window: TextWindow) -> Bool {
        let bytes = window.place.bytes
        let start = bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        var line = JSONLine(place: window.place, position: start, end: end)
        guard let members = try? line.object(), members.count > 1 else { return false }
        return members.allSatisfy { member in
            switch member.value {
            case .object(let values): values.count > 1
            case .list(let values): values.count > 1
            case .other: true
            case .text: false
            }
        }
    }

    /// The members of the first object, and their values in each line.
    private static func jsonLines(
        _ window: TextWindow
    ) -> (names: [String], records: [[[UInt8]]], bad: Int) {
        let place = window.place
        var names: [[UInt8]] = []
        var records: [[[UInt8]]] = []
        var bad = 0
        var position = 0
        while position < place.bytes.count, records.count < 100_000 {
            let end = place.bytes[position...].firstIndex(of: 0x0A) ?? place.bytes.count
            defer { position = end + 1 }
            if end == place.bytes.count, !window.isFinal { break }
            var line = JSONLine(place: place, position: position, end: end)
            line.skipSpaces()
            guard line.position < end else { continue }
            guard let members = try? line.object() else {
                bad += 1
                continue
            }
            let leaves = members.leaves
            if names.isEmpty { names = leaves.map(\.name) }
            records.append(names.map { name in leaves.first { $0.name == name }?.text ?? [] })
        }
        return (names.map { String(decoding: $0, as: UTF8.self) }, records, bad)
    }
}

extension [JSONLine.Member] {
    /// The values, those of objects within called by their path: `user.id`.
    fileprivate var leaves: [(name: [UInt8], text: [UInt8])] {
        flatMap { member -> [(name: [UInt8], text: [UInt8])] in
            guard case .object(let members) = member.value else {
                return member.value.text.map { [(member.name, $0)] } ?? []
            }
            return members.leaves.map { (member.name + [UInt8(ascii: ".")] + $0.name, $0.text) }
        }
    }
}

extension JSONLine.Value {
    /// One value, or a list in one text; nil for an object.
    fileprivate var text: [UInt8]? {
        switch self {
        case .text(let text): text
        case .list(let texts): Array(texts.joined(separator: [UInt8(ascii: "|")]))
        case .object, .other: nil
        }
    }
}
