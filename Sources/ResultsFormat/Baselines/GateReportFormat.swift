/// The report of a check, as `check --json` writes it.
package enum GateReportFormat {
    package static let schemaVersion = 1

    /// Whether a value is such a report as far as its readers need it.
    ///
    /// - Throws: ``ResultsDecodingError`` naming the first member that is missing or wrong.
    package static func check(_ json: JSONValue) throws(ResultsDecodingError) {
        let root = JSONNode(json)
        try root.require(kind: "check", version: schemaVersion)
        _ = try root.required("outcome").string()
        _ = try root.required("cases").list { item throws(ResultsDecodingError) in
            _ = try item.required("experiment").string()
            _ = try item.required("configuration").string()
            _ = try item.optional("metric")?.string()
            _ = try item.required("verdict").string()
            _ = try item.optional("baseline")?.double()
            _ = try item.optional("candidate")?.double()
        }
    }
}
