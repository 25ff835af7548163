/// A finished node with its measures when every alias in it is expanded.
struct Subtree {
    var node: YAMLNode
    /// Nodes, this one included; keys are not counted.
    var size: Int
    /// Collections inside each other: 0 for a scalar.
    var height: Int

    /// A scalar.
    init(scalar node: YAMLNode) {
        self.node = node
        size = 1
        height = 0
    }

    init(_ node: YAMLNode, size: Int, height: Int) {
        self.node = node
        self.size = size
        self.height = height
    }
}

/// The anchors met so far; a later one of the same name replaces an earlier one.
struct AnchorTable {
    private enum State {
        /// A collection whose end is not reached, known by the number of its event.
        case open(serial: Int)
        case finished(Subtree)
    }

    private var states: [String: State] = [:]

    /// Notes that a collection with this anchor begins.
    mutating func open(_ name: String?, serial: Int) {
        if let name { states[name] = .open(serial: serial) }
    }

    /// Notes that a collection has ended, unless its name was given anew inside it.
    mutating func close(_ name: String?, serial: Int, _ subtree: Subtree) {
        guard let name, case .open(serial) = states[name] else { return }
        states[name] = .finished(subtree)
    }

    mutating func define(_ name: String?, _ subtree: Subtree) {
        if let name { states[name] = .finished(subtree) }
    }

    /// What an alias of this name stands for.
    func resolve(_ name: String) throws(YAMLError.Kind) -> Subtree {
        switch states[name] {
        case .finished(let subtree): return subtree
        case .open: throw .recursiveAlias(name)
        case nil: throw .undefinedAlias(name)
        }
    }
}
