/// The numbers of a state by name, in the order in which they were added: what a file of a saved
/// state holds, whatever its format.
///
/// Names are paths: `parameters/query/user_id/embeddings`, `optimizers/default/step`. The numbers
/// are those of the state itself, not a copy, until one of both changes.
public struct NamedArrays: Hashable, Sendable {
    /// In the order in which they were added.
    public private(set) var names: [String] = []
    private var arrays: [String: StateArray] = [:]
    /// Of arrays of which this rank has some rows: which those are.
    private var parts: [String: PartOfRows] = [:]
    /// Whether ranks that share a table each add what they have of it; otherwise the first adds the
    /// whole, which is brought together for it.
    package var leavesRowsApart = false

    public init() {}

    /// The array of a name; nil where there is none.
    public subscript(name: String) -> StateArray? { arrays[name] }

    /// The name of a part of a whole; either may be empty.
    public static func path(_ whole: String, _ part: String) -> String {
        whole.isEmpty ? part : part.isEmpty ? whole : "\(whole)/\(part)"
    }

    /// Whether there are no arrays.
    public var isEmpty: Bool { names.isEmpty }

    /// Adds numbers.
    ///
    /// - Precondition: nothing has the name yet.
    public mutating func add(_ array: StateArray, as name: String) {
        let old = arrays.updateValue(array, forKey: name)
        precondition(old == nil, "two parts of a state are called '\(name)'")
        names.append(name)
    }

    /// Adds what this rank has of some numbers; nil: all of them.
    package mutating func add(_ array: StateArray, as name: String, _ part: PartOfRows?) {
        add(array, as: name)
        parts[name] = part
    }

    /// Which rows of an array are here; nil: all.
    package func part(of name: String) -> PartOfRows? { parts[name] }

    /// Takes numbers out, so that who asks for them holds them alone.
    ///
    /// - Throws: ``StateError/missing(_:)``
    public mutating func take(_ name: String) throws(StateError) -> StateArray {
        guard let array = arrays.removeValue(forKey: name) else { throw .missing(name) }
        return array
    }

    /// How many numbers there are, flags aside.
    var numberCount: Int {
        arrays.values.reduce(0) { sum, array in
            switch array {
            case .matrix(let matrix): sum + matrix.values.count
            case .doubles(let values): sum + values.count
            case .integers(let values): sum + values.count
            case .flags: sum
            }
        }
    }

    /// What nobody has taken, in order.
    public var remaining: [String] { names.filter { arrays[$0] != nil } }
}

/// The numbers of one part of a state.
public enum StateArray: Hashable, Sendable {
    /// 32-bit floats, [rows, columns].
    case matrix(Matrix)
    /// 64-bit floats.
    case doubles([Double])
    /// Whole numbers, one after the other.
    case integers([Int64])
    /// Truth values, one after the other.
    case flags([Bool])

    /// The kind and the shape in words, such as "float32 [100, 32]".
    public var words: String {
        switch self {
        case .matrix(let matrix): "float32 [\(matrix.rows), \(matrix.columns)]"
        case .doubles(let values): "float64 [\(values.count)]"
        case .integers(let values): "int64 [\(values.count)]"
        case .flags(let values): "bool [\(values.count)]"
        }
    }
}

/// Why saved numbers are not those of a state.
public enum StateError: Error, Hashable, CustomStringConvertible {
    /// The state has a part that was not saved.
    case missing(String)
    /// Numbers were saved that the state has no part for.
    case unknown([String])
    /// A part's numbers are of another kind or shape.
    case mismatch(name: String, required: String, found: String)

    public var description: String {
        switch self {
        case .missing(let name): "'\(name)' is not among what was saved"
        case .unknown(let names):
            "what was saved holds " + names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
                + (names.count > 3 ? " and \(names.count - 3) more" : "")
                + ", which this training does not have"
        case .mismatch(let name, let required, let found):
            "'\(name)' requires \(required); \(found) was saved"
        }
    }
}
