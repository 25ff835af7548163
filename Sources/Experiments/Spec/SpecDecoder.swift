import Retrieval
import YAMLTree

/// Decodes a YAML tree by the catalogue's descriptions: strict, every default filled in, and all
/// errors of the file at once.
struct SpecDecoder {
    let catalog: Catalog
    let environment: [String: String]
    var diagnostics: [Diagnostic] = []
    /// How many errors there are, those beyond ``maximumDiagnostics`` included.
    var errorCount = 0
    private(set) var marks = SpecMarks()
    /// What `data.time` says: the column of times, wherever a field that names it is left out.
    var timeColumn: YAMLNode?

    /// - Parameter environment: what `${NAME}` in a path means.
    init(catalog: Catalog, environment: [String: String]) {
        self.catalog = catalog
        self.environment = environment
    }

    /// Decodes a value; nil where it did not fit, which then stands in ``diagnostics``.
    mutating func decode(_ node: YAMLNode, as type: FieldType, at path: String) -> FieldValue? {
        marks.record(node, at: path)
        switch type {
        case .optional(let wrapped):
            if case .scalar(let scalar) = node.content, case .null = scalar.value { return .null }
            return decode(node, as: wrapped, at: path)
        case .list(let element, let count):
            return decodeList(node, of: element, count: count, type: type, at: path)
        case .object(let object):
            return decodeObject(node, object, type: type, at: path).map(FieldValue.object)
        case .component(let slot):
            return decodeComponent(node, slot, type: type, at: path).map(FieldValue.object)
        case .either(let types):
            return decodeEither(node, types, type: type, at: path)
        case .map(let element, _):
            return decodeMap(node, of: element, type: type, at: path)
        case .anything:
            // Kept as it stands in the tree.
            return .null
        case .boolean, .integer, .number, .string, .text, .path, .choice:
            return decodeScalar(node, as: type, at: path)
        }
    }

    // MARK: Scalars

    private mutating func decodeScalar(
        _ node: YAMLNode, as type: FieldType, at path: String
    ) -> FieldValue? {
        guard case .scalar(let scalar) = node.content else {
            return mismatch(node, type, at: path)
        }
        switch (type, scalar.value) {
        case (.boolean, .bool(let value)):
            return .boolean(value)
        case (.integer(let bounds), .integer(let value)):
            return bounds.contains(value) ? .integer(value) : mismatch(node, type, at: path)
        case (.number(let bounds), .integer(let value)):
            return bounds.contains(Double(value))
                ? .number(Double(value)) : mismatch(node, type, at: path)
        case (.number(let bounds), .number(let value)):
            return value.isFinite && bounds.contains(value)
                ? .number(value) : mismatch(node, type, at: path)
        case (.string, .string(let value)):
            return value.isEmpty ? mismatch(node, type, at: path) : .string(value)
        case (.path, .string(let value)):
            return value.isEmpty
                ? mismatch(node, type, at: path) : decodePath(node, value, at: path)
        case (.text, .string(let value)):
            return .string(value)
        case (.choice(let names), _):
            return decodeChoice(node, scalar.text, names, type: type, at: path)
        default:
            return mismatch(node, type, at: path)
        }
    }

    /// A choice is compared by its text, so that `off` is a name wherever one is asked for.
    private mutating func decodeChoice(
        _ node: YAMLNode, _ text: String, _ names: [String], type: FieldType, at path: String
    ) -> FieldValue? {
        if names.contains(text) { return .string(text) }
        let meant = Suggestion.closest(to: text, among: names)
        return mismatch(node, type, at: path, suggestion: meant.map { "'\($0)'" })
    }

    /// A path, with the variables of the environment that it names.
    private mutating func decodePath(
        _ node: YAMLNode, _ text: String, at path: String
    ) -> FieldValue? {
        do throws(EnvironmentReferences.Problem) {
            let expanded = try EnvironmentReferences.expand(text, from: environment)
            if expanded != text { marks.note(reference: text, at: path) }
            return .string(expanded)
        } catch {
            let name = SpecPath.last(path)
            switch error {
            case .unset(let variable):
                report(
                    node, at: path,
                    """
                    '\(name)' names the variable \(variable), which is not set; \
                    ${\(variable):-folder} gives it a default
                    """)
            case .malformed:
                report(
                    node, at: path,
                    "'\(name)' requires variables as ${NAME} or ${NAME:-default}")
            }
            return nil
        }
    }

    // MARK: Collections

