import Foundation
import Retrieval

/// The layers' constructor options, and what their calls do to tensors, in terms of the components.
struct LookupLayer<Token: LookupToken> {
    private var options: IndexLookup<Token>.Options
    private let vocabulary: [Token]?
    private let idfWeights: [Float]?
    private let inverts: Bool

    init(_ fields: inout Fields, oovToken: Token) throws {
        options = IndexLookup.Options(oovToken: oovToken)
        if let token = fields.take("oov_token") { options.oovToken = try Self.token(token) }
        options.maskToken = try fields.take("mask_token").map(Self.token)
        options.maxTokens = try fields.integer("max_tokens")
        options.numOOVIndices = try fields.integer("num_oov_indices") ?? 1
        options.outputMode = try fields.outputMode()
        options.padToMaxTokens = try fields.flag("pad_to_max_tokens")
        vocabulary = try (fields.take("vocabulary") as? [Any])?.map(Self.token)
        idfWeights = (fields.take("idf_weights") as? [NSNumber])?.map { Float($0.doubleValue) }
        inverts = try fields.flag("invert")
        _ = fields.take("vocabulary_dtype")
    }

    static func token(_ value: Any) throws -> Token {
        if let text = value as? String, let token = UTF8Token(text) as? Token { return token }
        if let number = value as? NSNumber, let token = number.int64Value as? Token {
            return token
        }
        throw VectorProblem("'\(value)' is no token")
    }

    func apply(to x: Tensor, _ adapt: Tensor?, batchSize: Int) throws -> LayerOutcome {
        let lookup: IndexLookup<Token>
        if let vocabulary {
            lookup = try IndexLookup(vocabulary: vocabulary, idfWeights: idfWeights, options)
        } else {
            var counts = TokenCounts<Token>()
            for document in try adapt?.documents(batchSize: batchSize) ?? [] {
                counts.add(try document.map(Self.token))
            }
            lookup = try IndexLookup(learningFrom: counts, options)
        }
        if inverts {
            guard case .integers(let values) = x.elements else { throw VectorProblem("no indices") }
            let texts = values.map { lookup.token(of: $0)?.text ?? "" }
            return LayerOutcome(
                shape: x.shape,
                output: Token.self == Int64.self
                    ? .integers(texts.compactMap { Int($0) }) : .strings(texts))
        }
        var outcome = try LayerOutcome(
            indices: try x.values().map { try lookup.index(of: try Self.token($0)) },
            shape: x.shape, mode: options.outputMode, depth: lookup.depth,
            weights: lookup.idfWeights)
        outcome.vocabulary = lookup.vocabulary.map { $0?.text ?? "" }
        outcome.size = lookup.size
        return outcome
    }
}

struct HashingLayer {
    private let buckets: HashBuckets?
    private let mode: OutputMode

    init(_ fields: inout Fields) throws {
        var salt: [Int64] = []
        switch fields.take("salt") {
        case let numbers as [NSNumber]: salt = numbers.map(\.int64Value)
        case let number as NSNumber: salt = [number.int64Value]
        default: break
        }
        let mask = fields.take("mask_value").map { ($0 as? String) ?? "\($0)" }
        mode = try fields.outputMode()
        buckets = try fields.integer("num_bins").map {
            try HashBuckets(numBins: $0, salt: salt, maskValue: mask)
        }
    }

    func apply(to x: Tensor) throws -> LayerOutcome {
        let values = try x.values().map { ($0 as? String) ?? "\($0)" }
        guard let buckets else {
            // Whole fingerprints: those of the bytes, which 2⁶⁴ bins would have.
            return LayerOutcome(
                shape: x.shape, output: .strings(values.map { "\(HashBuckets.fingerprint64($0))" }))
        }
        guard mode != .int else {
            return LayerOutcome(
                shape: x.shape, output: .integers(values.map(buckets.bucket)))
        }
        return try LayerOutcome(
            indices: values.map { Int32(buckets.bucket(of: $0)) }, shape: x.shape, mode: mode,
            depth: buckets.numBins)
    }
}

struct NormalizationLayer {
    private let axes: [Int]
    private let given: Standardizer?
    private let inverts: Bool

    init(_ fields: inout Fields) throws {
        let axis = fields.takeGiven("axis", default: -1)
        switch axis {
        case let numbers as [NSNumber]: axes = numbers.map(\.intValue)
        case let number as NSNumber: axes = [number.intValue]
        default: axes = []
        }
        let mean = Self.floats(fields.take("mean"))
        let variance = Self.floats(fields.take("variance"))
        inverts = try fields.flag("invert")
        guard (mean == nil) == (variance == nil) else {
            throw DataError.impossible("a mean requires a variance, and the other way around")
        }
        given = mean.flatMap { mean in
            variance.map { variance in
                let count = max(mean.count, variance.count)
                func spread(_ values: [Float]) -> [Float] {
                    values.count == 1 ? [Float](repeating: values[0], count: count) : values
                }
                return Standardizer(mean: spread(mean), variance: spread(variance))
            }
        }
    }

