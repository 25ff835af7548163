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
        if first.hasPrefix("x-") {
            throw NotFound(
                description: "'\(first)' is a key of your own, as all that begin with x- are: what "
                    + "anchors and ${\(first)} refer to")
        }
        let outline = SpecOutline(catalog: catalog)
        // A field may have a component's name: data.users has more inside than the split.
        var failure: NotFound?
        do throws(NotFound) {
            if let found = try component(names, outline) { return found }
        } catch {
            failure = error
        }
        let elsewhere = everywhere(outline).filter { $0.isCalled(names.joined(separator: ".")) }
        if !elsewhere.isEmpty { return Self.grouped(elsewhere) }
        if let kind = outline.kinds.first(where: { $0.isCalled(path) }) {
            return [Match(path: path, subject: .family(kind))]
        }
        do throws(NotFound) {
            if let found = try below(names, outline) { return found }
        } catch {
            failure = failure ?? error
        }
        if let failure { throw failure }
        let known =
            top.map(\.name) + outline.kinds.flatMap { catalog.names(of: $0) }
            + everywhere(outline).map { SpecPath.last($0.path) }
        let nearest = Suggestion.closest(to: first, among: known)
        let whole = nearest.map { ([$0] + names.dropFirst()).joined(separator: ".") }
        if names.count > 1, let whole, (try? find(whole)) != nil {
            throw NotFound(
                description: "a spec has no '\(path)'" + Self.question([whole]))
        }
        let meant = nearest.map { [$0] }
        throw NotFound(
            description: "a spec has no '\(path)'" + Self.hint(first, meant ?? top.map(\.name)))
    }

    /// Every path that has an answer: of sections, of components by their names, of families.
    var paths: [String] {
        let outline = SpecOutline(catalog: catalog)
        var paths = everywhere(outline).map(\.path) + outline.places.map(\.path)
        paths += throughComponents(outline)
        for kind in outline.kinds {
            paths.append(kind.pluralNoun.replacing(" ", with: "_"))
            for component in catalog.descriptions(of: kind) {
                paths.append(component.name)
                paths += SpecOutline.rows(component.fields).map { "\(component.name).\($0.path)" }
            }
        }
        return paths.uniqued
    }

    /// Paths that name a component on the way, `loss.info_nce.temperature`; its fields where its
    /// family stands first.
    private func throughComponents(_ outline: SpecOutline) -> [String] {
        var entered: Set<AnyComponentKind> = []
        return outline.places.flatMap { place in
            let prefix = place.path.replacing("[]", with: "")
            let isFirst = entered.insert(place.slot.kind).inserted
            return catalog.descriptions(of: place.slot.kind).flatMap { component in
                let path = "\(prefix).\(component.name)"
                let fields = isFirst ? SpecOutline.rows(component.fields) : []
                return [path] + fields.map { "\(path).\($0.path)" }
            }
        }
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
    enum Scope {
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
        for (field, owner) in found {
            do throws(NotFound) {
                matches += try inside(field, rest, at: path).map { $0.owned(by: owner) }
            } catch {
                failure = error
            }
        }
        if matches.isEmpty, let failure { throw failure }
        return Self.grouped(matches)
    }

    /// What the rest of a path means within a field.
    private func inside(
        _ field: FieldDescription, _ rest: ArraySlice<String>, at path: String
    ) throws(NotFound) -> [Match] {
        var failure: NotFound?
        var matches: [Match] = []
        let scopes = Self.scopes(field.type)
        // Keys of a user's own stand between a map and what it holds, and may be paths themselves.
        for count in 0..<(field.type.hasOwnKeys ? rest.count : 1) where matches.isEmpty {
            for scope in scopes {
                do throws(NotFound) {
                    matches += try walk(rest.dropFirst(count), scope, at: path)
                } catch {
                    failure = error
                }
            }
        }
        guard matches.isEmpty else { return matches }
        if field.type.hasOwnKeys, let last = rest.last,
            Suggestion.closest(to: last, among: scopes.flatMap(names)) == nil
        {
            return [Match(path: path, subject: .field(field, owners: []))]
        }
        throw failure ?? NotFound(description: "'\(path)' has no fields of its own")
    }

    private func scope(of component: ComponentDescription, _ slot: ComponentSlot) -> Scope {
        .fields(slot.commonFields + component.fields, owner: component.name)
    }

    private static func scopes(_ type: FieldType) -> [Scope] {
        type.objects.map { .fields($0.object.fields, owner: $0.object.name) }
            + type.slots.map { .component($0.slot) }
    }

    func fields(_ scope: Scope) -> [(field: FieldDescription, owner: String?)] {
        switch scope {
        case .fields(let fields, _): fields.map { ($0, nil) }
        case .component(let slot):
            slot.commonFields.map { ($0, nil) }
                + catalog.descriptions(of: slot.kind).flatMap { component in
                    component.fields.map { ($0, component.name) }
                }
        }
    }

    func names(_ scope: Scope) -> [String] {
        guard case .component(let slot) = scope else { return fields(scope).map(\.field.name) }
        return fields(scope).map(\.field.name) + catalog.names(of: slot.kind)
    }

    private func component(_ name: String, _ slot: ComponentSlot) -> ComponentDescription? {
        catalog.descriptions(of: slot.kind).first { $0.name == name }
    }

    /// What several components have alike is told once.
    private static func grouped(_ matches: [Match]) -> [Match] {
        var groups: [Match] = []
        for match in matches {
            guard let index = groups.firstIndex(where: { $0.isLike(match) }) else {
                groups.append(match)
                continue
            }
            if case .field(let field, let owners) = match.subject,
                case .field(_, let others) = groups[index].subject
            {
                groups[index].subject = .field(field, owners: (others + owners).uniqued)
            }
        }
        return groups
    }

    // MARK: Looking everywhere

    /// Every field of every section and component, the outermost first.
    func everywhere(_ outline: SpecOutline) -> [Match] {
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
}

extension SpecLookup.Match {
    /// Whether it says the same at the same place, whoever has it.
    fileprivate func isLike(_ other: SpecLookup.Match) -> Bool {
        guard path == other.path else { return false }
        switch (subject, other.subject) {
        case (.field(let own, _), .field(let field, _)): return own == field
        case (.component(let own, _), .component(let component, _)):
            return own.name == component.name
        case (.family(let own), .family(let kind)): return own == kind
        default: return false
        }
    }

    /// With the component that has the field, or the one around it, where none is known.
    fileprivate func owned(by owner: String?) -> SpecLookup.Match {
        guard let owner, case .field(let field, []) = subject else { return self }
        var match = self
        match.subject = .field(field, owners: [owner])
        return match
    }

    /// Whether the field's path ends in these words, or people call it so.
    func isCalled(_ words: String) -> Bool {
        guard case .field(let field, _) = subject else { return false }
        let path = path.replacing("[]", with: "")
        return path == words || path.hasSuffix("." + words) || field.synonyms.contains(words)
    }
}
