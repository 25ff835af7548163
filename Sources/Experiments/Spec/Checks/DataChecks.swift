import Retrieval

extension SpecFindings {
    mutating func checkData() {
        let data = spec.data
        if data.query == data.candidate {
            warn(
                at: isWritten("data.candidate") ? "data.candidate" : "data.query",
                "'\(data.query)' both asks and is retrieved: every query has one candidate, itself")
        }
    }

    /// Whether the split has a validation part; nil where its fields do not tell.
    var hasValidationPart: Bool? {
        made(spec.data.split, in: catalog.splits)?.hasValidation
    }
}
