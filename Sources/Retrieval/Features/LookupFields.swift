/// The fields that lookups have in common, Keras's names.
enum LookupFields {
    static let numOOVIndices = Field<Int>(
        "num_oov_indices", default: 1, .between(0, and: 1 << 24),
        "Indices for tokens out of vocabulary; with 0 such a token is an error.")
    static let maxTokens = Field<Int?>(
        "max_tokens", optional: .between(2, and: 1 << 30),
        "The most indices, special ones included: the tokens that stand most often stay.")
    static let minFrequency = Field<Int?>(
        "min_frequency", optional: .atLeast(1),
        "How often a token must stand in the training interactions to be learned.")
    static let padToMaxTokens = Field<Bool>(
        "pad_to_max_tokens", default: false,
        "Whether encodings are max_tokens wide even where the vocabulary is smaller.")
    static let idfWeights = Field<[Double]?>(
        "idf_weights", type: .optional(.list(.number(.any), count: .atLeast(1))), default: .null,
        "The weight of each token of a given vocabulary, for the output mode tf_idf.")

    static func options<Token>(
        _ values: FieldValues, oovToken: Token
    ) -> IndexLookup<Token>.Options {
        var options = IndexLookup<Token>.Options(oovToken: oovToken)
        options.numOOVIndices = values[numOOVIndices]
        options.maxTokens = values[maxTokens]
        options.minFrequency = values[minFrequency] ?? 0
        options.padToMaxTokens = values[padToMaxTokens]
        options.outputMode = values[CategoricalOutput.modeField]
        return options
    }
}

extension LookupFields {
    /// What can be told of a lookup without data: its options, and a vocabulary in place.
    static func check<Token>(
        _ options: IndexLookup<Token>.Options, tokens: [Token]?, isGiven: Bool,
        idfWeights: [Double]?
    ) throws(DataError) {
        try IndexLookup.check(options)
        if options.padToMaxTokens, options.outputMode == .int {
            throw .impossible("'pad_to_max_tokens' is for output modes other than int")
        }
        if isGiven, options.minFrequency > 1 {
            throw .impossible("'min_frequency' is for a vocabulary that is learned; one is given")
        }
        if let tokens {
            _ = try IndexLookup(
                vocabulary: tokens, idfWeights: idfWeights?.map { Float($0) }, options)
        } else if idfWeights != nil, !isGiven {
            throw .impossible("'idf_weights' requires a vocabulary that is given")
        }
    }
}

/// A vocabulary as a spec gives it: in place, or as a file.
public enum VocabularyChoice: FieldConvertible {
    /// The tokens themselves, in the order of their indices.
    case tokens([String])
    /// A file with a token on each line.
    case file(String)

    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .string(let path): self = .file(path)
        case .list(let values):
            var tokens: [String] = []
            for value in values {
                switch value {
                case .string(let token): tokens.append(token)
                case .integer(let number): tokens.append(String(number))
                default: return nil
                }
            }
            self = .tokens(tokens)
        default: return nil
        }
    }

    public var fieldValue: FieldValue {
        switch self {
        case .tokens(let tokens): .list(tokens.map(FieldValue.string))
        case .file(let path): .string(path)
        }
    }

    /// The tokens, if they are given in place.
    var tokens: [String]? {
        if case .tokens(let tokens) = self { tokens } else { nil }
    }

    func tokens(in environment: DataEnvironment) throws(DataError) -> [String] {
        switch self {
        case .tokens(let tokens): return tokens
        case .file(let path):
            let lines = try LineFile.lines(of: path, in: environment)
            guard !lines.isEmpty else {
                throw .malformed(
                    MalformedData(
                        file: path, line: 1, column: 1, required: "a token on each line",
                        found: "an empty file"))
            }
            return lines
        }
    }
}
