/// Tokens and their indices for an embedding: 0 stands for every token that is not in the
/// vocabulary, the tokens follow from 1 in the order given.
///
/// That is Keras's `StringLookup(vocabulary:, mask_token=None)` with its one out-of-vocabulary
/// index.
public struct Vocabulary: Hashable, Sendable {
    /// The index of tokens that are not in the vocabulary.
    public static let outOfVocabulary: Int32 = 0

    /// In order: `tokens[i]` has index `i + 1`.
    public let tokens: [String]
    private let indices: [String: Int32]

    /// - Throws: ``DataError/duplicateToken(token:first:second:)``.
    public init(_ tokens: [String]) throws(DataError) {
        var indices: [String: Int32] = [:]
        indices.reserveCapacity(tokens.count)
        for (position, token) in tokens.enumerated() {
            if let first = indices.updateValue(Int32(position + 1), forKey: token) {
                throw .duplicateToken(token: token, first: Int(first) - 1, second: position)
            }
        }
        self.tokens = tokens
        self.indices = indices
    }

    /// The tokens that a column holds, in the order in which its rows first show them.
    public init(of column: TokenColumn) {
        self.init(column.dictionary, shownBy: column.codes)
    }

    /// The tokens that some rows of a column hold, in the order in which they first show them:
    /// with the training rows, nothing of the test rows leaks in. Traps on a row that the column
    /// does not have.
    public init(of column: TokenColumn, rows: [Int32]) {
        self.init(column.dictionary, shownBy: rows.lazy.map { column.codes[Int($0)] })
    }

    /// The tokens that a column of lists holds, in the order in which its rows first show them.
    public init(of column: TokenListColumn) {
        self.init(column.dictionary, shownBy: column.codes)
    }

    private init(_ dictionary: [String], shownBy codes: some Sequence<Int32>) {
        var isShown = [Bool](repeating: false, count: dictionary.count)
        var tokens: [String] = []
        var indices: [String: Int32] = [:]
        for code in codes where !isShown[Int(code)] {
            isShown[Int(code)] = true
            let token = dictionary[Int(code)]
            tokens.append(token)
            indices[token] = Int32(tokens.count)
        }
        self.tokens = tokens
        self.indices = indices
    }

    /// Rows that an embedding of the vocabulary needs: the tokens and the one that stands for all
    /// others.
    public var size: Int { tokens.count + 1 }

    /// The index of a token, or ``outOfVocabulary``.
    public func index(of token: String) -> Int32 {
        indices[token] ?? Self.outOfVocabulary
    }

    /// The index of each row's token. One look-up per distinct token, then one load per row.
    public func lookup(_ column: TokenColumn) -> [Int32] {
        let indexByCode = indices(of: column.dictionary)
        return column.codes.map { indexByCode[Int($0)] }
    }

    /// The index of each token of each row, laid out as the column's ``TokenListColumn/codes``.
    public func lookup(_ column: TokenListColumn) -> [Int32] {
        let indexByCode = indices(of: column.dictionary)
        return column.codes.map { indexByCode[Int($0)] }
    }

    /// The index of each of the tokens.
    public func indices(of tokens: [String]) -> [Int32] {
        tokens.map { index(of: $0) }
    }
}
