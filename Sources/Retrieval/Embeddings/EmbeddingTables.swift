/// A table that features share by name.
struct SharedTable: Sendable {
    var parameter: ParameterID
    var rows: Int
    /// What each row stands for; nil where rows are numbers, as those of a hash.
    var vocabulary: [String?]?
    /// The options of the feature that brought it in.
    var options: EmbeddingOptions
    /// The feature that brought it in.
    var path: String
}

/// A table that a feature shares by name, as far as it is known before there are data.
public struct SharedTableUse: Sendable {
    /// The table's name.
    public var name: String
    /// How the feature wants it.
    public var options: EmbeddingOptions
    /// Its rows; nil where data tell them.
    public var rows: Int?
    /// The fields of the feature that lead to the options, such as `embedding`.
    public var place: String

    init?(_ options: EmbeddingOptions?, rows: Int? = nil, at place: String = "embedding") {
        guard let options, let name = options.table else { return nil }
        self.name = name
        self.options = options
        self.rows = rows
        self.place = place
    }

    /// What the features that share the table require alike and is not; nil: nothing.
    ///
    /// - Parameter first: of the feature that brought the table in.
    public func difference(from first: SharedTableUse) -> TableDifference? {
        if let difference = options.difference(from: first.options) { return difference }
        guard let rows, let others = first.rows, rows != others else { return nil }
        return .rows(others, rows)
    }
}

/// What two features want otherwise of the table that they share.
public struct TableDifference: Sendable {
    /// What is to be alike: the option, or the number of indices.
    public var what: String
    /// The option; nil where it is another thing that differs.
    public var option: String?
    /// What the feature has that brought the table in, and what the other one has.
    public var first: String, second: String

    static func rows(_ first: Int, _ second: Int) -> TableDifference {
        TableDifference(what: "number of indices", first: "\(first)", second: "\(second)")
    }

    /// - Parameter place: of the feature that brought the table in.
    public func words(table: String, first place: String) -> String {
        "features that share the table '\(table)' require the same \(what); found \(second) here "
            + "and \(first) in \(place)"
    }
}

extension EmbeddingOptions {
    /// The first option that makes another table of a shared one; nil where they are of one kind.
    func difference(from first: EmbeddingOptions) -> TableDifference? {
        func option<Value>(
            _ field: Field<Value>, _ first: String, _ second: String
        ) -> TableDifference {
            TableDifference(what: field.name, option: field.name, first: first, second: second)
        }
        if first.outputDim != outputDim {
            return option(Self.outputDimField, "\(first.outputDim)", "\(outputDim)")
        }
        if first.trainable != trainable {
            return option(Self.trainableField, "\(first.trainable)", "\(trainable)")
        }
        if first.initializer.choice != initializer.choice {
            return option(Self.initializerField, first.initializer.name, initializer.name)
        }
        if first.regularizer?.choice != regularizer?.choice {
            return option(
                Self.regularizerField, first.regularizer?.name ?? "none",
                regularizer?.name ?? "none")
        }
        if first.weights != weights {
            return option(
                Self.weightsField, first.weights?.path ?? "none", weights?.path ?? "none")
        }
        return nil
    }
}

extension ModelBuilder {
    /// The table of an embedding: a new one, or the one that another feature shares by name.
    ///
    /// - Parameters:
    ///   - rows: indices that the feature has.
    ///   - vocabulary: what each index stands for; nil where it stands for no token.
    ///   - path: the feature's.
    /// - Throws: ``DataError/impossible(_:)`` where the features that share a table disagree.
    mutating func addTable(
        _ options: EmbeddingOptions, rows: Int, vocabulary: [String?]?, path: String
    ) throws -> ParameterID {
        guard let name = options.table else {
            return try makeTable(
                options, rows, vocabulary, path: path + "/embeddings", owner: path)
        }
        if let shared = self[shared: SharedTable.self, name] {
            try check(shared, name, options, rows, vocabulary)
            return shared.parameter
        }
        let parameter = try makeTable(
            options, rows, vocabulary, path: "tables/\(name)/embeddings", owner: path)
        self[shared: SharedTable.self, name] = SharedTable(
            parameter: parameter, rows: rows, vocabulary: vocabulary, options: options, path: path)
        return parameter
    }

    private mutating func makeTable(
        _ options: EmbeddingOptions, _ rows: Int, _ vocabulary: [String?]?, path: String,
        owner: String
    ) throws -> ParameterID {
        if let vocabulary {
            learned.tables[path] = TokenTable(owner: owner, tokens: vocabulary)
        }
        let traits = ParameterTraits.table(
            isTrainable: options.trainable, regularizer: options.regularizer?.product)
        let initializer = options.initializer.product
        guard let weights = options.weights, built == nil else {
            return try addParameter(
                path, rows: rows, columns: options.outputDim, initializer: initializer, traits)
        }
        var matrix = try initialMatrix(
            path, rows: rows, columns: options.outputDim, initializer: initializer)
        let missing = try weights.fill(&matrix, vocabulary: vocabulary, in: environment)
        if missing > 0 {
            notes.append(
                "\(path): \(missing) of \(rows) rows are not in '\(weights.path)' and start as "
                    + "\(options.initializer.name) makes them")
        }
        return addParameter(path, matrix, traits)
    }

    private func check(
        _ shared: SharedTable, _ name: String, _ options: EmbeddingOptions, _ rows: Int,
        _ vocabulary: [String?]?
    ) throws(DataError) {
        func refuse(_ difference: TableDifference, _ advice: String = "") -> DataError {
            .impossible(difference.words(table: name, first: shared.path) + advice)
        }
        if let difference = options.difference(from: shared.options) { throw refuse(difference) }
        if shared.rows != rows { throw refuse(.rows(shared.rows, rows)) }
        // Of a model that is built again that was seen when it was first built.
        guard built == nil, shared.vocabulary != vocabulary else { return }
        let position =
            zip(shared.vocabulary ?? [], vocabulary ?? [])
            .enumerated().first { $1.0 != $1.1 }?.offset ?? 0
        throw refuse(
            TableDifference(
                what: "vocabulary", first: Self.word(shared.vocabulary, position),
                second: Self.word(vocabulary, position) + " as index \(position)"),
            "; give both the same 'vocabulary'")
    }

    private static func word(_ vocabulary: [String?]?, _ position: Int) -> String {
        guard let vocabulary else { return "numbers" }
        return position < vocabulary.count ? "'\(vocabulary[position] ?? "")'" : "none"
    }
}
