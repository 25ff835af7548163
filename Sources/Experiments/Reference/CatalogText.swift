import Retrieval

/// The catalogue as `tfrs-run list` and `tfrs-run explain` tell it.
public struct CatalogText: Sendable {
    /// The components that are told of.
    public let catalog: Catalog
    /// Columns of the terminal; nil for text without an end of lines.
    public let width: Int?

    public init(catalog: Catalog, width: Int? = nil) {
        self.catalog = catalog
        self.width = width
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
            chosen = all.filter { $0.isCalled(family) }
            guard !chosen.isEmpty else {
                let names = families
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
            return kind.pluralNoun + "\n" + table(rows)
        }.joined(separator: "\n")
    }

    /// The names that ``list(_:)`` takes.
    public var families: [String] {
        SpecOutline(catalog: catalog).kinds.map { $0.pluralNoun.replacing(" ", with: "_") }
    }

    // MARK: explain

    /// The paths and names that ``explain(_:)`` answers.
    public var paths: [String] { SpecLookup(catalog: catalog).paths }

    /// The keys of a spec that hold a value of their own, for `--set`.
    public var keys: [String] {
        let outline = SpecOutline(catalog: catalog)
        let sections = ExperimentSpec.description.fields
        var keys = SpecOutline.rows(sections).map(\.path)
        for place in outline.places
        where sections.contains(where: { $0.name == place.path.prefix { $0 != "." } }) {
            let components = catalog.descriptions(of: place.slot.kind)
            let fields = place.slot.commonFields + components.flatMap(\.fields)
            keys.append("\(place.path).\(place.slot.discriminator)")
            keys += SpecOutline.rows(fields).map { "\(place.path).\($0.path)" }
        }
        return keys.filter { !$0.contains("[]") && !$0.contains(".PATH") }.uniqued
    }

    /// What may stand behind `--set` where some of it is written: keys with their `=`, and behind
    /// one the values that the key has by name, or else its default.
    public func settings(from text: String) -> [String] {
        guard let end = text.firstIndex(of: "=") else { return keys.map { $0 + "=" } }
        let key = String(text[..<end])
        return values(of: key).map { "\(key)=\($0)" }
    }

    private func values(of key: String) -> [String] {
        let matches = (try? SpecLookup(catalog: catalog).find(key)) ?? []
        return matches.flatMap { match -> [String] in
            switch match.subject {
            case .field(let field, _):
                let named = field.type.names(in: catalog)
                if !named.isEmpty { return named }
                // A default that is one word is one to begin with.
                let word = field.defaultValue.map(YAMLText.flow) ?? ""
                return word.isEmpty || word.contains(" ") ? [] : [word]
            case .family(let kind): return catalog.names(of: kind)
            case .component: return []
            }
        }.uniqued
    }

    /// What a path, a component or a key means.
    public func explain(_ path: String) throws(Unknown) -> String {
        let matches: [SpecLookup.Match]
        do {
            matches = try SpecLookup(catalog: catalog).find(path)
        } catch {
            throw Unknown(description: error.description)
        }
        // A name such as `column` stands in many places: the outermost are shown.
        let shown = matches.prefix(Self.maximumMatches).map(text).joined(separator: "\n")
        var others: [String] = []
        for match in matches.dropFirst(Self.maximumMatches) where !others.contains(match.path) {
            others.append(match.path)
        }
        guard !others.isEmpty else { return shown }
        return shown + "\n" + table([["also", others.joined(separator: ", ")]], indent: 0)
    }

    private static let maximumMatches = 6

    private func text(_ match: SpecLookup.Match) -> String {
        switch match.subject {
        case .field(let field, let owners): self.field(field, owners, at: match.path)
        case .component(let component, let slot): self.component(component, slot)
        case .family(let kind): family(kind)
        }
    }

    private func family(_ kind: AnyComponentKind) -> String {
        let places = SpecOutline(catalog: catalog).places.filter { $0.slot.kind == kind }
        return "\(kind.pluralNoun)\n"
            + table([["where", places.map(\.path).joined(separator: ", ")]])
            + table(catalog.descriptions(of: kind).map { [$0.name, $0.summary] }, indent: 4)
    }

    private func field(_ field: FieldDescription, _ owners: [String], at path: String) -> String {
        var facts = [
            ["value", FieldText.type(field)], ["default", FieldText.defaultValue(field)],
        ]
        if !owners.isEmpty { facts.append(["of", owners.joined(separator: ", ")]) }
        if !field.synonyms.isEmpty {
            facts.append(["not", field.synonyms.joined(separator: ", ")])
        }
        if !field.formerNames.isEmpty {
            facts.append(["formerly", field.formerNames.joined(separator: ", ")])
        }
        let examples = ExampleWriter(catalog: catalog)
        let shown = field.examples.isEmpty ? [examples.example(of: field)] : field.examples
        for value in shown { facts.append(["example", "\(field.name): \(YAMLText.flow(value))"]) }
        var text = heading(path, field.summary) + table(facts)
        let inner = field.type.objects.flatMap(\.object.fields)
        if !inner.isEmpty { text += fieldTable(inner) }
        for (slot, _) in field.type.slots {
            text += "  \(slot.kind.pluralNoun), by '\(slot.discriminator)':\n"
            text += table(
                catalog.descriptions(of: slot.kind).map { [$0.name, $0.summary] }, indent: 4)
            if !slot.commonFields.isEmpty { text += fieldTable(slot.commonFields) }
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
        return heading("\(component.name), \(slot.kind.nounWithArticle)", component.summary)
            + table(facts) + (component.fields.isEmpty ? "" : fieldTable(component.fields))
    }

    private func heading(_ name: String, _ summary: String) -> String {
        "\(name)\n" + table([[summary]])
    }

    private func table(_ rows: [[String]], indent: Int = 2) -> String {
        TextTable.text(rows, indent: indent, width: width)
    }

    private func fieldTable(_ fields: [FieldDescription]) -> String {
        "  fields:\n"
            + table(
                SpecOutline.rows(fields).map {
                    [
                        $0.path, FieldText.type($0.field), FieldText.defaultValue($0.field),
                        $0.field.summary,
                    ]
                }, indent: 4)
    }
}

extension FieldType {
    /// The values of the type that go by a name.
    fileprivate func names(in catalog: Catalog) -> [String] {
        switch self {
        case .boolean: ["true", "false"]
        case .choice(let names): names
        case .optional(let wrapped):
            wrapped.names(in: catalog).isEmpty ? [] : wrapped.names(in: catalog) + ["null"]
        case .component(let slot): catalog.names(of: slot.kind)
        case .either(let types): types.flatMap { $0.names(in: catalog) }
        default: []
        }
    }
}

extension AnyComponentKind {
    /// Whether a family goes by this name: in the singular or the plural, with underscores or
    /// hyphens for blanks, or by the last word of its name.
    func isCalled(_ name: String) -> Bool {
        let word = name.lowercased().replacing("_", with: " ").replacing("-", with: " ")
        return [noun, pluralNoun].contains { $0 == word || $0.hasSuffix(" " + word) }
    }
}
