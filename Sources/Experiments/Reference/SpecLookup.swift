import Retrieval

/// Finds what a dotted path such as `train.optimizer.learning_rate` means. Components may be named
/// on the way (`loss.info_nce.temperature`), list positions may be left out, and a component or a
/// field may be asked for by its name alone.
struct SpecLookup {
    /// What a path leads to.
    enum Subject {
        case field(FieldDescription, owners: [String])
        case component(ComponentDescription, ComponentSlot)
    }

    struct Match {
        var path: String
        var subject: Subject
    }

    struct NotFound: Error, CustomStringConvertible {
        var description: String
    }

    let catalog: Catalog

    func find(_ path: String) throws(NotFound) -> [Match] {
        let names = Self.names(path)
        guard let first = names.first else { throw NotFound(description: "the path is empty") }
        let top = ExperimentSpec.fileDescription.fields
        if top.contains(where: { $0.name == first }) {
            return try walk(names[...], .fields(top, owner: "a spec"), at: "")
        }
        let outline = SpecOutline(catalog: catalog)
        if let found = try component(names, outline) { return found }
        let elsewhere = everywhere(outline).filter { $0.isCalled(path) }
        if !elsewhere.isEmpty { return Self.grouped(elsewhere) }
        let known =
            top.map(\.name) + outline.kinds.flatMap { catalog.names(of: $0) }
            + everywhere(outline).map { SpecPath.last($0.path) }
        throw NotFound(description: "a spec has no '\(path)'" + Self.hint(first, known))
    }

    /// What a path means that begins with a component's name, in each family that has the name.
    private func component(
        _ names: [String], _ outline: SpecOutline
    ) throws(NotFound) -> [Match]? {
        var entered: Set<AnyComponentKind> = []
        var matches: [Match] = []
        var failure: NotFound?
        for place in outline.places where entered.insert(place.slot.kind).inserted {
            guard let found = component(names[0], place.slot) else { continue }
            if names.count == 1 {
                matches.append(
                    Match(path: place.path, subject: .component(found, place.slot)))
                continue
            }
            do {
                matches += try walk(
                    names.dropFirst(), scope(of: found, place.slot), at: found.name)
            } catch {
                failure = failure ?? error
            }
        }
        if matches.isEmpty, let failure { throw failure }
        return matches.isEmpty ? nil : Self.grouped(matches)
    }

    /// `a.b[0].c` as its names.
    private static func names(_ path: String) -> [String] {
        path.split(separator: ".").map { String($0.prefix { $0 != "[" }) }
    }

    // MARK: Walking down

    /// What the next name of a path is looked for among.
    private enum Scope {
        case fields([FieldDescription], owner: String)
        case component(ComponentSlot)
    }

    private func walk(
        _ names: ArraySlice<String>, _ scope: Scope, at prefix: String
    ) throws(NotFound) -> [Match] {
        guard let name = names.first else { return [] }
        let rest = names.dropFirst()
        let path = prefix.isEmpty ? name : "\(prefix).\(name)"
        if case .component(let slot) = scope, let found = component(name, slot) {
            guard !rest.isEmpty else {
                return [Match(path: path, subject: .component(found, slot))]
            }
            return try walk(rest, self.scope(of: found, slot), at: path)
        }
        let found = fields(scope).filter { $0.field.name == name }
        guard !found.isEmpty else {
            let owner = prefix.isEmpty ? "a spec" : "'\(prefix)'"
            throw NotFound(
                description: "\(owner) has no '\(name)'"
                    + Self.hint(name, self.names(scope), at: prefix))
        }
        guard !rest.isEmpty else {
            return Self.grouped(
                found.map { field, owner in
                    Match(path: path, subject: .field(field, owners: owner.map { [$0] } ?? []))
                })
        }
        var failure: NotFound?
        var matches: [Match] = []
        for scope in found.flatMap({ Self.scopes($0.field.type) }) {
            do { matches += try walk(rest, scope, at: path) } catch { failure = error }
        }
        if matches.isEmpty {
            throw failure ?? NotFound(description: "'\(path)' has no fields of its own")
        }
        return matches
    }

    private func scope(of component: ComponentDescription, _ slot: ComponentSlot) -> Scope {
        .fields(slot.commonFields + component.fields, owner: component.name)
    }

    private static func scopes(_ type: FieldType) -> [Scope] {
        type.objects.map { .fields($0.object.fields, owner: $0.object.name) }
            + type.slots.map { .component($0.slot) }
    }

    private func fields(_ scope: Scope) -> [(field: FieldDescription, owner: String?)] {
        switch scope {
        case .fields(let fields, _): fields.map { ($0, nil) }
        case .component(let slot):
            slot.commonFields.map { ($0, nil) }
                + catalog.descriptions(of: slot.kind).flatMap { component in
                    component.fields.map { ($0, component.name) }
                }
        }
    }

    private func names(_ scope: Scope) -> [String] {
        guard case .component(let slot) = scope else { return fields(scope).map(\.field.name) }
        return fields(scope).map(\.field.name) + catalog.names(of: slot.kind)
    }

    private func component(_ name: String, _ slot: ComponentSlot) -> ComponentDescription? {
        catalog.descriptions(of: slot.kind).first { $0.name == name }
    }

    /// Fields that several components declare alike are told once.
    private static func grouped(_ matches: [Match]) -> [Match] {
        var groups: [(match: Match, text: String)] = []
        for match in matches {
            guard case .field(let field, let owners) = match.subject else {
                groups.append((match, ""))
                continue
            }
            let text = [
                match.path, FieldText.type(field), FieldText.defaultValue(field), field.summary,
            ].joined(separator: "\n")
            if let index = groups.firstIndex(where: { $0.text == text }),
                case .field(_, let others) = groups[index].match.subject
            {
                groups[index].match.subject = .field(field, owners: others + owners)
            } else {
                groups.append((match, text))
            }
        }
        return groups.map(\.match)
    }

    // MARK: Looking everywhere

    /// Every field of every section and component.
    private func everywhere(_ outline: SpecOutline) -> [Match] {
        let sections = SpecOutline.rows(ExperimentSpec.fileDescription.fields).map {
            Match(path: $0.path, subject: .field($0.field, owners: []))
        }
        let places = outline.places
        let components = outline.kinds.flatMap { kind -> [Match] in
            guard let place = places.first(where: { $0.slot.kind == kind }) else { return [] }
            return catalog.descriptions(of: kind).flatMap { component in
                SpecOutline.rows(component.fields).map {
                    Match(
                        path: "\(place.path).\($0.path)",
                        subject: .field($0.field, owners: [component.name]))
                }
            }
        }
        return sections + components
    }

    private static func hint(_ name: String, _ known: [String], at prefix: String = "") -> String {
        guard let meant = Suggestion.closest(to: name, among: known) else {
            guard !known.isEmpty, known.count <= 24 else { return "" }
            return "; it has \(known.uniqued.joined(separator: ", "))"
        }
        return "; did you mean '\(prefix.isEmpty ? meant : "\(prefix).\(meant)")'?"
    }
}

extension SpecLookup.Match {
    /// Whether the field's path ends in these words, or people call it so.
    fileprivate func isCalled(_ words: String) -> Bool {
        guard case .field(let field, _) = subject else { return false }
        return path == words || path.hasSuffix("." + words) || field.synonyms.contains(words)
    }
}

extension [String] {
    /// The strings without repetitions, in their order.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
