/// What goes into a graph.
extension ONNXTowerBuilder {
    mutating func number(_ column: String) -> ONNXGraph.Value {
        graph.input(column, .float, [Self.batch], "'\(column)' as it is")
    }

    mutating func column(_ value: ONNXGraph.Value) -> ONNXGraph.Value {
        graph.node("Unsqueeze", [value, graph.constant([1])])
    }

    /// Indices that whoever runs the graph has to find.
    mutating func indexInput(
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
    mutating func noteTable(_ name: String) {
        guard let known = current as? any ONNXKnownInputs else { return }
        tables.append((name, (0..<keyCount).map { known.inputs(ofKey: Int32($0)) }))
    }

    /// The indices of tokens: strings in, where the graph can look them up.
    mutating func indices(
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

    mutating func integerIndices(
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
    static func outOfVocabulary<Token>(_ lookup: IndexLookup<Token>) -> Int {
        lookup.options.numOOVIndices == 0 ? -1 : lookup.specialCount - 1
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
    func inputs(ofKey key: Int32) -> [Float] { indices(ofKey: key).map { Float($0) } }
}
