extension JSONValue {
    /// An object of the members that are there.
    static func record(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(
            JSONObject(
                distinct: members.compactMap { key, value in
                    value.map { JSONObject.Member(key: key, value: $0) }
                }))
    }
}

extension JSONNode {
    /// The member of an object read by a function; `nil` where it is absent or null.
    func optional<Record>(
        _ key: String, _ read: (JSONNode) throws(ResultsDecodingError) -> Record
    ) throws(ResultsDecodingError) -> Record? {
        guard let node = try optional(key) else { return nil }
        return try read(node)
    }

    func strings() throws(ResultsDecodingError) -> [String] {
        try list { element throws(ResultsDecodingError) in try element.string() }
    }

    func integers() throws(ResultsDecodingError) -> OrderedMap<Int> {
        try map { member throws(ResultsDecodingError) in try member.integer() }
    }

    func doubles() throws(ResultsDecodingError) -> OrderedMap<Double> {
        try map { member throws(ResultsDecodingError) in try member.double() }
    }
}
