import Synchronization

/// The gradient of a loss with respect to one parameter.
public enum Gradient: Sendable {
    /// A number for each of the parameter's, of its shape.
    case dense(Matrix)
    /// Row i of `rows` belongs to row `indices[i]` of the parameter; an index may repeat, and its
    /// rows add up.
    case sparse(indices: [Int32], rows: Matrix)
}

/// What one step owes the parameters: gradients for the trainable ones, new values for others.
public struct Gradients: Sendable {
    /// What was added to each: one, or several sparse ones, which are added up when somebody asks.
    private var byParameter: [Int: [Gradient]] = [:]
    private var states: [Int: Matrix] = [:]
    private let traits: [ParameterTraits]?
    /// What was added, in order, where ranks have yet to add it up; nil: nothing waits for that.
    private var found: [FoundGradient]?
    /// How many ranks, from the first on, find anything at all of what is added now.
    private var findingRanks = 0
    /// The penalties of the step, which Keras adds to its loss; their gradients are among the
    /// others.
    public var regularizationLoss = 0.0

    /// - Parameter parameters: those that are not trainable take no gradient; nil: all take one.
    public init(for parameters: Parameters? = nil) {
        traits = parameters?.traits
    }

    /// The gradient of a parameter; nil where it has none.
    public subscript(id: ParameterID) -> Gradient? { byParameter[id.index].map(Gradient.joining) }

    /// The gradient of a parameter, each index at most once, as ``Gradient/coalesced(parameterRows:_:)``
    /// of it; nil where it has none.
    func coalesced(_ id: ParameterID, parameterRows: Int, _ lanes: Lanes) -> Gradient? {
        byParameter[id.index].map {
            Gradient.coalescing($0, parameterRows: parameterRows, lanes)
        }
    }

    /// The gradients that there are, in the order of the parameters.
    public var ordered: [(id: ParameterID, gradient: Gradient)] {
        byParameter.keys.sorted().compactMap { index in
            byParameter[index].map { (ParameterID(index: index), Gradient.joining($0)) }
        }
    }

    /// The same with each gradient changed.
    func mapping(_ change: (Gradient) -> Gradient) -> Gradients {
        var copy = self
        copy.byParameter = byParameter.mapValues { $0.map(change) }
        return copy
    }

    /// Adds to what the parameter has so far; a parameter that is not trainable has none.
    public mutating func add(_ gradient: Gradient, to id: ParameterID) {
        guard traits?[id.index].isTrainable != false else { return }
        if found != nil {
            found?.append(
                FoundGradient(target: .parameter(id), gradient: gradient, ranks: findingRanks))
            return
        }
        let old = byParameter.removeValue(forKey: id.index) ?? []
        let staysApart = gradient.isSparse && old.allSatisfy(\.isSparse)
        byParameter[id.index] =
            staysApart || old.isEmpty
            ? old + [gradient] : [Gradient.joining(old).adding(gradient)]
    }

    /// Adds what `finish` makes of sums, once these are those of all ranks.
    mutating func add(sums: Matrix, finish: @escaping FoundGradient.Finish) {
        guard found != nil else { return finish(sums, &self) }
        found?.append(
            FoundGradient(target: .sums(finish), gradient: .dense(sums), ranks: findingRanks))
    }

    /// Adds what all ranks find, each of the inputs that are its own, which `find` adds.
    mutating func join(
        _ joining: GradientJoining, _ parameters: Parameters, _ lanes: Lanes,
        _ find: (inout Gradients) -> Void
    ) {
        found = []
        findingRanks = joining.ranks.size
        find(&self)
        let all = found ?? []
        found = nil
        for part in joining.joined(all, parameters, lanes) {
            switch part.target {
            case .parameter(let id): add(part.gradient, to: id)
            case .sums(let finish): finish(part.gradient.values, &self)
            }
        }
    }

    /// Adds what `find` does, of which only some ranks have any.
    mutating func finding(atRanks count: Int?, _ find: (inout Gradients) -> Void) {
        let before = findingRanks
        findingRanks = count ?? before
        find(&self)
        findingRanks = before
    }

