import Foundation
import TestSupport

/// A public declaration as a source file has it, read line by line: enough for sources that are
/// formatted, as these are.
struct PublicDeclaration {
    var file: String
    /// From 1.
    var line: Int
    /// The declaration's first line.
    var text: String
    /// Such as `func` or `struct`.
    var keyword: String
    var name: String
    /// The comment right above it; empty where there is none.
    var comment: String
    /// Whether it is a requirement of a protocol.
    var isRequirement: Bool

    /// Those of the Swift files of a folder of the repository.
    static func all(in folder: String) throws -> [PublicDeclaration] {
        let path = Repository.file(folder).path
        let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
            var reader = DeclarationReader(file: "\(folder)/\(file)")
            for line in try Repository.text(of: "\(folder)/\(file)")
                .split(separator: "\n", omittingEmptySubsequences: false)
            { reader.read(String(line)) }
            return reader.found
        }
    }
}

/// Goes through a file with the types that it is inside of.
private struct DeclarationReader {
    private struct Scope {
        var keyword: String
        var isPublic: Bool
        var depth: Int
    }

    let file: String
    private(set) var found: [PublicDeclaration] = []
    private var line = 0
    private var depth = 0
    private var isInText = false
    private var comment: [String] = []
    private var scopes: [Scope] = []

    init(file: String) { self.file = file }

    private static let types: Set = ["struct", "enum", "class", "actor", "protocol", "extension"]
    private let declaration =
        #/
        \s*(?:@\w+(?:\([^)]*\))?\s+)*
        (?<modifiers>(?:(?:public|package|private|fileprivate|internal)(?:\(set\))?\s+)*)
        (?:(?:static|mutating|final|indirect|consuming|nonisolated|override|convenience)\s+)*
        (?<keyword>func|var|let|init|subscript|struct|enum|class|actor|protocol|typealias
            |associatedtype|case|extension)\b\s*
        `?(?<name>\w*)
        /#

    mutating func read(_ whole: String) {
        line += 1
        let delimiters = whole.components(separatedBy: "\"\"\"").count - 1
        if delimiters % 2 == 1 { isInText.toggle() }
        // Within a text nothing is declared; its last line may end a call.
        if isInText, delimiters == 0 { return }
        let trimmed = whole.trimmingCharacters(in: .whitespaces)
        if trimmed.hasPrefix("///") {
            comment.append(trimmed)
            return
        }
        let code = Self.code(of: whole)
        if let match = whole.prefixMatch(of: declaration)?.output {
            declare(
                modifiers: match.modifiers, keyword: String(match.keyword),
                name: match.keyword == "subscript" ? "subscript" : String(match.name), trimmed,
                opens: code.contains("{"))
        }
        if !trimmed.hasPrefix("@") { comment = [] }
        for character in code {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
        }
        while let scope = scopes.last, depth <= scope.depth { scopes.removeLast() }
    }

    private mutating func declare(
        modifiers: Substring, keyword: String, name: String, _ text: String, opens: Bool
    ) {
        let scope = scopes.last
        guard depth == scope.map({ $0.depth + 1 }) ?? 0 else { return }
        let isRequirement = scope?.keyword == "protocol" && scope?.isPublic == true
        let isCase = keyword == "case" && scope?.keyword == "enum" && scope?.isPublic == true
        let isPublic = modifiers.split(separator: " ").contains("public")
        if keyword != "extension", isPublic || isRequirement || isCase {
            found.append(
                PublicDeclaration(
                    file: file, line: line, text: text, keyword: keyword, name: name,
                    comment: comment.joined(separator: "\n"), isRequirement: isRequirement))
        }
        if opens, Self.types.contains(keyword) {
            scopes.append(Scope(keyword: keyword, isPublic: isPublic, depth: depth))
        }
    }

    /// A line without its texts and comments, whose braces are none of the code's.
    private static func code(of line: String) -> Substring {
        let withoutTexts = line.replacing(#/"(\\.|[^"\\])*"/#, with: "")
        return withoutTexts.firstRange(of: "//").map { withoutTexts[..<$0.lowerBound] }
            ?? withoutTexts[...]
    }
}