    private mutating func decodeList(
        _ node: YAMLNode, of element: FieldType, count: Bounds<Int>, type: FieldType,
        at path: String
    ) -> FieldValue? {
        guard case .sequence(let nodes) = node.content else {
            return mismatch(node, type, at: path)
        }
        var values: [FieldValue] = []
        for (index, child) in nodes.enumerated() {
            if let value = decode(child, as: element, at: "\(path)[\(index)]") {
                values.append(value)
            }
        }
        guard values.count == nodes.count else { return nil }
        return count.contains(values.count) ? .list(values) : mismatch(node, type, at: path)
    }

    private mutating func decodeMap(
        _ node: YAMLNode, of element: FieldType, type: FieldType, at path: String
    ) -> FieldValue? {
        guard let entries = node.mapping?.entries, !entries.isEmpty else {
            return mismatch(node, type, at: path)
        }
        var values = FieldValues()
        var isWhole = true
        for entry in entries {
            let value = decode(entry.value, as: element, at: SpecPath.of(entry.key.text, in: path))
            values[entry.key.text] = value
            isWhole = isWhole && value != nil
        }
        return isWhole ? .object(values) : nil
    }

    private mutating func decodeEither(
        _ node: YAMLNode, _ types: [FieldType], type: FieldType, at path: String
    ) -> FieldValue? {
        guard let fitting = types.first(where: { $0.fitsKind(of: node) && isNamed(node, $0) })
        else {
            return mismatch(node, type, at: path)
        }
        return decode(node, as: fitting, at: path)
    }

    /// A string stands for a component only if there is one of that name.
    private func isNamed(_ node: YAMLNode, _ type: FieldType) -> Bool {
        guard case .component(let slot) = type, let name = node.scalar?.text else { return true }
        return catalog.names(of: slot.kind).contains(name)
    }

    mutating func decodeObject(
        _ node: YAMLNode, _ object: ObjectDescription, type: FieldType, at path: String
    ) -> FieldValues? {
        guard case .mapping(let mapping) = node.content else {
            mismatch(node, type, at: path)
            return nil
        }
        marks.record(node, at: path)
        return decodeFields(mapping, of: node, object.fields, owner: object.name, at: path)
    }

    /// Decodes the fields of a mapping; keys in `known` are somebody else's.
    private mutating func decodeFields(
        _ mapping: YAMLMapping, of node: YAMLNode, _ fields: [FieldDescription], owner: String,
        known: Set<String> = [], kind: AnyComponentKind? = nil, at path: String
    ) -> FieldValues? {
        let errorsBefore = errorCount
        var misspelt: Set<String> = []
        for entry in mapping.entries
        where !known.contains(entry.key.text)
            && !(path.isEmpty && ExperimentSpec.isExtension(entry.key.text))
            && !fields.contains(where: {
                $0.name == entry.key.text || $0.formerNames.contains(entry.key.text)
            })
        {
            let meant = reportUnknown(
                entry.key, fields, owner: owner, known: known, kind: kind, at: path)
            if let meant { misspelt.insert(meant) }
        }
        var values = FieldValues()
        for field in fields {
            let fieldPath = SpecPath.of(field.name, in: path)
            if let child = member(of: mapping, for: field, owner: owner, at: path) {
                values[field.name] = decode(child, as: field.type, at: fieldPath)
            } else if field.isTimeColumn, let timeColumn {
                values[field.name] = decode(timeColumn, as: field.type, at: fieldPath)
            } else if let value = field.defaultValue {
                values[field.name] = catalog.resolving(value, as: field.type)
            } else if !misspelt.contains(field.name) {
                report(
                    node, at: fieldPath,
                    "\(owner) requires '\(field.name)': \(field.type.words)")
            }
        }
        return errorCount == errorsBefore ? values : nil
    }

    /// The value that a mapping has for a field, under its name or one that it had before.
    private mutating func member(
        of mapping: YAMLMapping, for field: FieldDescription, owner: String, at path: String
    ) -> YAMLNode? {
        let entries = ([field.name] + field.formerNames).compactMap { mapping.entry($0) }
        if let other = entries.dropFirst().first {
            report(
                other.key, in: path,
                "\(owner) has one '\(field.name)', and '\(other.key.text)' is another name of it")
        }
        return entries.first?.value
    }

    // MARK: Components