    /// The value, of the parameter's shape, that it has after the step, where a layer keeps one
    /// there.
    public func state(of id: ParameterID) -> Matrix? { states[id.index] }

    /// Leaves a value of its shape, such as a moving mean, for a parameter that is not trainable.
    public mutating func setState(_ value: Matrix, of id: ParameterID) {
        states[id.index] = value
    }
}

extension Gradient {
    /// Of a sparse one.
    fileprivate var indices: [Int32]? {
        switch self {
        case .dense: nil
        case .sparse(let indices, _): indices
        }
    }

    fileprivate var isSparse: Bool { indices != nil }

    /// The sum of what ``Gradients`` holds of a parameter.
    fileprivate static func joining(_ parts: [Gradient]) -> Gradient {
        parts.dropFirst().reduce(parts[0]) { $0.adding($1) }
    }

    func adding(_ other: Gradient) -> Gradient {
        switch (self, other) {
        case (.dense(let sum), .dense(let more)):
            return .dense(sum.adding(more))
        case (.dense(var sum), .sparse(let indices, let rows)):
            Rows.scatterAdd(rows, at: indices, into: &sum)
            return .dense(sum)
        case (.sparse, .dense):
            return other.adding(self)
        case (.sparse(let indices, let rows), .sparse(let more, let moreRows)):
            return .sparse(
                indices: indices + more,
                rows: Matrix(
                    rows: rows.rows + moreRows.rows, columns: rows.columns,
                    values: rows.values + moreRows.values))
        }
    }

    /// The same gradient with each index at most once: rows of equal index are added in order, as
    /// Keras does before an optimizer squares them.
    func coalesced(parameterRows: Int, _ lanes: Lanes) -> Gradient {
        Gradient.coalescing([self], parameterRows: parameterRows, lanes)
    }

    /// The same of the sum of several, if there are, sparse ones.
    fileprivate static func coalescing(
        _ parts: [Gradient], parameterRows: Int, _ lanes: Lanes
    ) -> Gradient {
        let found = parts.compactMap(\.indices)
        guard let first = found.first else { return joining(parts) }
        let indices = found.dropFirst().reduce(first, +)
        let distinct = DistinctKeys(indices[...], keyCount: parameterRows)
        guard distinct.keys.count < indices.count else { return joining(parts) }
        return .sparse(
            indices: distinct.keys,
            rows: Rows.sums(
                of: parts.map(\.values), groupOf: distinct.positions, count: distinct.keys.count,
                lanes))
    }
}

extension Gradient {
    /// The numbers of a gradient, row by row: all of a dense one, those given of a sparse one.
    var values: Matrix {
        switch self {
        case .dense(let matrix), .sparse(_, let matrix): matrix
        }
    }

    mutating func mapValues(_ change: (inout Float) -> Void) {
        func changed(_ matrix: Matrix) -> Matrix {
            var matrix = matrix
            matrix.values.withUnsafeMutableBufferPointer { buffer in
                for index in buffer.indices { change(&buffer[index]) }
            }
            return matrix
        }
        switch self {
        case .dense(let matrix): self = .dense(changed(matrix))
        case .sparse(let indices, let rows): self = .sparse(indices: indices, rows: changed(rows))
        }
    }

    /// Whether every number is finite.
    func isFinite(_ lanes: Lanes) -> Bool {
        let values = values.values
        let isFinite = Atomic<Bool>(true)
        lanes.forEachRange(of: values.count, cost: 2) { range in
            values.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                var (greater, equal, nonfinite): (UInt32, UInt32, UInt32) = (0, 0, 0)
                Kernels.countGreater(
                    start + range.lowerBound, range.count, 0, &greater, &equal, &nonfinite)
                if nonfinite > 0 { isFinite.store(false, ordering: .relaxed) }
            }
        }
        return isFinite.load(ordering: .relaxed)
    }
}