    private static func floats(_ value: Any?) -> [Float]? {
        switch value {
        case let numbers as [NSNumber]: numbers.map { Float($0.doubleValue) }
        case let number as NSNumber: [Float(number.doubleValue)]
        default: nil
        }
    }

    func apply(to x: Tensor, _ adapt: Tensor?, batchSize: Int) throws -> LayerOutcome {
        let columns = try columns(of: x)
        let count = (columns.max() ?? 0) + 1
        var statistics = given ?? Standardizer(columns: count)
        if given == nil, let adapt {
            let values = try adapt.numbers()
            let columns = try self.columns(of: adapt)
            let row = adapt.shape.dropFirst().reduce(1, *)
            for start in stride(from: 0, to: values.count, by: batchSize * row) {
                let range = start..<min(start + batchSize * row, values.count)
                var byColumn = [[Float]](repeating: [], count: count)
                for index in range { byColumn[columns[index]].append(values[index]) }
                let rows = byColumn[0].count
                statistics.adapt(
                    Matrix(
                        rows: rows, columns: count,
                        values: (0..<rows).flatMap { row in byColumn.map { $0[row] } }))
            }
        }
        let isSingle = statistics.mean.count == 1
        let values = zip(try x.numbers(), columns).map { value, column in
            inverts
                ? statistics.restored(value, column: isSingle ? 0 : column)
                : statistics.standardized(value, column: isSingle ? 0 : column)
        }
        var outcome = LayerOutcome(shape: x.shape, output: .floats(values))
        outcome.mean = statistics.mean
        outcome.variance = statistics.variance
        return outcome
    }

    /// The statistic of each element: one for each place along the axes that are kept.
    private func columns(of tensor: Tensor) throws -> [Int] {
        let rank = tensor.shape.count
        guard axes.allSatisfy({ (-rank..<rank).contains($0) }) else {
            throw DataError.impossible("an axis beyond the tensor's")
        }
        let kept = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
        return (0..<tensor.shape.reduce(1, *)).map { index in
            var rest = index
            var column = 0
            var scale = 1
            for axis in (0..<rank).reversed() {
                let place = rest % tensor.shape[axis]
                rest /= tensor.shape[axis]
                guard kept.contains(axis) else { continue }
                column += place * scale
                scale *= tensor.shape[axis]
            }
            return column
        }
    }
}

struct DiscretizationLayer {
    private let given: [Float]?
    private let numBins: Int?
    private let epsilon: Double
    private let mode: OutputMode

    init(_ fields: inout Fields) throws {
        given = (fields.take("bin_boundaries") as? [NSNumber])?.map { Float($0.doubleValue) }
        numBins = try fields.integer("num_bins")
        epsilon = try fields.number("epsilon") ?? 0.01
        mode = try fields.outputMode()
        if given != nil && numBins != nil || (numBins ?? 0) < 0 {
            throw DataError.impossible("boundaries or a number of bins")
        }
    }

    func apply(to x: Tensor, _ adapt: Tensor?, batchSize: Int) throws -> LayerOutcome {
        var boundaries = given ?? []
        if let numBins, let adapt {
            var sketch = QuantileSketch(epsilon: epsilon)
            sketch.add(
                try adapt.numbers(),
                batchSize: batchSize * adapt.shape.dropFirst().reduce(1, *))
            boundaries = sketch.boundaries(numBins: numBins)
        }
        let buckets = try Buckets(boundaries: boundaries)
        var outcome = try LayerOutcome(
            indices: try x.numbers().map { Int32(buckets.bin(of: $0)) }, shape: x.shape,
            mode: mode, depth: buckets.count)
        outcome.boundaries = boundaries
        return outcome
    }
}

struct TextLayer {
    private let splitter: TextSplitter
    private let options: IndexLookup<UTF8Token>.Options
    private let length: Int?
    private let vocabulary: [UTF8Token]?
    private let idfWeights: [Float]?

