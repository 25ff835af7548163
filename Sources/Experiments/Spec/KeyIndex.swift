import Retrieval

/// Where in a spec a key belongs that stands in the wrong place, for "did you mean".
struct KeyIndex {
    let catalog: Catalog

    /// The dotted paths of the fields with this name or synonym, in the order of the spec. Fields
    /// inside lists have no path of their own and are left out, as are whole sections.
    func paths(of key: String) -> [String] {
        var found: [String] = []
        search(ExperimentSpec.description.fields, at: "", depth: 0, for: key, &found)
        return found
    }

    private func search(
        _ fields: [FieldDescription], at prefix: String, depth: Int, for key: String,
        _ found: inout [String]
    ) {
        // A component may have a field of its own kind; no spec nests as deep as this.
        guard depth < 4 else { return }
        for field in fields {
            let path = prefix + field.name
            switch field.type {
            case .object(let object):
                search(object.fields, at: path + ".", depth: depth + 1, for: key, &found)
            case .component(let slot):
                let own = catalog.descriptions(of: slot.kind).flatMap(\.fields)
                search(
                    slot.commonFields + own, at: path + ".", depth: depth + 1, for: key, &found)
            default:
                let isMeant = field.name == key || field.synonyms.contains(key)
                if isMeant && !found.contains(path) { found.append(path) }
            }
        }
    }
}
