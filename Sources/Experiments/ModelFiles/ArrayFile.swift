import Hashing
import Platform
import ResultsFormat
import Retrieval
import Safeguards

/// A file of named numbers in Hugging Face's safetensors format: the length of a JSON header in 8
/// bytes, the header, which says of each name its type, its shape and where its numbers stand, and
/// the numbers, little-endian, without gaps.
///
/// Of a file that is read nothing is believed: what its header says has to fit its size, and no two
/// tensors may share a byte.
enum ArrayFile {
    /// No header is longer.
    static let headerLimit = 64 << 20

    /// The types of the format that are written here.
    enum Kind: String {
        case floats = "F32"
        case doubles = "F64"
        case integers = "I64"
        case flags = "BOOL"

        var size: Int {
            switch self {
            case .floats: 4
            case .doubles, .integers: 8
            case .flags: 1
            }
        }
    }

    /// Where a header says that numbers stand.
    struct Entry {
        var name: String
        var kind: Kind
        var shape: [Int]
        /// Bytes after the header.
        var range: Range<Int>

        var count: Int { range.count / kind.size }

        /// Whether it is a number of tables of which ranks have parts.
        func isMade(of part: PartOfRows) -> Bool {
            let hasRows = kind == .floats && shape.count == 2 || kind == .flags && count > 0
            return hasRows && part.rows > 0 && shape[0].isMultiple(of: part.rows)
        }
    }

    // MARK: Writing

