/// A handle to one parameter of a model.
public struct ParameterID: Hashable, Sendable {
    let index: Int
}

/// The numbers of a model, each parameter a named matrix.
public struct Parameters: Sendable {
    /// By position, in the order in which they were added.
    public private(set) var names: [String] = []
    package var matrices: [Matrix] = []
    private(set) var traits: [ParameterTraits] = []

    public init() {}

    /// Adds a parameter. Names are paths such as `query/user_id/embeddings`.
    public mutating func add(
        _ name: String, _ initial: Matrix, _ traits: ParameterTraits = ParameterTraits()
    ) -> ParameterID {
        names.append(name)
        matrices.append(initial)
        self.traits.append(traits)
        return ParameterID(index: matrices.count - 1)
    }

    /// The numbers of a parameter, [rows, columns].
    public subscript(id: ParameterID) -> Matrix { matrices[id.index] }

    mutating func edit(_ id: ParameterID, _ body: (inout Matrix) -> Void) {
        body(&matrices[id.index])
    }

    /// The parameter of a name; nil where there is none.
    package func id(named name: String) -> ParameterID? {
        names.firstIndex(of: name).map(ParameterID.init(index:))
    }

    /// What a parameter is called.
    package func name(of id: ParameterID) -> String { names[id.index] }

    /// Gives a parameter other numbers, of its shape.
    package mutating func replace(_ id: ParameterID, with matrix: Matrix) {
        precondition(
            matrix.rows == matrices[id.index].rows
                && matrix.columns == matrices[id.index].columns, "numbers of one shape")
        matrices[id.index] = matrix
    }

    /// Has a parameter stay as it is.
    package mutating func freeze(_ id: ParameterID) { traits[id.index].isTrainable = false }

    /// The parameters in the order in which they were added.
    public var ids: [ParameterID] { matrices.indices.map(ParameterID.init(index:)) }

    /// Whether gradients move the parameter.
    public func isTrainable(_ id: ParameterID) -> Bool { traits[id.index].isTrainable }

    /// The number of trainable numbers.
    public var scalarCount: Int {
        zip(matrices, traits).reduce(0) { $0 + ($1.1.isTrainable ? $1.0.values.count : 0) }
    }

    /// Whether there is a penalty on any of them.
    public var hasRegularizers: Bool { traits.contains { $0.regularizer != nil } }

    /// The regularizers' penalty on the parameters as they are, those that do not train included.
    public var regularizationLoss: Double {
        zip(matrices, traits).reduce(0) { $0 + ($1.1.regularizer?.loss(of: $1.0) ?? 0) }
    }

    /// Adds the gradient of ``regularizationLoss`` to those of a step.
    func regularize(_ gradients: inout Gradients) {
        for (index, matrix) in matrices.enumerated() {
            guard let regularizer = traits[index].regularizer else { continue }
            gradients.add(
                .dense(regularizer.gradient(of: matrix)), to: ParameterID(index: index))
        }
    }

    /// Gives the non-trainable parameters the values that a step left for them.
    mutating func setStates(of gradients: Gradients) {
        for index in matrices.indices {
            guard let state = gradients.state(of: ParameterID(index: index)) else { continue }
            matrices[index] = state
        }
    }
}

extension Parameters: Restorable {
    /// Each by its own name.
    public func save(to arrays: inout NamedArrays, as name: String) {
        for (own, matrix) in zip(names, matrices) {
            matrix.save(to: &arrays, as: NamedArrays.path(name, own))
        }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        for index in matrices.indices {
            try matrices[index].restore(
                from: &arrays, as: NamedArrays.path(name, names[index]))
        }
    }
}

/// What is known of a parameter beside its numbers.
public struct ParameterTraits: Sendable {
    /// Whether gradients move it. Frozen embeddings and moving statistics are not trainable.
    public var isTrainable: Bool
    /// A penalty on its numbers, added to the loss of every step; nil: none.
    public var regularizer: (any Regularizer)?

    public init(isTrainable: Bool = true, regularizer: (any Regularizer)? = nil) {
        self.isTrainable = isTrainable
        self.regularizer = regularizer
    }
}
