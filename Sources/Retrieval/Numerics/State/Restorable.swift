/// A state that can be written out as named numbers and put back, to the bit.
///
/// A state is put back into one that was made the same way: of the same model, optimizers and
/// options. So a shape is known before it is read, and another one is an error.
///
/// A type made of such parts declares them once:
///
/// ```swift
/// extension WeightedMean: RestorableParts {
///     public static var parts: [StatePart<Self>] {
///         [StatePart("total", \.total), StatePart("weight", \.weight)]
///     }
/// }
/// ```
public protocol Restorable: Sendable {
    /// Adds the state's numbers, all under `name`.
    func save(to arrays: inout NamedArrays, as name: String)

    /// Takes the numbers that ``save(to:as:)`` added under `name`.
    ///
    /// - Throws: ``StateError``; the state is then neither the old nor the saved one.
    mutating func restore(from arrays: inout NamedArrays, as name: String) throws(StateError)
}

/// A state that is nothing but its parts.
public protocol RestorableParts: Restorable {
    /// Each part of the state with its name, in order.
    static var parts: [StatePart<Self>] { get }
}

/// One part of a state.
public struct StatePart<Whole>: Sendable {
    public let name: String
    fileprivate let save: @Sendable (Whole, inout NamedArrays, String) -> Void
    fileprivate let restore:
        @Sendable (inout Whole, inout NamedArrays, String) throws(StateError) -> Void

    public init<Part: Restorable>(
        _ name: String, _ path: any WritableKeyPath<Whole, Part> & Sendable
    ) {
        self.name = name
        save = { whole, arrays, name in whole[keyPath: path].save(to: &arrays, as: name) }
        restore = { whole, arrays, name throws(StateError) in
            try whole[keyPath: path].restore(from: &arrays, as: name)
        }
    }
}

extension RestorableParts {
    public func save(to arrays: inout NamedArrays, as name: String) {
        for part in Self.parts { part.save(self, &arrays, NamedArrays.path(name, part.name)) }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        for part in Self.parts {
            try part.restore(&self, &arrays, NamedArrays.path(name, part.name))
        }
    }
}

/// The state of what remembers nothing.
public struct NoState: RestorableParts {
    public init() {}
    public static var parts: [StatePart<NoState>] { [] }
}

extension NamedArrays {
    /// The numbers of a state alone.
    public init(of state: some Restorable, as name: String) {
        self.init()
        state.save(to: &self, as: name)
    }

    /// The matrix of that name, of a shape that is known.
    public mutating func takeMatrix(
        _ name: String, rows: Int, columns: Int
    ) throws(StateError) -> Matrix {
        try take(name, required: "float32 [\(rows), \(columns)]") { array in
            guard case .matrix(let matrix) = array else { return nil }
            return matrix.rows == rows && matrix.columns == columns ? matrix : nil
        }
    }

    /// A counter, in the range that it may have.
    public mutating func takeCount(
        _ name: String, in range: ClosedRange<Int>
    ) throws(StateError) -> Int {
        let value = try takeIntegers(name, count: 1)[0]
        guard let count = Int(exactly: value), range.contains(count) else {
            throw .mismatch(
                name: name,
                required: "a number from \(range.lowerBound) to \(range.upperBound)",
                found: "\(value)")
        }
        return count
    }

    /// - Parameter count: nil: however many there are.
    public mutating func takeDoubles(
        _ name: String, count: Int?
    ) throws(StateError) -> [Double] {
        try take(name, required: "float64 [\(count.map(String.init) ?? "n")]") { array in
            guard case .doubles(let values) = array else { return nil }
            return values.count == count ?? values.count ? values : nil
        }
    }

    /// - Parameter count: nil: however many there are.
    public mutating func takeIntegers(
        _ name: String, count: Int?
    ) throws(StateError) -> [Int64] {
        try take(name, required: "int64 [\(count.map(String.init) ?? "n")]") { array in
            guard case .integers(let values) = array else { return nil }
            return values.count == count ?? values.count ? values : nil
        }
    }

    /// - Parameter counts: the numbers of flags that there may be.
    public mutating func takeFlags(
        _ name: String, counts: [Int]
    ) throws(StateError) -> [Bool] {
        let sizes = counts.map(String.init).joined(separator: " or ")
        return try take(name, required: "bool [\(sizes)]") { array in
            guard case .flags(let values) = array else { return nil }
            return counts.contains(values.count) ? values : nil
        }
    }

    /// What is made of the array of a name; an error where nothing is.
    private mutating func take<Value>(
        _ name: String, required: String, _ read: (StateArray) -> Value?
    ) throws(StateError) -> Value {
        let array = try take(name)
        guard let value = read(array) else {
            throw .mismatch(name: name, required: required, found: array.words)
        }
        return value
    }
}
