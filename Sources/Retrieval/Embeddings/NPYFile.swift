import Safeguards

/// NumPy's format for one array: a magic string, a version, a header that is a Python dictionary,
/// and the numbers.
enum NPYFile {
    static func matrix(_ bytes: [UInt8], file: String) throws(DataError) -> Matrix {
        func wrong(_ required: String, _ found: String) -> DataError {
            .impossible(
                "'\(file)' is no NumPy file of embeddings: required \(required), found \(found)")
        }
        guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw wrong("NumPy's magic string", "\(bytes.count) other bytes")
        }
        let lengthBytes = bytes[6] == 1 ? 2 : 4
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + lengthBytes + length
        guard start <= bytes.count else {
            throw wrong("a header of \(length) bytes", "the end of the file")
        }
        let header = String(decoding: bytes[(8 + lengthBytes)..<start], as: UTF8.self)
        guard let type = value(of: "descr", in: header), type.count == 5,
            let order = value(of: "fortran_order", in: header),
            let shape = value(of: "shape", in: header)
        else {
            throw wrong(
                "a header with descr, fortran_order and shape",
                Confinement.content("'\(header.prefix(80))'"))
        }
        let layouts: [Substring: NumberLayout] = ["f2": .half, "f4": .single, "f8": .double]
        guard let layout = layouts[type.dropFirst(2).dropLast()] else {
            throw wrong("floats of 2, 4 or 8 bytes", type)
        }
        let sizes = shape.split { "(), ".contains($0) }.map { Int($0) }
        guard sizes.count == 2, let rows = sizes[0], let columns = sizes[1] else {
            throw wrong("an array of two dimensions", "the shape \(shape)")
        }
        let numbers = rows.multipliedReportingOverflow(by: columns)
        let size = numbers.partialValue.multipliedReportingOverflow(by: layout.size)
        guard !numbers.overflow, !size.overflow, columns > 0, rows > 0,
            bytes.count - start == size.partialValue
        else {
            throw wrong("\(rows) x \(columns) numbers", "\(bytes.count - start) bytes")
        }
        let values = layout.floats(
            bytes[start...], count: numbers.partialValue, isBigEndian: type.dropFirst().first == ">"
        )
        guard values.allSatisfy(\.isFinite) else { throw wrong("finite numbers", "another") }
        guard order == "True" else { return Matrix(rows: rows, columns: columns, values: values) }
        return Matrix(rows: columns, columns: rows, values: values).transposed
    }

    /// The text after a key of the header, up to the comma that ends it.
    private static func value(of key: String, in header: String) -> String? {
        guard let quoted = header.firstRange(of: "'\(key)'") else { return nil }
        let rest = header[quoted.upperBound...].drop { $0 == ":" || $0 == " " }
        let isTuple = rest.first == "("
        guard let end = rest.firstIndex(where: { isTuple ? $0 == ")" : $0 == "," || $0 == "}" })
        else { return nil }
        return String(rest[..<end]) + (isTuple ? ")" : "")
    }
}

extension Matrix {
    var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result[column, row] = self[row, column] }
        }
        return result
    }
}
