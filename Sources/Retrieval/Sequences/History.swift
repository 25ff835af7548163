/// The user's previous items, embedded and made one vector by a sequence encoder: what sequential
/// retrieval asks by (TFRS's tutorial "Recommending movies: retrieval using a sequential model").
/// A step may be something else that is known of the item, such as its category, or what the
/// earlier interaction itself has, such as its rating or device, or several of them at once: their
/// embeddings are summed or put side by side before the encoder sees them.
///
/// Each interaction sees its user's earlier ones, never itself or a later one, and none of a part
/// of the split that it must not know; see ``Histories``. The vocabulary is the one that
/// ``StringLookup`` with the same fields learns of the column in the candidate tower, so that both
/// may share a table.
public struct History: FeatureDefinition {
    /// Where a short history is padded.
    public enum Padding: String, FieldChoice {
        /// Short histories are filled up behind, or before, their items.
        case right, left
    }

    /// How the embeddings of several columns become one vector.
    public enum Combination: String, FieldChoice {
        /// Their sum, for which all must be of one length; or all after each other.
        case sum, concatenate
    }

    /// The column of the steps, and those beside it.
    public var parts: [HistoryPart]
    /// How the embeddings of several columns become one vector.
    public var combination: Combination
    /// The last items that count; at least 1.
    public var maximumLength: Int
    /// The column of times by which interactions are ordered; nil: the data's order.
    public var orderBy: String?
    /// Which of more items than ``maximumLength`` count in training.
    public var window: Histories.Window
    /// Where short histories are filled up.
    public var padding: Padding
    /// Whether the encoder passes over padding.
    public var masksPadding: Bool
    /// What makes one vector of the embeddings.
    public var encoder: Chosen<any SequenceEncoderDefinition>

    public var column: String { parts[0].column }

    public var columnsBeside: [String] { parts.dropFirst().map(\.column) }

    public var name: String { column + "_history" }

    public var outputDimension: Int? {
        (try? dimension()).flatMap { encoder.product.outputDimension(of: $0) }
    }

    public var history: HistoryRequest? {
        HistoryRequest(maximumLength: maximumLength, orderBy: orderBy, window: window)
    }

    public var sharedTables: [SharedTableUse] {
        parts.enumerated().compactMap { index, part in
            let place = HistoryPart.embeddingField.name
            return SharedTableUse(
                part.embedding, rows: part.lookup.rows,
                at: index == 0
                    ? place : "\(Self.besideField.name)[\(index - 1)].\(place)")
        }
    }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        guard let history = input.history else {
            throw DataError.impossible("only the query tower may read a history")
        }
        try checkPadding()
        var readings: [HistoryReading] = []
        for (index, (part, input)) in zip(parts, [input] + history.beside).enumerated() {
            let path = index == 0 ? path : "\(path)/\(part.column)"
            let reading = try part.prepare(input, path: path, &builder)
            if let note = note(history, reading, path) { builder.notes.append(note) }
            readings.append(reading)
        }
        let sequenceEncoder = try encoder.product.prepare(
            dimension: try dimension(), length: maximumLength,
            path: "\(path)/\(encoder.name)", &builder)
        return HistoryEncoder(
            histories: history.lists, readings: readings, combination: combination,
            length: maximumLength, padding: padding, masksPadding: masksPadding,
            encoder: sequenceEncoder)
    }

    /// What stands for padding must be there.
    private func checkPadding() throws(DataError) {
        guard masksPadding || parts.allSatisfy({ $0.lookup.lookup.numOOVIndices > 0 }) else {
            throw .impossible(
                "padding that is not masked reads the first index out of vocabulary, but "
                    + "'num_oov_indices' is 0")
        }
    }

    /// Length of a step's vector.
    private func dimension() throws(LayerError) -> Int {
        let lengths = parts.map(\.embedding.outputDim)
        guard combination == .sum else { return lengths.reduce(0, +) }
        if let index = lengths.firstIndex(where: { $0 != lengths[0] }) {
            throw LayerError(
                "embeddings that are summed require one length; found \(lengths[index]) beside "
                    + "\(lengths[0])", at: ".beside[\(index - 1)].embedding")
        }
        return lengths[0]
    }

    /// What a column must hold to be steps.
    package static let requiredColumn = "tokens or integers, one in each row"

    /// How many steps of the held-out histories training never saw; nil where it saw all.
    private func note(
        _ history: HistoryInput, _ reading: HistoryReading, _ path: String
    ) -> String? {
        var (steps, unknown) = (0, 0)
        for key in history.evaluationKeys {
            for item in history.lists[Int(key)].suffix(maximumLength) {
                steps += 1
                if reading.indices[Int(item)] < reading.specialCount { unknown += 1 }
            }
        }
        guard unknown > 0 else { return nil }
        return "\(path): \(unknown) of \(steps) steps of held-out histories are out of vocabulary"
    }
}

