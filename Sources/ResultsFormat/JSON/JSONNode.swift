/// A value of another kind than the format asks for, or none.
public struct ResultsDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the value.
    public enum Problem: Hashable, Sendable {
        /// A member that must be there is not.
        case missing
        /// Another kind of value stands there.
        case wrongKind(expected: String, found: String)
        /// The right kind of value, but not one of the allowed ones.
        case invalid(expected: String, found: String)
        /// The document is of a version that this library does not know.
        case unknownVersion(Int, known: Int)
    }

    /// Where the value stands, or had to.
    public let path: JSONPath
    /// What is wrong with it.
    public let problem: Problem

    public var description: String {
        switch problem {
        case .missing:
            "\(path) is missing"
        case .wrongKind(let expected, let found):
            "\(path) must be \(expected), found \(found)"
        case .invalid(let expected, let found):
            "\(path) must be \(expected), found \(found)"
        case .unknownVersion(let version, let known):
            "\(path) is \(version), and only versions 1 to \(known) are known"
        }
    }
}

/// A value and where it stands, so that whoever reads it can say what is wrong with it.
struct JSONNode {
    let value: JSONValue
    let path: JSONPath

    init(_ value: JSONValue, at path: JSONPath = JSONPath()) {
        self.value = value
        self.path = path
    }

    func error(_ problem: ResultsDecodingError.Problem) -> ResultsDecodingError {
        ResultsDecodingError(path: path, problem: problem)
    }

    private func wrongKind(_ expected: String) -> ResultsDecodingError {
        error(.wrongKind(expected: expected, found: value.kind))
    }

    /// The member of an object; `nil` where it is absent or null.
    func optional(_ key: String) throws(ResultsDecodingError) -> JSONNode? {
        guard let members = value.objectValue else { throw wrongKind("an object") }
        guard let member = members[key], member != .null else { return nil }
        return JSONNode(member, at: path.appending(.key(key)))
    }

    /// The member of an object that must be there.
    func required(_ key: String) throws(ResultsDecodingError) -> JSONNode {
        if let member = try optional(key) { return member }
        throw ResultsDecodingError(path: path.appending(.key(key)), problem: .missing)
    }

    func string() throws(ResultsDecodingError) -> String {
        guard let text = value.stringValue else { throw wrongKind("a string") }
        return text
    }

    func integer() throws(ResultsDecodingError) -> Int {
        guard let number = value.integerValue else { throw wrongKind("an integer") }
        return number
    }

    func double() throws(ResultsDecodingError) -> Double {
        guard let number = value.doubleValue else { throw wrongKind("a number") }
        return number
    }

    /// Refuses an object of another `format`, or of a `format_version` beyond the one that is known.
    func check(format: String, version known: Int) throws(ResultsDecodingError) {
        let name = try required("format")
        guard try name.string() == format else {
            throw name.error(.invalid(expected: "'\(format)'", found: "'\(try name.string())'"))
        }
        let version = try required("format_version")
        guard (1...known).contains(try version.integer()) else {
            throw version.error(.unknownVersion(try version.integer(), known: known))
        }
    }

    /// The elements of an array, each read by a function.
    func list<Element>(
        _ read: (JSONNode) throws(ResultsDecodingError) -> Element
    ) throws(ResultsDecodingError) -> [Element] {
        guard let elements = value.arrayValue else { throw wrongKind("an array") }
        var list: [Element] = []
        for (index, element) in elements.enumerated() {
            list.append(try read(JSONNode(element, at: path.appending(.index(index)))))
        }
        return list
    }

    /// The members of an object, each read by a function.
    func map<Element>(
        _ read: (JSONNode) throws(ResultsDecodingError) -> Element
    ) throws(ResultsDecodingError) -> OrderedMap<Element> {
        guard let members = value.objectValue else { throw wrongKind("an object") }
        var map: [OrderedMap<Element>.Member] = []
        for member in members {
            let node = JSONNode(member.value, at: path.appending(.key(member.key)))
            map.append(.init(key: member.key, value: try read(node)))
        }
        return OrderedMap(distinct: map)
    }
}
