/// Texts as lists of indices, as `tf.keras.layers.TextVectorization` makes them: index 0 pads, 1
/// stands for tokens out of vocabulary.
public struct TextVectorizer: Sendable {
    /// How a text becomes tokens.
    public let splitter: TextSplitter
    /// The tokens' indices; 0 is padding, 1 what is out of vocabulary.
    public let lookup: IndexLookup<UTF8Token>
    /// What every list is cut or filled up to; nil: lists are as long as their texts.
    public let outputSequenceLength: Int?

    /// The lookup's options that Keras fixes: the empty string masks, one index is out of
    /// vocabulary.
    public static func lookupOptions(
        maxTokens: Int? = nil, outputMode: OutputMode = .int, padToMaxTokens: Bool = false,
        minFrequency: Int = 1
    ) -> IndexLookup<UTF8Token>.Options {
        var options = IndexLookup<UTF8Token>.Options(oovToken: UTF8Token("[UNK]"))
        options.maskToken = UTF8Token("")
        options.maxTokens = maxTokens
        options.outputMode = outputMode
        options.padToMaxTokens = padToMaxTokens
        options.minFrequency = minFrequency
        return options
    }

    /// - Throws: ``DataError/impossible(_:)`` for a length of lists that are not given out.
    public init(
        splitter: TextSplitter, lookup: IndexLookup<UTF8Token>, outputSequenceLength: Int? = nil
    ) throws(DataError) {
        if outputSequenceLength != nil && lookup.options.outputMode != .int {
            throw .impossible(
                "'output_sequence_length' is only for the output mode int; found "
                    + lookup.options.outputMode.rawValue)
        }
        self.splitter = splitter
        self.lookup = lookup
        self.outputSequenceLength = outputSequenceLength
    }

    /// The indices of a text; the mask token's are dropped where the output has no slot for it.
    public func indices(of text: String) throws(DataError) -> [Int32] {
        var indices: [Int32] = []
        for token in splitter.tokens(of: text) {
            if let index = try lookup.index(of: UTF8Token(token)) { indices.append(index) }
        }
        guard let length = outputSequenceLength else { return indices }
        return Array(indices.prefix(length))
            + [Int32](repeating: 0, count: max(0, length - indices.count))
    }
}
