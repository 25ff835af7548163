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
    }

    // MARK: Writing

    /// Writes the numbers, those of eight bytes first, so that each stands at a multiple of its
    /// size.
    static func write(
        _ arrays: NamedArrays, to file: inout FolderFile
    ) throws(AtomicFileError) {
        let ordered = arrays.names.compactMap { name in arrays[name].map { (name, $0) } }
            .enumerated()
            .sorted { ($1.element.1.kind.size, $0.offset) < ($0.element.1.kind.size, $1.offset) }
            .map(\.element)
        var members = JSONObject()
        var end = 0
        for (name, array) in ordered {
            let start = end
            end += array.byteCount
            members[name] = [
                "dtype": .string(array.kind.rawValue),
                "shape": .array(array.shape.map(JSONValue.integer)),
                "data_offsets": [.integer(start), .integer(end)],
            ]
        }
        guard var header = try? JSONValue.object(members).jsonText(.compact) else {
            preconditionFailure("a header has whole numbers alone")
        }
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var failure: AtomicFileError?
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes in
            do throws(AtomicFileError) { try file.append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        try file.append(header)
        for (_, array) in ordered {
            array.withBytes { bytes in
                do throws(AtomicFileError) { try file.append(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    // MARK: Reading

    /// Reads all numbers of a file.
    static func read(_ file: inout ModelFile) throws(ModelError) -> NamedArrays {
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
        var read: [String: StateArray] = [:]
        for entry in entries { read[entry.name] = try numbers(of: entry, &file) }
        for entry in entries {
            if let array = read[entry.name] { arrays.add(array, as: entry.name) }
        }
        return arrays
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

    fileprivate var byteCount: Int { shape.reduce(kind.size, *) }

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
