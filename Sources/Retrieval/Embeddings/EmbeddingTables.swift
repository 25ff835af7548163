/// A table that features share by name.
struct SharedTable: Sendable {
    var parameter: ParameterID
    var rows: Int
    var columns: Int
    /// What each row stands for; nil where rows are numbers, as those of a hash.
    var vocabulary: [String?]?
    var initializer: ComponentChoice
    var regularizer: ComponentChoice?
    var trainable: Bool
    var weights: PretrainedWeights?
    /// The feature that brought it in.
    var path: String
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
            parameter: parameter, rows: rows, columns: options.outputDim, vocabulary: vocabulary,
            initializer: options.initializer.choice,
            regularizer: options.regularizer?.choice,
            trainable: options.trainable, weights: options.weights, path: path)
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
        func differ(
            _ what: String, _ first: String, _ second: String, _ advice: String = ""
        ) -> DataError {
            .impossible(
                "features that share the table '\(name)' require the same \(what); found \(second) "
                    + "here and \(first) in \(shared.path)\(advice)")
        }
        if shared.columns != options.outputDim {
            throw differ("output_dim", "\(shared.columns)", "\(options.outputDim)")
        }
        if shared.rows != rows { throw differ("number of indices", "\(shared.rows)", "\(rows)") }
        // Of a model that is built again that was seen when it was first built.
        if built == nil, shared.vocabulary != vocabulary {
            let position =
                zip(shared.vocabulary ?? [], vocabulary ?? [])
                .enumerated().first { $1.0 != $1.1 }?.offset ?? 0
            throw differ(
                "vocabulary", Self.word(shared.vocabulary, position),
                Self.word(vocabulary, position) + " as index \(position)",
                "; give both the same 'vocabulary'")
        }
        if shared.trainable != options.trainable {
            throw differ("trainable", "\(shared.trainable)", "\(options.trainable)")
        }
        if shared.initializer != options.initializer.choice {
            throw differ(
                "embeddings_initializer", shared.initializer.name, options.initializer.name)
        }
        if shared.regularizer != options.regularizer?.choice {
            throw differ(
                "embeddings_regularizer", shared.regularizer?.name ?? "none",
                options.regularizer?.name ?? "none")
        }
        if shared.weights != options.weights {
            throw differ(
                "weights", shared.weights?.path ?? "none", options.weights?.path ?? "none")
        }
    }

    private static func word(_ vocabulary: [String?]?, _ position: Int) -> String {
        guard let vocabulary else { return "numbers" }
        return position < vocabulary.count ? "'\(vocabulary[position] ?? "")'" : "none"
    }
}
