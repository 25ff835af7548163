import Retrieval

/// The catalogue as `tfrs-run list` and `tfrs-run explain` tell it.
public struct CatalogText: Sendable {
    /// The components that are told of.
    public let catalog: Catalog

    public init(catalog: Catalog) {
        self.catalog = catalog
    }

    /// Why a question has no answer, with what may have been meant.
    public struct Unknown: Error, CustomStringConvertible {
        public var description: String
    }

    // MARK: list

    /// The components of some families, or of all: a line each.
    ///
    /// - Parameter family: a family in the plural or the singular, or the last word of its name:
    ///   `losses`, `metrics`, `data_sources`, `sources`.
    public func list(_ family: String?) throws(Unknown) -> String {
        let all = SpecOutline(catalog: catalog).kinds
        let chosen: [AnyComponentKind]
        if let family {
            let word = family.lowercased().replacing("_", with: " ").replacing("-", with: " ")
            chosen = all.filter { $0.isCalled(word) }
            guard !chosen.isEmpty else {
                let names = all.map { $0.pluralNoun.replacing(" ", with: "_") }
                let meant = Suggestion.closest(to: family, among: names + ["metrics"])
                throw Unknown(
                    description: "there is no list of '\(family)'; "
                        + (meant.map { "did you mean '\($0)'?" }
                            ?? "there are \(names.joined(separator: ", "))"))
            }
        } else {
            chosen = all
        }
        return chosen.map { kind in
            let rows = catalog.descriptions(of: kind).map { [$0.name, $0.summary] }
            return kind.pluralNoun + "\n" + TextTable.text(rows)
        }.joined(separator: "\n")
    }

    // MARK: explain

    /// What a path, a component or a key means.
    public func explain(_ path: String) throws(Unknown) -> String {
        let matches: [SpecLookup.Match]
        do {
            matches = try SpecLookup(catalog: catalog).find(path)
        } catch {
            throw Unknown(description: error.description)
        }
        return matches.map(text).joined(separator: "\n")
    }

    private func text(_ match: SpecLookup.Match) -> String {
        switch match.subject {
        case .field(let field, let owners): self.field(field, owners, at: match.path)
        case .component(let component, let slot): self.component(component, slot)
        }
    }

    private func field(_ field: FieldDescription, _ owners: [String], at path: String) -> String {
        var facts = [
            ["value", FieldText.type(field)], ["default", FieldText.defaultValue(field)],
        ]
        if !owners.isEmpty { facts.append(["of", owners.joined(separator: ", ")]) }
        if !field.synonyms.isEmpty {
            facts.append(["not", field.synonyms.joined(separator: ", ")])
        }
        let examples = ExampleWriter(catalog: catalog)
        let shown = field.examples.isEmpty ? [examples.example(of: field)] : field.examples
        for value in shown { facts.append(["example", "\(field.name): \(YAMLText.flow(value))"]) }
        var text = "\(path)\n  \(field.summary)\n" + TextTable.text(facts)
        let inner = field.type.objects.flatMap(\.object.fields)
        if !inner.isEmpty { text += table(inner) }
        for (slot, _) in field.type.slots {
            text += "  \(slot.kind.pluralNoun), by '\(slot.discriminator)':\n"
            text += TextTable.text(
                catalog.descriptions(of: slot.kind).map { [$0.name, $0.summary] }, indent: 4)
            if !slot.commonFields.isEmpty { text += table(slot.commonFields) }
        }
        return text
    }

    private func component(_ component: ComponentDescription, _ slot: ComponentSlot) -> String {
        let places = SpecOutline(catalog: catalog).places.filter { $0.slot.kind == slot.kind }
        let example = ExampleWriter(catalog: catalog).example(of: component, in: slot)
        let facts = [
            ["source", component.source],
            ["where", places.map(\.path).joined(separator: ", ")],
            ["example", YAMLText.flow(example)],
        ]
        return "\(component.name), \(slot.kind.nounWithArticle)\n  \(component.summary)\n"
            + TextTable.text(facts) + (component.fields.isEmpty ? "" : table(component.fields))
    }

    private func table(_ fields: [FieldDescription]) -> String {
        "  fields:\n"
            + TextTable.text(
                SpecOutline.rows(fields).map {
                    [
                        $0.path, FieldText.type($0.field), FieldText.defaultValue($0.field),
                        $0.field.summary,
                    ]
                }, indent: 4)
    }
}

extension AnyComponentKind {
    fileprivate func isCalled(_ word: String) -> Bool {
        [noun, pluralNoun].contains { $0 == word || $0.hasSuffix(" " + word) }
    }
}
