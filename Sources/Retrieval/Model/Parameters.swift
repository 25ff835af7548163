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
    /// How the rows of a table are dealt to ranks, of which ``matrices`` holds this one's; without
    /// one the whole is here.
    private var partitions: [Int: RowPartition] = [:]
    /// Tables whose numbers are made once it is known which rows of them stay here; ``matrices`` has
    /// none of them.
    private var deferred: [Int: DeferredTable] = [:]
    /// Tables of which ``matrices`` has none while towers look up their rows, some of which owe
    /// steps; nil: there are none.
    private var owing: OwingTables?

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

    /// Adds a table whose numbers are made later.
    mutating func add(_ name: String, _ table: DeferredTable, _ traits: ParameterTraits)
        -> ParameterID
    {
        let id = add(name, Matrix(rows: 0, columns: table.columns), traits)
        deferred[id.index] = table
        return id
    }

    /// The numbers of a parameter, [rows, columns].
    ///
    /// - Precondition: all of them are here, as those of tables that ranks share are not.
    public subscript(id: ParameterID) -> Matrix {
        precondition(partitions[id.index] == nil, "\(names[id.index]) is looked up by its rows")
        return deferred[id.index]?.whole ?? owing?.settlingAll(at: id.index) ?? matrices[id.index]
    }

    /// The rows of a parameter, those that other ranks hold included.
    package func rows(of id: ParameterID) -> Int {
        partitions[id.index]?.rows ?? deferred[id.index]?.rows ?? owing?.rowCount(at: id.index)
            ?? matrices[id.index].rows
    }

    /// Rows of a parameter that each of some ranks will hold, so far as that is known before they
    /// share it.
    package func rows(of id: ParameterID, sharedBy ranks: Int) -> Int {
        deferred[id.index].map { ($0.rows + ranks - 1) / ranks } ?? rows(of: id)
    }

    /// The length of a parameter's rows.
    package func columns(of id: ParameterID) -> Int { matrices[id.index].columns }

    func partition(of id: ParameterID) -> RowPartition? { partitions[id.index] }

    /// Some rows of a table. Where ranks share it they all have to ask at the same time: for rows of
    /// their own where they share the batch, otherwise for the same.
    func lookUp(
        _ indices: [Int32], in table: ParameterID, _ context: EncodingContext
    ) -> TableRows {
        guard let partition = partitions[table.index] else {
            let settled = owing?.settling(indices, at: table.index, context.lanes)
            return TableRows(matrix: settled ?? self[table], places: indices)
        }
        return context.share == nil
            ? partition.lookUp(indices, in: matrices[table.index], context.lanes)
            : partition.fetch(indices, in: matrices[table.index], context.lanes)
    }

    /// Has rows of a table take the steps that they owe as they are looked up, until the table is
    /// taken back.
    mutating func lend(_ table: ParameterID, settledBy settler: any RowSettling) {
        let weights = matrices[table.index]
        matrices[table.index] = Matrix(rows: 0, columns: weights.columns)
        let tables = owing ?? OwingTables()
        tables.add(OwingTable(weights, settler), at: table.index)
        owing = tables
    }

    /// Takes a table back, if it was lent.
    ///
    /// - Returns: who has settled its rows.
    mutating func takeBack(_ table: ParameterID) -> (any RowSettling)? {
        guard let lent = owing?.take(at: table.index) else { return nil }
        matrices[table.index] = lent.weights
        return lent.settler
    }

    /// Leaves this rank its rows of the tables that are looked up.
    ///
    /// - Parameter whole: tables that have to stay in one piece.
    mutating func spread(over ranks: any Communicator, keepingWhole whole: Set<ParameterID>) {
        for id in ids where !ranks.isAlone && traits[id.index].isLookedUp && !whole.contains(id) {
            guard traits[id.index].regularizer == nil, partitions[id.index] == nil else { continue }
            let partition = RowPartition(ranks: ranks, rows: rows(of: id))
            matrices[id.index] =
                deferred[id.index]?.own(by: partition) ?? partition.own(of: matrices[id.index])
            partitions[id.index] = partition
            deferred[id.index] = nil
        }
        for (index, table) in deferred { matrices[index] = table.whole }
        deferred = [:]
    }

    /// Brings all rows to the first rank, for good: the others are left without any.
    package mutating func unite() {
        for (index, partition) in partitions.sorted(by: { $0.key < $1.key }) {
            matrices[index] = partition.whole(of: matrices[index])
        }
        partitions = [:]
    }

    mutating func edit(_ id: ParameterID, _ body: (inout Matrix) -> Void) {
        if let table = deferred.removeValue(forKey: id.index) { matrices[id.index] = table.whole }
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
            matrix.rows == rows(of: id) && matrix.columns == columns(of: id),
            "numbers of one shape")
        deferred[id.index] = nil
        matrices[id.index] = matrix
    }

    /// Has a parameter stay as it is.
    package mutating func freeze(_ id: ParameterID) { traits[id.index].isTrainable = false }

    /// The parameters in the order in which they were added.
    public var ids: [ParameterID] { matrices.indices.map(ParameterID.init(index:)) }

    /// Whether gradients move the parameter.
    public func isTrainable(_ id: ParameterID) -> Bool { traits[id.index].isTrainable }

    /// Whether nobody reads the parameter in a step but who looks up rows of it.
    func isLookedUpAlone(_ id: ParameterID) -> Bool {
        traits[id.index].isLookedUp && traits[id.index].regularizer == nil
    }

    /// The number of trainable numbers.
    public var scalarCount: Int {
        ids.reduce(0) {
            $0 + (isTrainable($1) ? rows(of: $1) * matrices[$1.index].columns : 0)
        }
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
    /// Each by its own name. Tables that ranks share are whole at the first one, or stay apart.
    public func save(to arrays: inout NamedArrays, as name: String) {
        for (index, matrix) in matrices.enumerated() {
            let path = NamedArrays.path(name, names[index])
            if let partition = partitions[index], arrays.leavesRowsApart {
                arrays.add(.matrix(matrix), as: path, partition.part)
            } else {
                (partitions[index]?.whole(of: matrix) ?? matrix).save(to: &arrays, as: path)
            }
        }
    }

    /// Which rows this rank has of an array of a state, as that of a parameter or of what an optimizer
    /// remembers of it is called; nil: all of them.
    func part(ofArray name: String) -> PartOfRows? {
        let own = names.indices.filter { index in
            ["", "/slots", "/seen"].contains { name.hasSuffix("/" + names[index] + $0) }
        }
        // A parameter's name may be the end of another's.
        let parameter = own.max { names[$0].utf8.count < names[$1].utf8.count }
        return parameter.flatMap { partitions[$0]?.part }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        for index in matrices.indices {
            let path = NamedArrays.path(name, names[index])
            if let partition = partitions[index], arrays.part(of: path) == nil {
                matrices[index] = partition.own(
                    of: try arrays.takeMatrix(
                        path, rows: partition.rows, columns: matrices[index].columns))
            } else {
                try matrices[index].restore(from: &arrays, as: path)
            }
        }
    }
}

/// What is known of a parameter beside its numbers.
public struct ParameterTraits: Sendable {
    /// Whether gradients move it. Frozen embeddings and moving statistics are not trainable.
    public var isTrainable: Bool
    /// A penalty on its numbers, added to the loss of every step; nil: none.
    public var regularizer: (any Regularizer)?
    /// Whether towers look up rows of it and nothing else, so that ranks may share the rows.
    var isLookedUp = false

    public init(isTrainable: Bool = true, regularizer: (any Regularizer)? = nil) {
        self.isTrainable = isTrainable
        self.regularizer = regularizer
    }

    /// Those of a table of embeddings.
    package static func table(
        isTrainable: Bool = true, regularizer: (any Regularizer)? = nil
    ) -> ParameterTraits {
        var traits = ParameterTraits(isTrainable: isTrainable, regularizer: regularizer)
        traits.isLookedUp = true
        return traits
    }
}