    init(_ fields: inout Fields) throws {
        func choice<T: RawRepresentable<String>>(_ value: Any?, _ none: T) throws -> T {
            guard let name = value as? String else { return none }
            guard let choice = T(rawValue: name) else { throw DataError.impossible(name) }
            return choice
        }
        let standardize = fields.takeGiven("standardize", default: "lower_and_strip_punctuation")
        let split = fields.takeGiven("split", default: "whitespace")
        var ngrams: [Int] = []
        switch fields.take("ngrams") {
        case let numbers as [NSNumber]: ngrams = numbers.map(\.intValue)
        case let number as NSNumber: ngrams = Array(1...max(1, number.intValue))
        default: break
        }
        splitter = TextSplitter(
            standardize: try choice(standardize, .none), split: try choice(split, .none),
            ngrams: ngrams)
        options = TextVectorizer.lookupOptions(
            maxTokens: try fields.integer("max_tokens"), outputMode: try fields.outputMode(),
            padToMaxTokens: try fields.flag("pad_to_max_tokens"))
        length = try fields.integer("output_sequence_length")
        vocabulary = (fields.take("vocabulary") as? [String])?.map(UTF8Token.init)
        idfWeights = (fields.take("idf_weights") as? [NSNumber])?.map { Float($0.doubleValue) }
    }

    func apply(to x: Tensor, _ adapt: Tensor?, batchSize: Int) throws -> LayerOutcome {
        let lookup: IndexLookup<UTF8Token>
        if let vocabulary {
            lookup = try IndexLookup(vocabulary: vocabulary, idfWeights: idfWeights, options)
        } else {
            var counts = TokenCounts<UTF8Token>()
            // Texts that are not split are the tokens of one document, as in a lookup.
            let documents =
                try adapt?.documents(
                    batchSize: batchSize, ofRows: splitter.split != .none) ?? []
            for document in documents {
                counts.add(
                    document.flatMap { splitter.tokens(of: "\($0)") }.map(UTF8Token.init))
            }
            lookup = try IndexLookup(learningFrom: counts, options)
        }
        let layer = try TextVectorizer(
            splitter: splitter, lookup: lookup, outputSequenceLength: length)
        let texts = try x.values().map { "\($0)" }
        if splitter.split != .none && x.shape.count > 1 && x.shape.last != 1 {
            throw DataError.impossible("texts stand in the last dimension one by one")
        }
        var rows = try texts.map(layer.indices)
        var outcome: LayerOutcome
        if options.outputMode == .int {
            if splitter.split == .none {
                outcome = LayerOutcome(
                    shape: x.shape, output: .integers(rows.map { Int($0.first ?? 0) }))
            } else {
                let width = length ?? rows.map(\.count).max() ?? 0
                for index in rows.indices {
                    rows[index] += [Int32](repeating: 0, count: width - rows[index].count)
                }
                outcome = LayerOutcome(
                    shape: [rows.count, width],
                    output: .integers(rows.flatMap { $0.map { Int($0) } }))
            }
        } else {
            let depth = lookup.depth
            let encodings = rows.map {
                options.outputMode.encoding(of: $0, depth: depth, weights: lookup.idfWeights)
            }
            outcome = LayerOutcome(
                shape: [rows.count, depth], output: .floats(encodings.flatMap { $0 }))
        }
        outcome.vocabulary = lookup.vocabulary.map { $0?.text ?? "" }
        outcome.size = lookup.size
        return outcome
    }
}

extension Fields {
    fileprivate mutating func outputMode() throws -> OutputMode {
        let name = try string("output_mode") ?? "int"
        let older = ["binary": "multi_hot", "tf-idf": "tf_idf"]
        guard let mode = OutputMode(rawValue: older[name] ?? name) else {
            throw DataError.impossible("no output mode '\(name)'")
        }
        return mode
    }

    /// A member whose null means something else than its absence.
    fileprivate mutating func takeGiven(_ name: String, default value: Any) -> Any? {
        has(name) ? take(name) : value
    }
}

extension Tensor {
    /// The elements as `String` or `NSNumber`.
    fileprivate func values() throws -> [Any] {
        switch elements {
        case .strings(let values): values
        case .integers(let values): values.map { NSNumber(value: $0) }
        case .floats(let values): values.map { NSNumber(value: Int($0)) }
        case .booleans: throw VectorProblem("booleans are no tokens")
        }
    }

    /// The elements as TensorFlow casts them to float32.
    fileprivate func numbers() throws -> [Float] {
        switch elements {
        case .floats(let values): values
        case .integers(let values): values.map { Float($0) }
        case .strings, .booleans: throw VectorProblem("not numbers")
        }
    }

    /// What `adapt()` takes for documents: rows, or whole batches of single values.
    fileprivate func documents(batchSize: Int, ofRows: Bool = false) throws -> [[Any]] {
        let values = try values()
        let width = shape.dropFirst().reduce(1, *)
        let length = shape.count > 1 || ofRows ? width : batchSize
        return stride(from: 0, to: values.count, by: length).map {
            Array(values[$0..<min($0 + length, values.count)])
        }
    }
}
