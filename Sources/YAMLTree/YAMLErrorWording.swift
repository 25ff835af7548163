extension YAMLError.Kind {
    /// The error in words: one sentence without a full stop.
    var message: String {
        switch self {
        case .missingFile: "there is no such file"
        case .directory: "this is a directory, not a file"
        case .notARegularFile: "this is not a regular file but a device, pipe or socket"
        case .unreadableFile(let reason): "the file cannot be read: \(reason)"
        case .tooLarge(let maximum): "the text is longer than \(maximum) bytes"

        case .notUTF8: "the text begins with the mark of UTF-16 or UTF-32; save it as UTF-8"
        case .invalidUTF8(let byte): "the byte 0x\(hexadecimal(byte, 2)) is not valid UTF-8 here"
        case .forbiddenCharacter(let character): forbidden(character)

        case .emptyFile: "the file is empty"
        case .noContent: "the file holds no value, only comments or document markers"
        case .severalDocuments: "a second document begins here; a file may hold only one"
        case .tabIndentation: "a tab cannot indent YAML; use spaces"
        case .syntax(let message): message
        case .outOfMemory: "there is not enough memory to read this"

        case .tooDeep(let maximum): "collections are nested deeper than \(maximum) levels"
        case .tooManyNodes(let maximum): "there are more than \(maximum) values, aliases expanded"
        case .duplicateKey(let key, let line):
            "the key \(DisplayText.quoted(key)) is given twice; it is first given on line \(line)"
        case .keyIsCollection: "a key must be a scalar, not a list or a mapping"
        case .undefinedAlias(let name):
            "no anchor stands before the alias \(DisplayText.quoted("*" + name))"
        case .recursiveAlias(let name):
            "the alias \(DisplayText.quoted("*" + name)) stands inside what it means"
        case .invalidMerge: "'<<' merges a mapping or a list of mappings and nothing else"
        case .unknownTag(let tag):
            "the tag \(DisplayText.quoted(tag)) is unknown; "
                + "there is !!null, !!bool, !!int, !!float, !!str, !!seq and !!map"
        case .tagMismatch(let tag, let text):
            "the tag \(tag) does not fit " + (text.map { DisplayText.quoted($0) } ?? "a collection")
        }
    }

    private func forbidden(_ character: Unicode.Scalar) -> String {
        let digits = hexadecimal(character.value, 4)
        if character == "\0" { return "the character U+0000 is not allowed; is this UTF-8 text?" }
        let escape = character.value < 0x100 ? "\\x\(digits.suffix(2))" : "\\u\(digits)"
        return "the character U+\(digits) is not allowed; write \(escape) in double quotes"
    }

    private func hexadecimal(_ value: some BinaryInteger, _ digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
