import Retrieval

/// Finds what a dotted path such as `train.optimizer.learning_rate` means. Components may be named
/// on the way (`loss.info_nce.temperature`), list positions may be left out, and a component or a
/// field may be asked for by its name alone.
struct SpecLookup {
    /// What a path leads to.
    enum Subject {
        case field(FieldDescription, owners: [String])
        case component(ComponentDescription, ComponentSlot)
        case family(AnyComponentKind)
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
        let elsewhere = everywhere(outline).filter { $0.isCalled(names.joined(separator: ".")) }
        if !elsewhere.isEmpty { return Self.grouped(elsewhere) }
        if let kind = outline.kinds.first(where: { $0.isCalled(path) }) {
            return [Match(path: path, subject: .family(kind))]
        }
        if let found = try below(names, outline) { return found }
        let known =
            top.map(\.name) + outline.kinds.flatMap { catalog.names(of: $0) }
            + everywhere(outline).map { SpecPath.last($0.path) }
        let meant = Suggestion.closest(to: first, among: known).map { [$0] }
        throw NotFound(
            description: "a spec has no '\(path)'" + Self.hint(first, meant ?? top.map(\.name)))
    }

    /// Every path that has an answer: of sections, of components by their names, of families.
    var paths: [String] {
        let outline = SpecOutline(catalog: catalog)
        var paths = everywhere(outline).map(\.path) + outline.places.map(\.path)
        for kind in outline.kinds {
            paths.append(kind.pluralNoun.replacing(" ", with: "_"))
            for component in catalog.descriptions(of: kind) {
                paths.append(component.name)
                paths += SpecOutline.rows(component.fields).map { "\(component.name).\($0.path)" }
            }
        }
        return paths.uniqued
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

    /// What a path means whose beginning is a field that stands elsewhere, such as
    /// `optimizer.learning_rate`; nil where it begins with no field.
    ///
    /// - Throws: ``NotFound`` where the field has no such member.
    private func below(
        _ names: [String], _ outline: SpecOutline
    ) throws(NotFound) -> [Match]? {
        var failure: NotFound?
        var matches: [Match] = []
        for match in everywhere(outline) where match.isCalled(names[0]) {
            guard names.count > 1, case .field(let field, _) = match.subject else { continue }
            for scope in Self.scopes(field.type) {
                do {
                    matches += try walk(
                        names.dropFirst(), scope, at: match.path.replacing("[]", with: ""))
                } catch {
                    failure = failure ?? error
                }
            }
        }
        if matches.isEmpty, let failure { throw failure }
        return matches.isEmpty ? nil : Self.grouped(matches)
    }

    /// `a.b[0].c` and `a.b.0.c` as their names.
    private static func names(_ path: String) -> [String] {
        path.split(separator: ".").map { String($0.prefix { $0 != "[" }) }.filter {
            !$0.allSatisfy { ("0"..."9").contains($0) }
        }
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
        if case .component(let slot) = scope, name == slot.discriminator {
            // What names the component is answered by the components that there are.
            guard !rest.isEmpty else { return [Match(path: path, subject: .family(slot.kind))] }
            return try walk(rest, scope, at: path)
        }
        if case .component(let slot) = scope, let found = component(name, slot) {
            guard !rest.isEmpty else {
                return [Match(path: path, subject: .component(found, slot))]
            }
            return try walk(rest, self.scope(of: found, slot), at: path)
        }
        let found = fields(scope).filter { $0.field.name == name }
        guard !found.isEmpty else {
            let owner = prefix.isEmpty ? "a spec" : "'\(prefix)'"
            throw NotFound(description: "\(owner) has no '\(name)'" + hint(name, scope, prefix))
        }
        guard !rest.isEmpty else {
            return Self.grouped(
                found.map { field, owner in
                    Match(path: path, subject: .field(field, owners: owner.map { [$0] } ?? []))
                })
        }
        var failure: NotFound?
        var matches: [Match] = []
        for field in found.map(\.field) {
            // Keys of a user's own stand between a map and what it holds.
            let inner = field.type.hasOwnKeys && rest.count > 1 ? rest.dropFirst() : rest
            for scope in Self.scopes(field.type) {
                do { matches += try walk(inner, scope, at: path) } catch { failure = error }
            }
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
        var groups: [Match] = []
        for match in matches {
            let index = groups.firstIndex { group in
                guard case .field(let field, _) = match.subject,
                    case .field(let other, _) = group.subject
                else { return false }
                return group.path == match.path && other == field
            }
            if let index, case .field(let field, let owners) = match.subject,
                case .field(_, let others) = groups[index].subject
            {
                groups[index].subject = .field(field, owners: others + owners)
            } else {
                groups.append(match)
            }
        }
        return groups
    }

    // MARK: Looking everywhere

    /// Every field of every section and component, the outermost first.
    private func everywhere(_ outline: SpecOutline) -> [Match] {
        var found = SpecOutline.rows(ExperimentSpec.fileDescription.fields).map {
            Match(path: $0.path, subject: .field($0.field, owners: []))
        }
        var entered: Set<AnyComponentKind> = []
        for place in outline.places {
            found += SpecOutline.rows(place.slot.commonFields).map {
                Match(
                    path: "\(place.path).\($0.path)", subject: .field($0.field, owners: []))
            }
            guard entered.insert(place.slot.kind).inserted else { continue }
            for component in catalog.descriptions(of: place.slot.kind) {
                found += SpecOutline.rows(component.fields).map {
                    Match(
                        path: "\(place.path).\($0.path)",
                        subject: .field($0.field, owners: [component.name]))
                }
            }
        }
        let depths = found.map { $0.path.count { $0 == "." } }
        return found.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }.map { found[$0] }
    }

    /// What may have been meant by a name that a scope lacks: one of its own under another name, a
    /// near one, or one that stands elsewhere.
    private func hint(_ name: String, _ scope: Scope, _ prefix: String) -> String {
        let own = fields(scope).map(\.field)
        if let meant = own.first(where: { $0.synonyms.contains(name) }) {
            return Self.hint(meant.name, [meant.name], at: prefix)
        }
        let names = names(scope)
        if Suggestion.closest(to: name, among: names) == nil {
            let outline = SpecOutline(catalog: catalog)
            if let other = everywhere(outline).first(where: { $0.isCalled(name) }) {
                return "; did you mean '\(other.path)'?"
            }
        }
        return Self.hint(name, names, at: prefix)
    }

    private static func hint(_ name: String, _ known: [String], at prefix: String = "") -> String {
        let names = known.uniqued
        let whole = names.filter { $0.split(separator: "_").contains(name[...]) }
        guard
            let meant = Suggestion.closest(to: name, among: known)
                ?? (whole.count == 1 ? whole[0] : nil)
        else {
            guard !names.isEmpty else { return "" }
            let rest = names.count > 24 ? ", ..." : ""
            return "; it has \(names.prefix(24).joined(separator: ", "))\(rest)"
        }
        return "; did you mean '\(prefix.isEmpty ? meant : "\(prefix).\(meant)")'?"
    }
}

extension SpecLookup.Match {
    /// Whether the field's path ends in these words, or people call it so.
    fileprivate func isCalled(_ words: String) -> Bool {
        guard case .field(let field, _) = subject else { return false }
        let path = path.replacing("[]", with: "")
        return path == words || path.hasSuffix("." + words) || field.synonyms.contains(words)
    }
}
