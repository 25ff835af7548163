/// Builds the graph of a tower.
public struct ONNXTowerBuilder {
    let parameters: Parameters
    let learned: Learned
    /// Whether a column holds lists.
    let isList: (String) -> Bool
    private var graph = ONNXGraph()
    /// What stands for the inputs that ONNX cannot compute, for each of the tower's keys: a list of
    /// numbers, by the input's name.
    public private(set) var tables: [(name: String, rows: [[Float]])] = []
    /// The feature whose part of the graph is made.
    private var current: (any FeatureEncoder)?
    private let keyCount: Int

    /// What ONNX cannot say and whoever runs the graph has to do, a sentence each.
    public private(set) var notes: [String] = []

    /// - Parameters:
    ///   - learned: what the features have learned.
    ///   - keyCount: of the tower: ``tables`` have so many rows.
    ///   - isList: whether a column holds lists of tokens.
    public init(
        parameters: Parameters, learned: Learned, keyCount: Int,
        isList: @escaping (String) -> Bool
    ) {
        self.keyCount = keyCount
        self.parameters = parameters
        self.learned = learned
        self.isList = isList
    }

    private static let batch = ONNXGraph.Dimension.named("batch")
    private static let length = ONNXGraph.Dimension.named("length")

    /// The graph of a tower.
    ///
    /// - Parameters:
    ///   - features: each with its path; ``FeatureTower/features`` has their encoders.
    ///   - normalizes: whether embeddings are divided by their length.
    public mutating func makeGraph(
        of tower: FeatureTower, features: [(path: String, feature: any FeatureDefinition)],
        normalizes: Bool
    ) throws(ONNXError) -> ONNXGraph {
        let summed = tower.features.first as? SummedEncoder
        let encoders = summed?.parts ?? tower.features
        var parts: [ONNXGraph.Value] = []
        for ((path, feature), encoder) in zip(features, encoders) {
            current = encoder
            parts.append(try add(feature, encoder, path))
        }
        var value = parts[0]
        if summed != nil {
            for part in parts.dropFirst() { value = graph.node("Add", [value, part]) }
        } else if parts.count > 1 {
            value = graph.node("Concat", parts, [("axis", .integer(-1))])
        }
        value = try tower.layers.add(to: &graph, value, parameters)
        if normalizes { value = graph.unitRows(value, epsilon: UnitRows.epsilon) }
        var shape: [ONNXGraph.Dimension] = [Self.batch, .fixed(tower.outputDimension)]
        if tower.heads > 1 {
            shape.insert(.fixed(tower.heads), at: 1)
            value = graph.node(
                "Reshape",
                [value, graph.constant([-1, tower.heads, tower.outputDimension])])
        }
        graph.output(value, as: "embedding", shape, "scored by its dot product")
        return graph
    }

