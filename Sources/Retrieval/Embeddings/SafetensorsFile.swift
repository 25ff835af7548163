import Platform

/// Hugging Face's format for named tensors: the length of a JSON header, the header, the numbers.
enum SafetensorsFile {
    private struct Entry: Decodable {
        var dtype: String
        var shape: [Int]
        var offsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    /// What the header says of one name: a tensor, or the metadata.
    private struct Member: Decodable {
        var entry: Entry?

        init(from decoder: any Decoder) throws {
            entry = try? Entry(from: decoder)
        }
    }

    static func matrix(
        _ bytes: [UInt8], file: String, tensor: String?
    ) throws(DataError) -> Matrix {
        func wrong(_ required: String, _ found: String) -> DataError {
            .impossible(
                "'\(file)' is no safetensors file of embeddings: required \(required), "
                    + "found \(found)")
        }
        guard bytes.count >= 8 else { throw wrong("a header", "\(bytes.count) bytes") }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else {
            throw wrong("a header of \(length) bytes", "the end of the file")
        }
        let start = 8 + Int(length)
        guard
            let members = try? JSONDecoder().decode(
                [String: Member].self, from: Data(bytes[8..<start]))
        else { throw wrong("a header of JSON", "another") }
        let entries = members.compactMapValues(\.entry)
        let names = entries.keys.sorted()
        guard let name = tensor ?? (names.count == 1 ? names.first : nil),
            let entry = entries[name]
        else {
            throw wrong(
                tensor.map { "a tensor '\($0)'" } ?? "'tensor' to name one of several tensors",
                names.isEmpty ? "none" : DataError.list(names))
        }
        let layouts: [String: NumberLayout] = [
            "F16": .half, "BF16": .brain, "F32": .single, "F64": .double,
        ]
        guard let layout = layouts[entry.dtype] else {
            throw wrong("floats in '\(name)'", entry.dtype)
        }
        guard entry.shape.count == 2, entry.shape.allSatisfy({ $0 > 0 }) else {
            throw wrong("two dimensions of '\(name)'", "the shape \(entry.shape)")
        }
        let count = entry.shape[0].multipliedReportingOverflow(by: entry.shape[1])
        let size = count.partialValue.multipliedReportingOverflow(by: layout.size)
        guard !count.overflow, !size.overflow, entry.offsets.count == 2,
            let first = entry.offsets.first, let last = entry.offsets.last, first >= 0,
            last >= first, last <= bytes.count - start, last - first == size.partialValue
        else {
            throw wrong(
                "\(entry.shape[0]) x \(entry.shape[1]) numbers of '\(name)' in the file",
                "the offsets \(entry.offsets)")
        }
        let values = layout.floats(
            bytes[(start + first)..<(start + last)], count: count.partialValue)
        guard values.allSatisfy(\.isFinite) else { throw wrong("finite numbers", "another") }
        return Matrix(rows: entry.shape[0], columns: entry.shape[1], values: values)
    }
}
