/// Collects the parameters of a model while its towers are built.
public struct ModelBuilder: Sendable {
    /// The most numbers of one parameter: 4 GiB, and as much again for the optimizer's state.
    static let maximumScalars = 1 << 30

    /// Where files that a component names are found.
    public let environment: DataEnvironment
    private let seed: UInt64
    /// What was added so far.
    public private(set) var parameters = Parameters()
    /// What the model is built of again; nil: it is built for the first time.
    let built: BuiltParts?
    /// What its parts have learned from data, those of earlier builds included.
    public internal(set) var learned = Learned()
    /// Tokens out of vocabulary, where the model is built again.
    public internal(set) var unknownTokens: [UnknownToken] = []
    /// Why the earlier model is not what this model was; nil as far as it is.
    public private(set) var misfit: String?
    /// What a reader of the results ought to know of how the model was built.
    public var notes: [String] = []
    /// The features and layers in the order in which they were built, each before those inside it.
    public internal(set) var parts: [ModelPart] = []
    /// How many parts the next one stands inside of.
    var depth = 0
    /// What features leave for others to share, by its type and its name.
    private var shared: [ObjectIdentifier: [String: any Sendable]] = [:]

    /// Bytes that the parameters may take together; nil: whatever they need.
    public var memoryLimit: Int?
    private var takenBytes = 0
    /// How many ranks share the tables. Where there are several, the numbers of a table are made once
    /// each knows which rows are its own.
    public var ranks = 1

    /// - Parameter seed: the experiment's; each parameter draws from a stream of its own, named
    ///   by its path, so that adding one never changes another.
    public init(seed: UInt64, environment: DataEnvironment = .process) {
        self.environment = environment
        self.seed = seed
        built = nil
    }

    /// Builds a model again, of other inputs: it draws and learns nothing.
    ///
    /// - Parameter learned: what earlier builds have made of the same parts.
    public init(
        again built: BuiltParts, learned: Learned = Learned(),
        environment: DataEnvironment = .process
    ) {
        self.environment = environment
        seed = 0
        self.built = built
        self.learned = learned
    }

    /// What a feature has left under a name for others of its kind to share, such as a table.
    subscript<Thing: Sendable>(shared type: Thing.Type, name: String) -> Thing? {
        get { shared[ObjectIdentifier(type)]?[name] as? Thing }
        set { shared[ObjectIdentifier(type), default: [:]][name] = newValue }
    }

    /// Adds a parameter that starts as given.
    public mutating func addParameter(
        _ path: String, _ initial: Matrix, _ traits: ParameterTraits = ParameterTraits()
    ) -> ParameterID {
        guard let known = restored(path, rows: initial.rows, columns: initial.columns) else {
            return parameters.add(path, initial, traits)
        }
        return parameters.add(path, known, traits)
    }

    /// The numbers that a parameter had; nil where the model is built for the first time, or had
    /// none of that name and shape, which ``misfit`` then says.
    private mutating func restored(_ path: String, rows: Int, columns: Int) -> Matrix? {
        guard let built else { return nil }
        if let known = built.parameters[path], known.rows == rows, known.columns == columns {
            return known
        }
        let found = built.parameters[path].map { "[\($0.rows), \($0.columns)]" } ?? "none"
        misfit = misfit ?? "'\(path)' requires numbers [\(rows), \(columns)]; found \(found)"
        return nil
    }

    /// Changes where a parameter starts.
    mutating func edit(_ id: ParameterID, _ body: (inout Matrix) -> Void) {
        guard built == nil else { return }
        parameters.edit(id, body)
    }

    /// Adds a parameter of shape [rows, columns], initialised as `initializer` says.
    ///
    /// - Throws: ``DataError/impossible(_:)`` for a table that no machine would hold.
    public mutating func addParameter(
        _ path: String, rows: Int, columns: Int, initializer: any Initializer,
        _ traits: ParameterTraits = ParameterTraits()
    ) throws(DataError) -> ParameterID {
        if let known = restored(path, rows: rows, columns: columns) {
            return parameters.add(path, known, traits)
        }
        if let misfit { throw .impossible(misfit) }
        if ranks > 1, traits.isLookedUp, traits.regularizer == nil,
            let drawing = initializer.drawingRows(of: rows, columns: columns)
        {
            try checkSize(path, rows: (rows + ranks - 1) / ranks, columns: columns)
            takenBytes += (rows + ranks - 1) / ranks * columns * MemoryLayout<Float>.stride
            return parameters.add(
                path,
                DeferredTable(
                    rows: rows, columns: columns, initializer: drawing, stream: stream(of: path)),
                traits)
        }
        let matrix = try initialMatrix(
            path, rows: rows, columns: columns, initializer: initializer)
        takenBytes += matrix.values.count * MemoryLayout<Float>.stride
        return parameters.add(path, matrix, traits)
    }

    /// The numbers that a parameter of that name starts with.
    func initialMatrix(
        _ path: String, rows: Int, columns: Int, initializer: any Initializer
    ) throws(DataError) -> Matrix {
        try checkSize(path, rows: rows, columns: columns)
        var stream = stream(of: path)
        return initializer.makeMatrix(rows: rows, columns: columns, stream: &stream)
    }

    private func stream(of path: String) -> RandomStream {
        RandomStream(seed: seed, stream: StreamNames.initialize(path))
    }

    private func checkSize(_ path: String, rows: Int, columns: Int) throws(DataError) {
        let (count, overflowed) = rows.multipliedReportingOverflow(by: columns)
        guard !overflowed, count <= Self.maximumScalars else {
            throw .impossible(
                "\(path) would hold \(rows) x \(columns) numbers, more than "
                    + "\(Self.maximumScalars)")
        }
        let needed = takenBytes + count * MemoryLayout<Float>.stride
        if let memoryLimit, needed > memoryLimit {
            throw .impossible(
                "\(path), \(rows) x \(columns) numbers, brings the model to \(needed >> 20) MiB; "
                    + "\(memoryLimit >> 20) MiB of memory are allowed")
        }
    }
}