    /// Writes the numbers, those of eight bytes first, so that each stands at a multiple of its
    /// size.
    ///
    /// - Parameter ranks: those that each have a part of some arrays: the others ``contribute(_:to:)``
    ///   at the same time.
    static func write(
        _ arrays: NamedArrays, to file: inout FolderFile,
        _ ranks: any Communicator = SingleProcess()
    ) throws(AtomicFileError) {
        var failure: AtomicFileError?
        /// What others have to contribute is received even where it can no longer be written.
        func append(_ bytes: UnsafeRawBufferPointer) {
            guard failure == nil else { return }
            do throws(AtomicFileError) { try file.append(bytes) } catch { failure = error }
        }
        let ordered = ordered(arrays)
        let header = header(of: ordered)
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, append)
        Array(header.utf8).withUnsafeBytes(append)
        for array in ordered {
            if let part = array.part {
                ranks.gather(array.numbers, part, append)
            } else {
                array.numbers.withBytes(append)
            }
        }
        if let failure { throw failure }
    }

    /// Sends this rank's parts of arrays to the first rank, which writes them.
    static func contribute(_ arrays: NamedArrays, to ranks: any Communicator) {
        for array in ordered(arrays) {
            if let part = array.part { ranks.gather(array.numbers, part) { _ in } }
        }
    }

    /// An array, or this rank's part of it.
    private struct Written {
        var name: String
        var numbers: StateArray
        var part: PartOfRows?

        /// Of the whole.
        var shape: [Int] {
            guard let part else { return numbers.shape }
            return [part.tables * part.rows] + numbers.shape.dropFirst()
        }
    }

    /// In the order of the file.
    private static func ordered(_ arrays: NamedArrays) -> [Written] {
        arrays.names.compactMap { name in
            arrays[name].map { Written(name: name, numbers: $0, part: arrays.part(of: name)) }
        }
        .enumerated()
        .sorted {
            ($1.element.numbers.kind.size, $0.offset) < ($0.element.numbers.kind.size, $1.offset)
        }
        .map(\.element)
    }

    private static func header(of ordered: [Written]) -> String {
        var members = JSONObject()
        var end = 0
        for array in ordered {
            let start = end
            end += array.shape.reduce(array.numbers.kind.size, *)
            members[array.name] = [
                "dtype": .string(array.numbers.kind.rawValue),
                "shape": .array(array.shape.map(JSONValue.integer)),
                "data_offsets": [.integer(start), .integer(end)],
            ]
        }
        guard let header = try? JSONValue.object(members).jsonText(.compact) else {
            preconditionFailure("a header has whole numbers alone")
        }
        return header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    }

    // MARK: Reading

    /// Reads all numbers of a file.
    ///
    /// - Parameter part: which rows of an array stay, by its name; nil: all of them.
    static func read(
        _ file: inout ModelFile, keeping part: (String) -> PartOfRows? = { _ in nil }
    ) throws(ModelError) -> NamedArrays {
        guard file.size >= 8 else {
            throw file.damaged("the header", "a length of 8 bytes", "\(file.size) bytes")
        }
        let length = try file.bytes(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(headerLimit, file.size - 8)) else {
            throw file.damaged(
                "the header", "at most \(min(headerLimit, file.size - 8)) bytes", "\(length)")
        }
        let entries = try entries(of: try file.bytes(Int(length)), file)
        var arrays = NamedArrays()
        for entry in entries {
            let part = part(entry.name).flatMap { entry.isMade(of: $0) ? $0 : nil }
            if let part {
                arrays.add(try rows(of: entry, part, &file), as: entry.name, part)
            } else {
                arrays.add(try numbers(of: entry, &file), as: entry.name)
            }
        }
        return arrays
    }

    /// The rows of a part, without the whole in memory.
    private static func rows(
        of entry: Entry, _ part: PartOfRows, _ file: inout ModelFile
    ) throws(ModelError) -> StateArray {
        guard entry.kind == .floats else {
            guard case .flags(let flags) = try numbers(of: entry, &file) else {
                preconditionFailure("flags or floats have rows")
            }
            return .flags(flags.indices.filter { part.has($0 % part.rows) }.map { flags[$0] })
        }
        let columns = entry.shape[1]
        let own = part.count(below: part.rows, of: part.rank) * entry.shape[0] / part.rows
        var values: [Float] = []
        values.reserveCapacity(own * columns)
        let height = max(1, (1 << 18) / max(1, columns))
        for first in stride(from: 0, to: entry.shape[0], by: height) {
            let end = min(entry.shape[0], first + height)
            let piece = try file.numbers((end - first) * columns, of: Float.self)
            for row in first..<end where part.has(row % part.rows) {
                values += piece[(row - first) * columns..<(row - first + 1) * columns]
            }
        }
        return .matrix(Matrix(rows: own, columns: columns, values: values))
    }

    /// What the header says, in the order of the numbers, which it has to account for to the byte.
    private static func entries(
        of header: [UInt8], _ file: ModelFile
    ) throws(ModelError) -> [Entry] {
        let json: JSONValue
        do throws(JSONParseError) {
            json = try JSONValue(
                parsing: header, limits: JSONLimits(depth: 8, bytes: headerLimit))
        } catch {
            throw file.damaged("the header", "JSON", "\(error)")
        }
        guard let members = json.objectValue else {
            throw file.damaged("the header", "an object", json.kind)
        }
        var entries: [Entry] = []
        for member in members where member.key != "__metadata__" {
            entries.append(try entry(member.key, member.value, file))
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw file.damaged(
                    "tensor '\(entry.name)'", "numbers from byte \(end) on",
                    "\(entry.range.lowerBound)")
            }
            end = entry.range.upperBound
        }
        let room = file.size - 8 - header.count
        guard end == room else {
            throw file.damaged("the header", "\(room) bytes of numbers", "\(end)")
        }
        return entries
    }

    private static func entry(
        _ name: String, _ value: JSONValue, _ file: ModelFile
    ) throws(ModelError) -> Entry {
        let place = "tensor '\(name)'"
        guard let dtype = value["dtype"]?.stringValue, let kind = Kind(rawValue: dtype) else {
            throw file.damaged(
                place, "a dtype of F32, F64, I64 or BOOL", value["dtype"]?.shortText ?? "none")
        }
        guard let shape = value["shape"]?.arrayValue?.map(\.integerValue),
            (1...2).contains(shape.count), shape.allSatisfy({ $0 ?? -1 >= 0 })
        else {
            throw file.damaged(
                place, "a shape of one or two sizes", value["shape"]?.shortText ?? "none")
        }
        let sizes = shape.compactMap(\.self)
        guard let offsets = value["data_offsets"]?.arrayValue?.map(\.integerValue),
            offsets.count == 2, let start = offsets[0], let end = offsets[1], start >= 0,
            end >= start, end <= file.size
        else {
            throw file.damaged(
                place, "data_offsets within the file", value["data_offsets"]?.shortText ?? "none")
        }
        let count = sizes.reduce((partialValue: kind.size, overflow: false)) { product, size in
            let next = product.partialValue.multipliedReportingOverflow(by: size)
            return (next.partialValue, product.overflow || next.overflow)
        }
        guard !count.overflow, count.partialValue == end - start else {
            throw file.damaged(
                place, "\(sizes) numbers of \(kind.size) bytes", "\(end - start) bytes")
        }
        return Entry(name: name, kind: kind, shape: sizes, range: start..<end)
    }

    private static func numbers(
        of entry: Entry, _ file: inout ModelFile
    ) throws(ModelError) -> StateArray {
        switch entry.kind {
        case .floats:
            let values = try file.numbers(entry.count, of: Float.self)
            let (rows, columns) =
                entry.shape.count == 2
                ? (entry.shape[0], entry.shape[1]) : (1, entry.shape[0])
            return .matrix(Matrix(rows: rows, columns: columns, values: values))
        case .doubles: return .doubles(try file.numbers(entry.count, of: Double.self))
        case .integers: return .integers(try file.numbers(entry.count, of: Int64.self))
        case .flags:
            let bytes = try file.numbers(entry.count, of: UInt8.self)
            guard bytes.allSatisfy({ $0 <= 1 }) else {
                throw file.damaged("tensor '\(entry.name)'", "0 or 1 in each byte", "another")
            }
            return .flags(bytes.map { $0 == 1 })
        }
    }
}

extension StateArray {
    fileprivate var kind: ArrayFile.Kind {
        switch self {
        case .matrix: .floats
        case .doubles: .doubles
        case .integers: .integers
        case .flags: .flags
        }
    }

    fileprivate var shape: [Int] {
        switch self {
        case .matrix(let matrix): [matrix.rows, matrix.columns]
        case .doubles(let values): [values.count]
        case .integers(let values): [values.count]
        case .flags(let values): [values.count]
        }
    }

    /// The numbers as they stand in memory, which is little-endian on every machine that there is
    /// a Swift for.
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        switch self {
        case .matrix(let matrix): matrix.values.withUnsafeBytes(body)
        case .doubles(let values): values.withUnsafeBytes(body)
        case .integers(let values): values.withUnsafeBytes(body)
        case .flags(let values): values.map { $0 ? UInt8(1) : 0 }.withUnsafeBytes(body)
        }
    }
}

extension JSONValue {
    /// The value as a message shows it.
    var shortText: String {
        let text = (try? jsonText(.compact)) ?? kind
        return text.count > 60 ? text.prefix(57) + "…" : text
    }
}
