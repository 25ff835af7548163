extension JSONNode {
    func boolean() throws(ResultsDecodingError) -> Bool {
        guard let value = value.boolValue else {
            throw error(.wrongKind(expected: "a boolean", found: value.kind))
        }
        return value
    }

    /// A string that is one of a few names.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(ResultsDecodingError) -> Choice where Choice.RawValue == String {
        let text = try string()
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw error(.invalid(expected: allowed, found: "'\(text)'"))
        }
        return choice
    }

    /// Checks what kind of document this is and that its version is known.
    func require(kind: String, version known: Int) throws(ResultsDecodingError) {
        let versionNode = try required("schema_version")
        let version = try versionNode.integer()
        guard (1...known).contains(version) else {
            throw versionNode.error(.unknownVersion(version, known: known))
        }
        let kindNode = try required("kind")
        let found = try kindNode.string()
        guard found == kind else {
            throw kindNode.error(.invalid(expected: "'\(kind)'", found: "'\(found)'"))
        }
    }

    func numbers() throws(ResultsDecodingError) -> [Double] {
        try list { element throws(ResultsDecodingError) in try element.double() }
    }

    /// An integer of at least a value, and no more than any memory holds.
    func count(from least: Int = 0) throws(ResultsDecodingError) -> Int {
        let number = try integer()
        guard (least...(1 << 48)).contains(number) else {
            throw error(
                .invalid(expected: "at least \(least) and at most \(1 << 48)", found: "\(number)"))
        }
        return number
    }
}