    private mutating func add(
        _ feature: any FeatureDefinition, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        switch feature {
        case let feature as StringLookup:
            let isList = feature.separator != nil || self.isList(feature.column)
            if feature.separator != nil {
                notes.append("'\(feature.column)' is an input of tokens, split already")
            }
            let lookup = try lookup(path, of: UTF8Token.self)
            let indices = indices(
                of: lookup, isList: isList, input: feature.column, path
            ) { $0.text }
            return try categorical(
                feature.output, indices, isList: isList, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as IntegerLookup:
            let lookup = try lookup(path, of: Int64.self)
            let indices = integerIndices(of: lookup, input: feature.column, path)
            return try categorical(
                feature.output, indices, isList: false, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as Hashing:
            let isList = feature.separator != nil || self.isList(feature.column)
            let indices = indexInput(
                path, isList: isList, "the bucket of '\(feature.column)'", "hash functions")
            return try categorical(
                feature.output, indices, isList: isList, depth: feature.numBins, weights: [], path)
        case let feature as UnifiedEmbedding:
            return try unified(feature, encoder, path)
        case let feature as TextVectorization:
            let lookup = try lookup(path, of: UTF8Token.self)
            let indices = indexInput(
                path, isList: true, "the vocabulary's indices of the tokens of '\(feature.column)'",
                "the splitting of texts")
            return try categorical(
                feature.output, indices, isList: true, depth: lookup.depth,
                weights: lookup.idfWeights, path)
        case let feature as Discretization:
            return try discretized(feature, path)
        case let feature as Normalization:
            guard let learned = learned[path] as? Standardizer else { throw unknown(path) }
            let deviation = max(learned.variance[0].squareRoot(), 1e-7)
            let centred = graph.node(
                "Sub", [number(feature.column), graph.constant(learned.mean[0])])
            return column(graph.node("Div", [centred, graph.constant(deviation)]))
        case let feature as Numeric:
            return column(number(feature.column))
        case let feature as TimestampPart:
            return try timestamp(feature, path)
        case let feature as History:
            return try history(feature, encoder, path)
        default:
            throw ONNXError(
                "a feature of type \(type(of: feature)) has no translation into ONNX")
        }
    }

    private func unknown(_ path: String) -> ONNXError {
        ONNXError("what '\(path)' has learned is not there")
    }

    private func lookup<Token: LookupToken>(
        _ path: String, of type: Token.Type
    ) throws(ONNXError) -> IndexLookup<Token> {
        guard let lookup = learned[path] as? IndexLookup<Token> else { throw unknown(path) }
        return lookup
    }

    // MARK: Inputs

    private mutating func number(_ column: String) -> ONNXGraph.Value {
        graph.input(column, .float, [Self.batch], "'\(column)' as it is")
    }

    private mutating func column(_ value: ONNXGraph.Value) -> ONNXGraph.Value {
        graph.node("Unsqueeze", [value, graph.constant([1])])
    }

    /// Indices that whoever runs the graph has to find.
    private mutating func indexInput(
        _ path: String, isList: Bool, _ meaning: String, _ lacking: String
    ) -> ONNXGraph.Value {
        let name = path + "/indices"
        let padding = isList ? "; -1 pads" : ""
        notes.append("'\(name)' is an input: \(meaning)\(padding) (ONNX lacks \(lacking))")
        noteTable(name)
        return graph.input(
            name, .int64, isList ? [Self.batch, Self.length] : [Self.batch], meaning + padding)
    }

    /// Takes note of what an input is for the keys that there are.
    private mutating func noteTable(_ name: String) {
        guard let known = current as? any ONNXKnownInputs else { return }
        tables.append((name, (0..<keyCount).map { known.inputs(ofKey: Int32($0)) }))
    }

    /// The indices of tokens: strings in, where the graph can look them up.
    private mutating func indices(
        of lookup: IndexLookup<UTF8Token>, isList: Bool, input name: String, _ path: String,
        text: (UTF8Token) -> String
    ) -> ONNXGraph.Value {
        guard lookup.options.numOOVIndices <= 1 else {
            return indexInput(
                path, isList: isList, "the vocabulary's index of '\(name)'",
                "the hash function that tells several indices out of vocabulary")
        }
        var keys = lookup.tokens.map(text)
        var values = lookup.tokens.indices.map { $0 + lookup.specialCount }
        if let mask = lookup.options.maskToken {
            keys.append(text(mask))
            values.append(lookup.options.outputMode == .int ? 0 : -1)
        }
        if isList, !keys.contains("") {
            keys.append("")
            values.append(-1)
        }
        let shape = isList ? [Self.batch, Self.length] : [Self.batch]
        let input = graph.input(
            name, .string, shape, isList ? "tokens; an empty one pads" : "a token")
        return graph.node(
            "LabelEncoder", [input],
            [
                ("keys_strings", .strings(keys)), ("values_int64s", .integers(values)),
                ("default_int64", .integer(Self.outOfVocabulary(lookup))),
            ], domain: "ai.onnx.ml")
    }

    private mutating func integerIndices(
        of lookup: IndexLookup<Int64>, input name: String, _ path: String
    ) -> ONNXGraph.Value {
        guard lookup.options.numOOVIndices <= 1 else {
            return indexInput(
                path, isList: false, "the vocabulary's index of '\(name)'",
                "the rule for several indices out of vocabulary")
        }
        var keys = lookup.tokens.map { Int($0) }
        var values = lookup.tokens.indices.map { $0 + lookup.specialCount }
        if let mask = lookup.options.maskToken {
            keys.append(Int(mask))
            values.append(lookup.options.outputMode == .int ? 0 : -1)
        }
        return graph.node(
            "LabelEncoder", [graph.input(name, .int64, [Self.batch], "an integer")],
            [
                ("keys_int64s", .integers(keys)), ("values_int64s", .integers(values)),
                ("default_int64", .integer(Self.outOfVocabulary(lookup))),
            ], domain: "ai.onnx.ml")
    }

    /// The index of what is out of vocabulary; -1 where there is none.
    private static func outOfVocabulary<Token>(_ lookup: IndexLookup<Token>) -> Int {
        lookup.options.numOOVIndices == 0 ? -1 : lookup.specialCount - 1
    }

    // MARK: What becomes of indices

    /// - Parameter indices: 64-bit, [batch] or, padded by -1, [batch, length].
    private mutating func categorical(
        _ output: CategoricalOutput, _ indices: ONNXGraph.Value, isList: Bool, depth: Int,
        weights: [Float], _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        if let embedding = output.embedding {
            let table = try table(embedding, path)
            guard isList else { return graph.node("Gather", [table, indices]) }
            return bag(table, indices, embedding)
        }
        let ones = oneHot(indices, depth: depth)
        guard isList else { return weighted(ones, output.mode, weights) }
        let counts = graph.node(
            "ReduceSum", [ones, graph.constant([1])], [("keepdims", .integer(0))])
        switch output.mode {
        case .count, .tfIDF: return weighted(counts, output.mode, weights)
        case .int, .oneHot, .multiHot: return graph.node("Min", [counts, graph.constant(1)])
        }
    }

    private mutating func weighted(
        _ value: ONNXGraph.Value, _ mode: OutputMode, _ weights: [Float]
    ) -> ONNXGraph.Value {
        guard mode == .tfIDF else { return value }
        return graph.node(
            "Mul",
            [value, graph.constant(Matrix(rows: 1, columns: weights.count, values: weights))])
    }

    /// A 1 at each index, nothing for -1.
    private mutating func oneHot(_ indices: ONNXGraph.Value, depth: Int) -> ONNXGraph.Value {
        let values = graph.node(
            "Cast", [graph.constant([0, 1])], [("to", .integer(1))])
        let ones = graph.node(
            "OneHot", [indices, graph.constant([depth], shape: []), values],
            [("axis", .integer(-1))])
        let mask = graph.node(
            "Unsqueeze", [present(indices), graph.constant([-1])])
        return graph.node("Mul", [ones, mask])
    }

    /// 1 where there is an index, 0 for -1.
    private mutating func present(_ indices: ONNXGraph.Value) -> ONNXGraph.Value {
        graph.node(
            "Cast", [graph.node("GreaterOrEqual", [indices, graph.constant([0], shape: [])])],
            [("to", .integer(1))])
    }

    private mutating func bag(
        _ table: ONNXGraph.Value, _ indices: ONNXGraph.Value, _ embedding: EmbeddingOptions
    ) -> ONNXGraph.Value {
        var mask = present(indices)
        if embedding.maskZero {
            mask = graph.node(
                "Cast", [graph.node("Greater", [indices, graph.constant([0], shape: [])])],
                [("to", .integer(1))])
        }
        let safe = graph.node("Max", [indices, graph.constant([0], shape: [])])
        let rows = graph.node("Gather", [table, safe])
        let column = graph.node("Unsqueeze", [mask, graph.constant([2])])
        let sum = graph.node(
            "ReduceSum", [graph.node("Mul", [rows, column]), graph.constant([1])],
            [("keepdims", .integer(0))])
        let count = graph.node(
            "Max",
            [graph.node("ReduceSum", [mask, graph.constant([1])]), graph.constant(1)])
        switch embedding.combiner {
        case .sum: return sum
        case .mean: return graph.node("Div", [sum, count])
        case .sqrtn: return graph.node("Div", [sum, graph.node("Sqrt", [count])])
        }
    }

    private mutating func table(
        _ embedding: EmbeddingOptions, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        let name = embedding.table.map { "tables/\($0)/embeddings" } ?? path + "/embeddings"
        guard let id = parameters.id(named: name) else { throw unknown(name) }
        return graph.parameter(id, parameters)
    }

    // MARK: Single features

    private mutating func discretized(
        _ feature: Discretization, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let buckets = learned[path] as? Buckets else { throw unknown(path) }
        let x = column(number(feature.column))
        let boundaries = buckets.boundaries.isEmpty ? [.infinity] : buckets.boundaries
        let isAbove = graph.node(
            "GreaterOrEqual",
            [
                x,
                graph.constant(
                    Matrix(rows: 1, columns: boundaries.count, values: boundaries)),
            ])
        let indices = graph.node(
            "ReduceSum",
            [graph.node("Cast", [isAbove], [("to", .integer(7))]), graph.constant([1])],
            [("keepdims", .integer(0))])
        return try categorical(
            feature.output, indices, isList: false, depth: buckets.count, weights: [], path)
    }

    private mutating func timestamp(
        _ feature: TimestampPart, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard feature.output != .cyclic else {
            let name = path + "/phase"
            let meaning =
                "sine and cosine of the place of '\(feature.column)' in its cycle "
                + "(\(feature.part.rawValue))"
            notes.append("'\(name)' is an input: \(meaning) (ONNX lacks a calendar)")
            noteTable(name)
            return graph.input(name, .float, [Self.batch, .fixed(2)], meaning)
        }
        let indices = indexInput(
            path, isList: false, "the \(feature.part.rawValue) of '\(feature.column)', from 0 on",
            "a calendar")
        return try categorical(
            CategoricalOutput(
                embedding: feature.embedding, mode: feature.output == .oneHot ? .oneHot : .int),
            indices, isList: false, depth: feature.part.count, weights: [], path)
    }

    private mutating func unified(
        _ feature: UnifiedEmbedding, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let chunks = encoder as? ConcatenatedEncoder else { throw unknown(path) }
        let isList = feature.separator != nil || self.isList(feature.column)
        var parts: [ONNXGraph.Value] = []
        for (index, chunk) in chunks.parts.enumerated() {
            guard let table = (chunk as? IDEmbedding)?.table ?? (chunk as? EmbeddingBag)?.table
            else { throw unknown(path) }
            current = chunk
            let rows = graph.parameter(table, parameters)
            let indices = indexInput(
                "\(path)/chunk_\(index)", isList: isList,
                "the bucket of '\(feature.column)' for chunk \(index)", "hash functions")
            parts.append(
                isList
                    ? bag(rows, indices, feature.embedding)
                    : graph.node("Gather", [rows, indices]))
        }
        return parts.count == 1
            ? parts[0] : graph.node("Concat", parts, [("axis", .integer(-1))])
    }

    // MARK: Histories

    private mutating func history(
        _ feature: History, _ encoder: any FeatureEncoder, _ path: String
    ) throws(ONNXError) -> ONNXGraph.Value {
        guard let encoder = encoder as? HistoryEncoder,
            let sequences = encoder.encoder as? any ONNXSequenceEncoder
        else {
            throw ONNXError("the sequence encoder of '\(path)' has no translation into ONNX")
        }
        var mask: ONNXGraph.Value?
        var vectors: [ONNXGraph.Value] = []
        for (index, (part, reading)) in zip(feature.parts, encoder.readings).enumerated() {
            let own = index == 0 ? path : "\(path)/\(part.column)"
            let lookup = try lookup(own, of: UTF8Token.self)
            let indices = indices(
                of: lookup, isList: true, input: part.column + "_history", own
            ) { $0.text }
            mask = mask ?? present(indices)
            let safe = graph.node("Max", [indices, graph.constant([0], shape: [])])
            vectors.append(
                graph.node("Gather", [graph.parameter(reading.table, parameters), safe]))
        }
        guard var mask, var value = vectors.first else { throw unknown(path) }
        if encoder.combination == .concatenate, vectors.count > 1 {
            value = graph.node("Concat", vectors, [("axis", .integer(-1))])
        } else {
            for vector in vectors.dropFirst() { value = graph.node("Add", [value, vector]) }
        }
        let ones = graph.node(
            "Add", [graph.node("Mul", [mask, graph.constant(0)]), graph.constant(1)])
        if encoder.masksPadding {
            notes.append(
                "histories are padded at their end by empty tokens, and have at most "
                    + "\(encoder.length) steps")
        } else {
            notes.append(
                "histories are padded on the \(encoder.padding.rawValue) by empty tokens to "
                    + "\(encoder.length) steps")
            mask = ones
        }
        let count = graph.node("ReduceSum", [mask, graph.constant([1])])
        var position = graph.node(
            "Sub",
            [graph.node("CumSum", [ones, graph.constant([1], shape: [])]), graph.constant(1)])
        if encoder.masksPadding, encoder.padding == .left {
            let start = graph.node("Sub", [graph.constant(Float(encoder.length)), count])
            position = graph.node("Add", [position, start])
        }
        let bounded = graph.node(
            "Clip", [position, graph.constant(0), graph.constant(Float(encoder.length - 1))])
        let counts = graph.node(
            "Squeeze", [graph.node("Cast", [count], [("to", .integer(6))]), graph.constant([1])])
        return try sequences.add(
            to: &graph,
            ONNXSequences(
                vectors: value, counts: counts, mask: mask,
                positions: graph.node("Cast", [bounded], [("to", .integer(7))])),
            parameters)
    }
}

/// A feature that knows what goes into its part of a graph for each of its keys.
protocol ONNXKnownInputs {
    func inputs(ofKey key: Int32) -> [Float]
}

extension IDEmbedding: ONNXKnownInputs {
    func inputs(ofKey key: Int32) -> [Float] { [Float(indices[Int(key)])] }
}

extension EmbeddingBag: ONNXKnownInputs {
    func inputs(ofKey key: Int32) -> [Float] { lists.list(ofKey: key).map { Float($0) } }
}

extension NumericEncoder: ONNXKnownInputs {
    func inputs(ofKey key: Int32) -> [Float] { Array(values.row(Int(key))) }
}

extension HotEncoder: ONNXKnownInputs {
    /// Each index as often as it counts.
    func inputs(ofKey key: Int32) -> [Float] {
        entries(ofKey: key).flatMap { index, value in
            [Float](repeating: Float(index), count: max(1, Int(value)))
        }
    }
}
