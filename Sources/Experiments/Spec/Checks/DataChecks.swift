import Retrieval

extension SpecFindings {
    mutating func checkData() {
        let data = spec.data
        if data.query == data.candidate {
            warn(
                at: isWritten("data.candidate") ? "data.candidate" : "data.query",
                "'\(data.query)' both asks and is retrieved: every query has one candidate, itself")
        }
        if let field = data.partsField, !["files", "column"].contains(data.split.name) {
            error(
                at: isWritten("data.split") ? "data.split" : "data",
                "'\(field)' gives the parts as files, which 'split: files' takes; the split is "
                    + "'\(data.split.name)', which would mix them (one pattern as 'path' reads files "
                    + "that are no parts)")
        }
    }

    /// Whether the split has a validation part; nil where its fields do not tell.
    var hasValidationPart: Bool? {
        made(spec.data.split, in: catalog.splits)?.hasValidation
    }
}

extension DataSection {
    /// The field by which the source gives parts as files; nil where it does not.
    fileprivate var partsField: String? {
        if case .list(let names)? = source.values["benchmark_filename"], !names.isEmpty {
            return "benchmark_filename"
        }
        if case .object(let table)? = source.values["interactions"],
            case .string? = table["test_path"]
        {
            return "test_path"
        }
        return nil
    }
}
