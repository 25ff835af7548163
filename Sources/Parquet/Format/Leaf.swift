/// A column as it is stored: a leaf of the schema's tree.
struct Leaf: Hashable {
    /// Its name to a user: the path without the nodes that only make a list.
    var name: String
    var type: PhysicalType
    var typeLength: Int
    var meaning: Meaning
    /// The definition level of a value that is there.
    var maxDefinition: Int
    var maxRepetition: Int
    /// The definition level of an element that is there, be it null; of a list's column.
    var elementDefinition: Int

    /// The leaves of a schema, in the order of the columns of each row group.
    static func all(of elements: [SchemaElement]) throws(Damage) -> [Leaf] {
        var walk = SchemaWalk(elements: elements)
        guard let root = elements.first else {
            throw .wrong(required: "a schema", found: "none")
        }
        walk.next = 1
        for _ in 0..<root.childCount {
            try walk.visit(SchemaWalk.Place())
        }
        guard walk.next == elements.count else {
            throw .wrong(
                required: "a schema of \(walk.next) nodes", found: "\(elements.count)")
        }
        return walk.leaves
    }
}

/// A walk over a schema that is written down depth first.
private struct SchemaWalk {
    /// Where in the tree a node stands.
    struct Place {
        var names: [String] = []
        var definition = 0
        var repetition = 0
        var elementDefinition = 0
        /// What the node above makes of its only child.
        var isInList = false
        var depth = 0
    }

    let elements: [SchemaElement]
    var next = 0
    var leaves: [Leaf] = []

    mutating func visit(_ parent: Place) throws(Damage) {
        guard next < elements.count else {
            throw .wrong(required: "as many nodes as the schema names", found: "fewer")
        }
        guard parent.depth < 32 else {
            throw .wrong(required: "a schema of at most 32 levels", found: "more")
        }
        let element = elements[next]
        next += 1
        var place = parent
        place.depth += 1
        switch element.repetition ?? .required {
        case .required: break
        case .optional: place.definition += 1
        case .repeated:
            place.definition += 1
            place.repetition += 1
            place.elementDefinition = place.definition
        }
        // LIST has one repeated child, which has at most one child: `list.element`.
        let isListNode =
            parent.isInList && (element.repetition == .repeated || element.childCount == 0)
        if !isListNode { place.names.append(element.name) }
        if element.childCount > 0 {
            place.isInList =
                element.isList || (isListNode && element.childCount == 1)
            for _ in 0..<element.childCount { try visit(place) }
            return
        }
        guard let type = element.type else {
            // A group without members holds nothing.
            return
        }
        guard type != .fixedLenByteArray || (1...(1 << 20)).contains(element.typeLength) else {
            throw .wrong(
                required: "a length from 1 to 1048576 of column '\(element.name)'",
                found: "\(element.typeLength)")
        }
        leaves.append(
            Leaf(
                name: place.names.joined(separator: "."), type: type,
                typeLength: element.typeLength, meaning: element.meaning,
                maxDefinition: place.definition, maxRepetition: place.repetition,
                elementDefinition: place.elementDefinition))
    }
}
