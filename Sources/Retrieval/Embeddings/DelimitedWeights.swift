/// Embeddings as text: a token and its numbers on each line, as GloVe and word2vec write them.
///
/// A first line whose second field is no number, or which has two fields alone (word2vec's counts),
/// is a header. A token may stand in double quotes, a quote in it doubled.
enum DelimitedWeights {
    static func parse(
        _ bytes: [UInt8], file: String, separator: UInt8
    ) throws(DataError) -> PretrainedWeights.Contents {
        var tokens: [String] = []
        var values: [Float] = []
        var width: Int?
        for (index, line) in try LineFile.lines(bytes, file: file).enumerated() {
            guard !line.isEmpty else { continue }
            func malformed(_ required: String, _ found: String) -> DataError {
                .malformed(
                    MalformedData(
                        file: file, line: index + 1, column: 1, required: required, found: found))
            }
            guard let (token, rest) = split(line, separator) else {
                throw malformed("a closing quote", "the end of the line")
            }
            var fields = rest.utf8.split(
                separator: separator, omittingEmptySubsequences: separator == 32)
            if fields.last?.isEmpty == true && separator != 32 { fields.removeLast() }
            let numbers = fields.map { Float(Substring($0)) }
            if index == 0 && (fields.count == 1 && separator == 32 || numbers.first == .some(nil)) {
                continue
            }
            if let wrong = numbers.firstIndex(where: { $0?.isFinite != true }) {
                throw malformed(
                    "a finite number as field \(wrong + 2)",
                    "'\(String(Substring(fields[wrong])).prefix(40))'")
            }
            guard !numbers.isEmpty, numbers.count == width ?? numbers.count else {
                throw malformed(
                    "a token and \(width.map { "\($0) numbers" } ?? "its numbers")",
                    "\(numbers.count) numbers")
            }
            width = numbers.count
            tokens.append(token)
            values += numbers.compactMap { $0 }
        }
        guard let width else {
            throw .malformed(
                MalformedData(
                    file: file, line: 1, column: 1, required: "a token and its numbers",
                    found: "nothing"))
        }
        return PretrainedWeights.Contents(
            rows: Matrix(rows: tokens.count, columns: width, values: values), tokens: tokens)
    }

    /// The token and what follows its separator; nil for a quote that is never closed.
    private static func split(_ line: String, _ separator: UInt8) -> (String, Substring)? {
        let bytes = line.utf8
        guard bytes.first == UInt8(ascii: "\""), separator != 32 else {
            let end = bytes.firstIndex(of: separator) ?? bytes.endIndex
            let rest = end == bytes.endIndex ? bytes[end...] : bytes[bytes.index(after: end)...]
            return (String(Substring(bytes[..<end])), Substring(rest))
        }
        var token: [UInt8] = []
        var index = bytes.index(after: bytes.startIndex)
        while index < bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            guard byte == UInt8(ascii: "\"") else {
                token.append(byte)
                continue
            }
            if index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") {
                token.append(byte)
                index = bytes.index(after: index)
                continue
            }
            if index < bytes.endIndex, bytes[index] == separator {
                index = bytes.index(after: index)
            }
            return (String(decoding: token, as: UTF8.self), Substring(bytes[index...]))
        }
        return nil
    }
}
