/// A column of strings, dictionary-encoded: row `r` holds `dictionary[Int(codes[r])]`.
///
/// Distinct tokens are few beside rows, so everything that depends only on the token (looking it
/// up in a vocabulary, joining a feature) is done once per distinct token and then per row by
/// number.
public struct TokenColumn: Hashable, Sendable {
    /// One code per row, each an index into ``dictionary``.
    public var codes: [Int32]
    /// Code → token. A reader fills it in order of first appearance; a selection of rows keeps
    /// it whole, so it may hold tokens that no row uses. Tokens are distinct.
    public var dictionary: [String]

    public init(codes: [Int32], dictionary: [String]) {
        self.codes = codes
        self.dictionary = dictionary
    }

    /// Encodes tokens in order of first appearance.
    public init(_ tokens: some Sequence<String>) {
        var known: [String: Int32] = [:]
        codes = []
        dictionary = []
        for token in tokens {
            if let code = known[token] {
                codes.append(code)
            } else {
                let code = Int32(dictionary.count)
                known[token] = code
                dictionary.append(token)
                codes.append(code)
            }
        }
    }

    public var count: Int { codes.count }

    /// The token of a row.
    public subscript(row: Int) -> String { dictionary[Int(codes[row])] }
}

/// A column in which each row holds any number of tokens, such as a film's genres.
///
/// Row `r` holds the codes `codes[offsets[r]..<offsets[r + 1]]`.
public struct TokenListColumn: Hashable, Sendable {
    /// Where each row starts in ``codes``; one more than there are rows, the first 0, ascending.
    public var offsets: [Int]
    /// The codes of all rows, one row after the other; each an index into ``dictionary``.
    public var codes: [Int32]
    /// Code → token; tokens are distinct.
    public var dictionary: [String]

    public init(offsets: [Int] = [0], codes: [Int32] = [], dictionary: [String]) {
        self.offsets = offsets
        self.codes = codes
        self.dictionary = dictionary
    }

    public var count: Int { offsets.count - 1 }

    /// The codes of a row.
    public func codes(of row: Int) -> ArraySlice<Int32> {
        codes[offsets[row]..<offsets[row + 1]]
    }

    /// The tokens of a row.
    public subscript(row: Int) -> [String] { codes(of: row).map { dictionary[Int($0)] } }

    /// Adds a row.
    public mutating func append(_ row: some Sequence<Int32>) {
        codes.append(contentsOf: row)
        offsets.append(codes.count)
    }
}

/// The values of one column, one per row.
public enum Column: Hashable, Sendable {
    /// One token a row.
    case tokens(TokenColumn)
    /// A list of tokens a row.
    case tokenLists(TokenListColumn)
    /// One integer a row; times are seconds since 1970.
    case integers([Int64])
    /// Numbers as they are written, as near as a double comes; a model takes them as floats.
    case numbers([Double])
    /// Moments of which some have parts of a second; without, moments are integers.
    case times(TimeColumn)

    /// Rows.
    public var count: Int {
        switch self {
        case .tokens(let column): column.count
        case .tokenLists(let column): column.count
        case .integers(let values): values.count
        case .numbers(let values): values.count
        case .times(let times): times.count
        }
    }

    /// What the column holds, as messages name it.
    public var kind: String {
        switch self {
        case .tokens: "tokens"
        case .tokenLists: "lists of tokens"
        case .integers: "integers"
        case .numbers: "numbers"
        case .times: "times"
        }
    }

    /// The column of the given rows, in their order; a row may be given more than once.
    /// Dictionaries are kept whole. Traps on a row that the column does not have.
    public func selecting(_ rows: [Int32]) -> Column {
        switch self {
        case .tokens(let column):
            return .tokens(
                TokenColumn(codes: column.codes.gathered(rows), dictionary: column.dictionary))
        case .tokenLists(let column):
            var selected = TokenListColumn(dictionary: column.dictionary)
            for row in rows { selected.append(column.codes(of: Int(row))) }
            return .tokenLists(selected)
        case .integers(let values): return .integers(values.gathered(rows))
        case .numbers(let values): return .numbers(values.gathered(rows))
        case .times(let times):
            return .times(
                TimeColumn(ticks: times.ticks.gathered(rows), perSecond: times.perSecond))
        }
    }

    /// The values of a column of integers, numbers or times, these in seconds, as near as a double
    /// comes; nil for tokens.
    public var doubles: [Double]? {
        switch self {
        case .numbers(let values): values
        case .integers(let values): values.map { Double($0) }
        case .times(let times): times.ticks.indices.map(times.seconds)
        case .tokens, .tokenLists: nil
        }
    }
}