extension History: SelfChecking {
    public func check() throws {
        for part in parts { try part.lookup.check() }
        try checkPadding()
        let dimension = try dimension()
        do {
            try encoder.product.check(dimension: dimension)
        } catch {
            throw LayerError(
                error.description, at: ".\(Self.encoderField.name)" + error.place)
        }
    }

    public func advice() -> [Advice] {
        parts[0].embedding.advice().map { $0.inside(HistoryPart.embeddingField) }
            + parts.dropFirst().enumerated().flatMap { index, part in
                part.embedding.advice().map {
                    $0.inside(HistoryPart.embeddingField).inside(Self.besideField, element: index)
                }
            }
    }
}

extension History: CatalogComponent {
    static let maxLengthField = Field<Int>(
        "max_length", default: 50, .between(1, and: 4096), unit: "items",
        "The user's last items that count; shorter histories are padded to it."
    ).alsoKnown(
        as: "length", "max_len", "maxlen", "n", "sequence_length", "history_length",
        "max_history_length", "context_length", "max_context_length")
    static let orderByField = Field<String?>(
        "order_by", default: "timestamp",
        "The interactions' column of times; null: the order in which they stand."
    ).namingTimes()
    static let windowField = Field<Histories.Window>(
        "window", default: .sliding,
        """
        Which of more items than max_length count in training. sliding: the last ones of each \
        interaction; chunk: a user's items are cut into pieces of max_length from the end, and each \
        interaction sees its piece from the start, so that one pass over a piece serves them all. \
        What is held out sees the last ones.
        """)
    static let paddingField = Field<Padding>(
        "padding", default: .right,
        "The side on which a short history is padded: where positions count from.")
    static let maskPaddingField = Field<Bool>(
        "mask_padding", default: true,
        "Whether padding is passed over; false: it is read as an item out of vocabulary, as in "
            + "TFRS's tutorial."
    ).alsoKnown(as: "mask_zero", "mask", "masking")
    static let besideField = Field<[FieldValues]>(
        "beside", type: .list(.object(HistoryPart.description), count: .any), default: .list([]),
        "Further columns that each step has, of the candidates or the interactions."
    ).alsoKnown(as: "with", "columns", "side_information", "features")
    static let combineField = Field<Combination>(
        "combine", default: .sum,
        "How a step's embeddings, where there are columns beside it, become one vector.")
    static let encoderField = Field<ComponentChoice>(
        "encoder", type: .component(ComponentSlot(.sequenceEncoder)), default: nil,
        "What makes one vector of the embeddings.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "history", summary: "The user's previous items, as a sequence encoder sees them.",
        source: "TFRS's tutorial of sequential retrieval; GRU4Rec, Hidasi et al., 2016",
        fields: [
            HistoryPart.columnField.description, encoderField.description,
            HistoryPart.embeddingField.description, maxLengthField.description,
            orderByField.description, windowField.description, paddingField.description,
            maskPaddingField.description, besideField.description, combineField.description,
        ] + HistoryPart.lookupFields
    ) { values, components in
        try History(
            parts: ([values] + values[besideField]).map { try HistoryPart($0, components) },
            combination: values[combineField],
            maximumLength: values[maxLengthField], orderBy: values[orderByField],
            window: values[windowField], padding: values[paddingField],
            masksPadding: values[maskPaddingField],
            encoder: components.chosen(.sequenceEncoder, values[encoderField]))
    }
}
