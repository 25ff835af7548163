/// Something that leaves out interactions before they are split.
public protocol InteractionFilter: Sendable {
    /// The rows that stay, ascending.
    func keptRows(
        of interactions: Table, in context: InteractionContext
    ) throws(DataError) -> [Int32]

    /// Whether an id without interactions left is gone for good: it leaves its table of features
    /// too, and is no candidate. Otherwise filters leave those tables as they are.
    var removesEntities: Bool { get }

    /// Outside of which values of a column no row stays, whatever the other rows hold; nil: there
    /// are none to be told beforehand.
    var bounds: ValueBounds? { get }
}

extension ComponentKind where Product == any InteractionFilter {
    /// What is left out before the split: ``InteractionFilter``.
    public static var filter: ComponentKind {
        ComponentKind(noun: "filter", pluralNoun: "filters")
    }
}

extension InteractionFilter {
    public var removesEntities: Bool { false }
    public var bounds: ValueBounds? { nil }
}

/// What a filter left.
public struct FilterOutcome: Hashable, Sendable {
    /// The filter, as the catalogue calls it.
    public var name: String
    /// Interactions that the filter was given.
    public var interactionsBefore: Int
    /// Interactions that it left.
    public var interactions: Int
    /// Distinct ids among the interactions left.
    public var queries: Int
    /// Distinct candidates among those left.
    public var candidates: Int

    /// Interactions that it took away; at least 0.
    public var removed: Int { interactionsBefore - interactions }
}

extension InteractionFilter {
    /// The interactions that the filter leaves, and what it did.
    ///
    /// - Throws: what the filter throws, or ``DataError/impossible(_:)`` where it leaves nothing.
    public func apply(
        named name: String, to interactions: Table, in context: InteractionContext
    ) throws(DataError) -> (Table, FilterOutcome) {
        let before = interactions.rowCount + interactions.passedOver
        let rows = try keptRows(of: interactions, in: context)
        guard !rows.isEmpty else {
            throw .impossible("the filter \(name) leaves none of \(before) interactions")
        }
        let kept = rows.count == before ? interactions : interactions.selecting(rows).compacted()
        let outcome = FilterOutcome(
            name: name, interactionsBefore: before, interactions: kept.rowCount,
            queries: try kept.tokens(context.query).dictionary.count,
            candidates: try kept.tokens(context.candidate).dictionary.count)
        return (kept, outcome)
    }
}

extension Dataset {
    /// The data with the interactions that filters left.
    ///
    /// - Parameter removingEntities: whether ids without interactions leave their tables too.
    public func keeping(
        _ interactions: Table, removingEntities: Bool, in context: InteractionContext
    ) throws(DataError) -> Dataset {
        try replacing(
            interactions,
            queries: removingEntities
                ? queries?.listing(context.query, of: interactions) : queries,
            candidates: removingEntities
                ? candidates?.listing(context.candidate, of: interactions) : candidates,
            query: context.query, candidate: context.candidate)
    }
}

extension Table {
    /// The rows whose id the interactions mention.
    fileprivate func listing(_ id: String, of interactions: Table) throws(DataError) -> Table {
        guard self[id] != nil else { return self }
        let mentioned = Set(try interactions.tokens(id).dictionary)
        let own = try tokens(id)
        let isMentioned = own.dictionary.map(mentioned.contains)
        let rows = own.codes.indices.filter { isMentioned[Int(own.codes[$0])] }.map { Int32($0) }
        return rows.count == rowCount ? self : selecting(rows).compacted()
    }
}
