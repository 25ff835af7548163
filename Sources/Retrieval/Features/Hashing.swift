/// Tokens or integers, hashed into a fixed number of buckets: `tf.keras.layers.Hashing`, embedded
/// or encoded. No vocabulary, and no token out of it.
public struct Hashing: FeatureDefinition {
    public var column: String
    /// What stands between the tokens of a row; nil: a row is one token.
    public var separator: String?
    /// Buckets; at least 1.
    public var numBins: Int
    /// SipHash's key, one or two integers; none: FarmHash, without a key.
    public var salt: [Int]
    /// The token that has bucket 0 to itself; nil: none has.
    public var maskValue: String?
    /// What becomes of the bucket's index.
    public var output: CategoricalOutput

    public var outputDimension: Int? { output.embedding?.outputDim }

    public var sharedTables: [SharedTableUse] { output.sharedTables(rows: numBins) }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let buckets = try HashBuckets(
            numBins: numBins, salt: salt.map(Int64.init), maskValue: maskValue)
        return try output.prepare(
            try Self.lists(input.values, column, separator: separator, buckets), depth: numBins,
            path: path, &builder)
    }

    /// The buckets of each key.
    static func lists(
        _ values: Column, _ column: String, separator: String?, _ buckets: HashBuckets
    ) throws(DataError) -> IndexLists {
        if case .integers(let integers) = values {
            if separator != nil {
                throw .impossible("'separator' cuts tokens; '\(column)' holds integers")
            }
            return IndexLists(single: integers.map { Int32(buckets.bucket(of: $0)) })
        }
        let values = try TokenValues(values, name: column, separator: separator)
        var lists = IndexLists(valueOfKey: values.valueOfKey)
        for list in values.lists { lists.append(list.map { Int32(buckets.bucket(of: $0)) }) }
        return lists
    }
}

extension Hashing: SelfChecking {
    public func check() throws(DataError) { try output.check() }

    public func advice() -> [Advice] { output.advice() }
}

extension Hashing: CatalogComponent {
    static let numBinsField = Field<Int>(
        "num_bins", default: nil, .between(1, and: Int(Int32.max)), "Buckets."
    ).alsoKnown(as: "buckets", "num_buckets", "hash_bucket_size")
    static let saltField = Field<SaltChoice>(
        "salt",
        type: .optional(
            .either([.integer(.any), .list(.integer(.any), count: .between(2, and: 2))])),
        default: .null,
        "The key of SipHash, one integer or two; null: FarmHash, without a key.")
    static let maskValueField = Field<MaskValue?>(
        "mask_value", type: .optional(.either([.integer(.any), .text])), default: .null,
        "The value of bucket 0, which no other then has; null: there is none.")

    public static let entry = ComponentEntry<any FeatureDefinition>(
        "hashing", summary: "Tokens or integers, hashed into a fixed number of buckets.",
        source: "tf.keras.layers.Hashing and tf.keras.layers.Embedding",
        fields: [
            StringLookup.columnField.description, numBinsField.description,
            CategoricalOutput.embeddingField.description, saltField.description,
            maskValueField.description, CategoricalOutput.unweightedModeField.description,
            StringLookup.separatorField.description,
        ]
    ) { values, components in
        try Hashing(
            column: values[StringLookup.columnField],
            separator: values[StringLookup.separatorField], numBins: values[numBinsField],
            salt: values[saltField].numbers, maskValue: values[maskValueField]?.text,
            output: CategoricalOutput(unweighted: values, components))
    }
}

/// A salt as a spec gives it: none, one integer or two.
struct SaltChoice: FieldConvertible {
    var numbers: [Int]

    init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .null: numbers = []
        case .integer(let number): numbers = [number]
        default:
            guard let numbers = [Int](fieldValue: fieldValue) else { return nil }
            self.numbers = numbers
        }
    }

    var fieldValue: FieldValue {
        switch numbers.count {
        case 0: .null
        case 1: .integer(numbers[0])
        default: numbers.fieldValue
        }
    }
}

/// A value as its text, whether a spec writes it as a string or as an integer.
struct MaskValue: FieldConvertible {
    var text: String

    init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .string(let text): self.text = text
        case .integer(let number): text = String(number)
        default: return nil
        }
    }

    var fieldValue: FieldValue { .string(text) }
}
