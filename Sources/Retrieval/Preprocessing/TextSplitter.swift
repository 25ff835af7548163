/// Cuts texts into tokens as `tf.keras.layers.TextVectorization` does: standardise, split, join to
/// n-grams.
public struct TextSplitter: Sendable {
    /// What becomes of a text before it is split.
    public enum Standardize: String, FieldChoice {
        /// Both of the following.
        case lowerAndStripPunctuation = "lower_and_strip_punctuation"
        /// ASCII letters become lower-case.
        case lower
        /// ASCII punctuation is taken out.
        case stripPunctuation = "strip_punctuation"
        /// Nothing.
        case none
    }

    /// Where a text is cut.
    public enum Split: String, FieldChoice {
        /// At runs of ASCII white space; other spaces, such as the no-break space, do not split.
        case whitespace
        /// Into Unicode scalars.
        case character
        /// Not at all.
        case none
    }

    /// What becomes of a text before it is split.
    public var standardize: Standardize
    public var split: Split
    /// The lengths of the n-grams, in the order in which they follow one another; empty: tokens
    /// as they are.
    public var ngrams: [Int]

    public init(
        standardize: Standardize = .lowerAndStripPunctuation, split: Split = .whitespace,
        ngrams: [Int] = []
    ) {
        self.standardize = standardize
        self.split = split
        self.ngrams = ngrams
    }

    /// What Keras strips.
    private static let punctuation = Set("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'".utf8)

    /// The tokens of a text, in order; none of an empty one.
    public func tokens(of text: String) -> [String] {
        let tokens = pieces(of: standardized(text))
        guard !ngrams.isEmpty else { return tokens }
        return ngrams.flatMap { length in
            guard length >= 1, tokens.count >= length else { return [String]() }
            return (0...(tokens.count - length)).map {
                tokens[$0..<($0 + length)].joined(separator: " ")
            }
        }
    }

    /// Lower case is ASCII's alone.
    private func standardized(_ text: String) -> String {
        let lowers = standardize == .lower || standardize == .lowerAndStripPunctuation
        let strips = standardize == .stripPunctuation || standardize == .lowerAndStripPunctuation
        guard lowers || strips else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if strips && Self.punctuation.contains(byte) { continue }
            let isUpper = lowers && byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            bytes.append(isUpper ? byte + 32 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func pieces(of text: String) -> [String] {
        switch split {
        case .none: [text]
        case .character: text.unicodeScalars.map { String($0) }
        case .whitespace:
            // Space, and horizontal tab to carriage return.
            text.utf8.split { $0 == 32 || (9...13).contains($0) }.map { String(Substring($0)) }
        }
    }
}
