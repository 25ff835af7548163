/// What a Swift file declares for others, and the words by which it may use what others declare.
struct SourceFile {
    /// Types, also those nested in the extension of another.
    private(set) var types: Set<String> = []
    /// Functions and variables outside of types.
    private(set) var functions: Set<String> = []
    /// Members of extensions, and the type that each extends.
    private(set) var extensionMembers: [(type: String, name: String)] = []
    /// Every function, variable and case, wherever it stands.
    private(set) var allNames: Set<String> = []
    /// Words that may name a type or a function.
    private(set) var words: Set<String> = []
    /// Words after a dot.
    private(set) var memberWords: Set<String> = []
    /// Words before a parenthesis and after no dot.
    private(set) var callWords: Set<String> = []

    private static let typeKeywords: Set = [
        "struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype",
    ]
    private static let valueKeywords: Set = ["func", "var", "let", "case"]

    init(_ source: String) {
        let tokens = SourceTokens(source).tokens
        // The type that the extension around a token extends.
        var extended: String?
        var ownTypes: Set<String> = []
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            let isHidden = (1...3).contains { back in
                index >= back && tokens[index - back].isHiding
                    && tokens[index - back].depth == token.depth
            }
            note(token, after: index > 0 ? tokens[index - 1].text : "")
            if token.depth == 0, Self.isDeclaring(token.text) {
                extended = nil
            }
            guard let next else { continue }
            if token.text == "extension", token.depth == 0 {
                extended = next.text
            } else if Self.typeKeywords.contains(token.text), next.text != "func" {
                ownTypes.insert(next.text)
                let isSeen = token.depth == 0 || extended != nil && token.depth == 1
                if isSeen && !isHidden { types.insert(next.text) }
            } else if Self.valueKeywords.contains(token.text) {
                allNames.insert(next.text)
                guard !isHidden, token.text != "case" else { continue }
                if token.depth == 0 { functions.insert(next.text) }
                if let extended, token.depth == 1 { extensionMembers.append((extended, next.text)) }
            }
        }
        words.subtract(ownTypes)
    }

    private mutating func note(_ token: SourceTokens.Token, after previous: String) {
        guard previous != "import" else { return }
        words.insert(token.text)
        if token.followsDot {
            memberWords.insert(token.text)
        } else if token.isCalled {
            callWords.insert(token.text)
        }
    }

    private static func isDeclaring(_ word: String) -> Bool {
        typeKeywords.contains(word) || valueKeywords.contains(word)
    }
}

extension SourceTokens.Token {
    /// `private` and its kin, but not `private(set)`.
    fileprivate var isHiding: Bool { (text == "private" || text == "fileprivate") && !isCalled }
}
