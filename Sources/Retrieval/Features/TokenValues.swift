/// A column of tokens or lists of tokens, each distinct value once.
struct TokenValues {
    /// The tokens of each distinct value.
    var lists: [[String]]
    /// The value of each key.
    var valueOfKey: [Int32]
    /// Whether rows are lists by nature.
    var areLists: Bool

    /// - Parameter separator: what stands between the tokens of a row; nil: a row is one token.
    /// - Throws: ``DataError/wrongColumn(name:table:required:found:)``.
    init(_ column: Column, name: String, separator: String?) throws(DataError) {
        switch column {
        case .tokens(let tokens):
            valueOfKey = tokens.codes
            guard let separator else {
                lists = tokens.dictionary.map { [$0] }
                areLists = false
                return
            }
            lists = tokens.dictionary.map { Self.split($0, separator) }
            areLists = true
        case .tokenLists(let column):
            if let separator {
                throw .impossible(
                    "'separator' cuts tokens into lists, but '\(name)' holds lists already; found "
                        + "'\(separator)'")
            }
            valueOfKey = (0..<column.count).map { Int32($0) }
            lists = (0..<column.count).map { column[$0] }
            areLists = true
        case .integers:
            throw .wrongColumn(
                name: name, table: "data", required: "tokens",
                found: "\(column.kind), which integer_lookup and hashing read")
        case .numbers, .times:
            throw .wrongColumn(
                name: name, table: "data", required: "tokens",
                found: "\(column.kind), which discretization and normalization read")
        }
    }

    /// The tokens of a row, without the spaces around them; an empty row has none.
    private static func split(_ text: String, _ separator: String) -> [String] {
        var tokens: [String] = []
        var rest = Substring(text)
        while let range = rest.firstRange(of: separator) {
            tokens.append(trimmed(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        tokens.append(trimmed(rest))
        return tokens.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        guard let first = text.firstIndex(where: { $0 != " " }),
            let last = text.lastIndex(where: { $0 != " " })
        else { return "" }
        return String(text[first...last])
    }

    /// How often each value stands among some keys.
    func occurrences(in keys: [Int32]) -> [Int] {
        var counts = [Int](repeating: 0, count: lists.count)
        for key in keys { counts[Int(valueOfKey[Int(key)])] += 1 }
        return counts
    }
}