    private mutating func decodeComponent(
        _ node: YAMLNode, _ slot: ComponentSlot, type: FieldType, at path: String
    ) -> FieldValues? {
        switch node.content {
        case .scalar(let scalar):
            guard case .string(let name) = scalar.value else { break }
            guard let description = component(named: name, node, slot, at: path) else { return nil }
            return decodeFields(
                YAMLMapping(), of: node, slot.commonFields + description.fields,
                owner: description.name, at: path
            ).map { $0.naming(slot, description.name) }
        case .mapping(let mapping):
            guard let name = componentName(mapping, node, slot, at: path),
                let description = component(
                    named: name, mapping[slot.discriminator] ?? node, slot,
                    at: SpecPath.of(slot.discriminator, in: path))
            else { return nil }
            return decodeFields(
                mapping, of: node, slot.commonFields + description.fields,
                owner: description.name, known: [slot.discriminator], kind: slot.kind, at: path
            ).map { $0.naming(slot, description.name) }
        case .sequence:
            break
        }
        mismatch(node, type, at: path)
        return nil
    }

    /// The name a mapping gives, or the one that its fields or the slot imply.
    private mutating func componentName(
        _ mapping: YAMLMapping, _ node: YAMLNode, _ slot: ComponentSlot, at path: String
    ) -> String? {
        if let named = mapping[slot.discriminator] {
            guard case .scalar(let scalar) = named.content, scalar.value != .null else {
                report(
                    named, at: SpecPath.of(slot.discriminator, in: path),
                    """
                    '\(slot.discriminator)' requires the name of \(slot.kind.nounWithArticle); \
                    found \(named.foundWords)
                    """)
                return nil
            }
            return scalar.text
        }
        let implied = catalog.descriptions(of: slot.kind).first { description in
            let required = description.fields.filter(\.isRequired)
            return !required.isEmpty && required.contains { mapping[$0.name] != nil }
        }
        let assumed = slot.defaultName.flatMap { implied?.name ?? $0 }
        let fields = assumed.map { name in
            catalog.descriptions(of: slot.kind).first { $0.name == name }?.fields ?? []
        }
        if let key = misspeltDiscriminator(
            in: mapping, slot, excluding: (fields ?? []) + slot.commonFields)
        {
            report(
                key, in: path,
                "\(slot.kind.nounWithArticle) has no '\(key.text)'; "
                    + "did you mean '\(slot.discriminator)'?")
            return nil
        }
        if let assumed { return assumed }
        report(
            node, at: path,
            "\(slot.kind.nounWithArticle) requires '\(slot.discriminator)': one of "
                + catalog.names(of: slot.kind).joined(separator: ", "))
        return nil
    }

    /// The key that was surely meant to name the component: one spelt nearly so, or one whose value
    /// is the name of a component.
    private func misspeltDiscriminator(
        in mapping: YAMLMapping, _ slot: ComponentSlot, excluding fields: [FieldDescription]
    ) -> YAMLKey? {
        let names = catalog.names(of: slot.kind)
        return mapping.entries.first { entry in
            if fields.contains(where: { $0.name == entry.key.text }) { return false }
            return Suggestion.closest(to: entry.key.text, among: [slot.discriminator]) != nil
                || entry.value.scalar.map { names.contains($0.text) } ?? false
        }?.key
    }

    private mutating func component(
        named name: String, _ node: YAMLNode, _ slot: ComponentSlot, at path: String
    ) -> ComponentDescription? {
        let descriptions = catalog.descriptions(of: slot.kind)
        if let description = descriptions.first(where: { $0.name == name }) { return description }
        guard !isFull else {
            errorCount += 1
            return nil
        }
        let names = descriptions.map(\.name)
        let known =
            switch names.count {
            case 0: "there is none"
            case 1: "there is only \(names[0])"
            default: "there are \(names.joined(separator: ", "))"
            }
        let hint =
            slot.discriminator == "source" && name.contains { "/.~".contains($0) }
            ? "it says the format of the files, whose 'path' stands in 'interactions'; \(known)"
            : Suggestion.closest(to: name, among: names).map { "did you mean '\($0)'?" }
        report(
            node, at: path,
            "no \(slot.kind.noun) is called \(Words.quoted(name)); \(hint ?? known)")
        return nil
    }
}

extension FieldValues {
    /// The same values with the component's name first.
    fileprivate func naming(_ slot: ComponentSlot, _ name: String) -> FieldValues {
        var named = FieldValues()
        named[slot.discriminator] = .string(name)
        for member in members { named[member.name] = member.value }
        return named
    }
}
