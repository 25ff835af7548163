/// `${NAME}` and `${NAME:-default}` in the paths of a spec, and nowhere else.
enum EnvironmentReferences {
    enum Problem: Error {
        /// The variable is not set, and no default is given.
        case unset(String)
        /// A `${` without its `}` or without a name.
        case malformed
    }

    /// The text with every reference replaced. A variable that is set but empty has its default,
    /// as in a shell.
    static func expand(
        _ text: String, from environment: [String: String]
    ) throws(Problem) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else { throw .malformed }
            let reference = rest[..<end]
            rest = rest[rest.index(after: end)...]
            let separator = reference.firstRange(of: ":-")
            let name = String(reference[..<(separator?.lowerBound ?? reference.endIndex)])
            guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else { throw .malformed }
            let value = environment[name] ?? ""
            if !value.isEmpty {
                result += value
            } else if let separator {
                result += reference[separator.upperBound...]
            } else {
                throw .unset(name)
            }
        }
        return result + rest
    }
}
