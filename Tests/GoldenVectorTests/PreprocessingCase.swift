import Foundation
import Retrieval

/// One recorded case of a preprocessing layer.
struct PreprocessingCase {
    let header: LayerCase
    private let x: Tensor
    private let adapt: Tensor?

    init(_ value: Any) throws {
        var fields = try Fields(value, "case")
        header = try LayerCase(&fields)
        var inputs = try Fields(fields.take("inputs"), "\(header.name): inputs")
        try fields.finish()
        x = try inputs.requiredTensor("x")
        adapt = try inputs.tensor("adapt")
        try inputs.finish()
    }

    /// Why the layer's call has no counterpart; nil where it has one.
    var inapplicable: String? {
        get throws {
            let options = header.options as? [String: Any] ?? [:]
            let inverts = options["invert"] as? Bool ?? false
            if inverts && (header.expected as? [String: Any])?["exception"] != nil {
                return "an inverse lookup has no options of its own to be wrong"
            }
            if header.layer == "TextVectorization", options["split"] is NSNull,
                options["ngrams"] is NSNumber || options["ngrams"] is [Any]
            {
                return "n-grams of unsplit texts join the texts of a batch"
            }
            return nil
        }
    }

    /// What differs from the recorded outcome.
    func run() throws -> [String] {
        var expected = try Fields(header.expected, "\(header.name): expected")
        let exception = expected.take("exception")
        let outcome: LayerOutcome
        do {
            var options = try Fields(header.options, "\(header.name): options")
            outcome = try apply(&options)
            try options.finish()
        } catch let error as DataError {
            return exception == nil ? ["unexpected error: \(error)"] : []
        }
        guard exception == nil else { return ["no error, where Keras raises"] }
        let tolerance = Tolerance(relative: header.name.contains("timestamps") ? 1e-3 : 1e-5)
        var differences = try outcome.differences(from: &expected, tolerance)
        do { try expected.finish() } catch { differences.append("\(error)") }
        return differences
    }

    private func apply(_ options: inout Fields) throws -> LayerOutcome {
        // What only concerns the tensors' type or storage.
        for name in ["sparse", "ragged", "encoding", "dtype", "name"] { _ = options.take(name) }
        let batchSize = try options.integer("adapt_batch_size") ?? 32
        switch header.layer {
        case "StringLookup":
            return try LookupLayer<UTF8Token>(&options, oovToken: UTF8Token("[UNK]"))
                .apply(to: x, adapt, batchSize: batchSize)
        case "IntegerLookup":
            return try LookupLayer<Int64>(&options, oovToken: -1)
                .apply(to: x, adapt, batchSize: batchSize)
        case "Hashing", "farmhash64": return try HashingLayer(&options).apply(to: x)
        case "Normalization":
            return try NormalizationLayer(&options).apply(to: x, adapt, batchSize: batchSize)
        case "Discretization":
            return try DiscretizationLayer(&options).apply(to: x, adapt, batchSize: batchSize)
        case "TextVectorization":
            return try TextLayer(&options).apply(to: x, adapt, batchSize: batchSize)
        default: throw VectorProblem("unknown layer '\(header.layer)'")
        }
    }
}

/// What a layer gave out, and what it knows of itself.
struct LayerOutcome {
    enum Output {
        case integers([Int])
        case floats([Float])
        case strings([String])
    }

    var shape: [Int]
    var output: Output
    var vocabulary: [String]?
    var size: Int?
    var mean: [Float]?
    var variance: [Float]?
    var boundaries: [Float]?

    init(shape: [Int], output: Output) {
        self.shape = shape
        self.output = output
    }

    /// Indices as a layer's `output_mode` gives them out; nil is the mask.
    ///
    /// A list of rank 1 is one sample, but in `one_hot` each value is its own.
    init(
        indices: [Int32?], shape: [Int], mode: OutputMode, depth: Int, weights: [Float] = []
    ) throws {
        guard mode != .int else {
            self.init(shape: shape, output: .integers(indices.map { Int($0 ?? 0) }))
            return
        }
        var shape = shape.isEmpty ? [1] : shape
        if mode == .oneHot && shape.last != 1 { shape.append(1) }
        guard shape.count <= 2 else {
            throw DataError.impossible("encodings are of rank 2 at most")
        }
        let width = shape.last ?? 1
        let rows = stride(from: 0, to: indices.count, by: max(width, 1)).map {
            mode.encoding(
                of: indices[$0..<($0 + width)].compactMap { $0 }, depth: depth, weights: weights)
        }
        self.init(
            shape: Array(shape.dropLast()) + [depth], output: .floats(rows.flatMap { $0 }))
    }

    func differences(
        from expected: inout Fields, _ tolerance: Tolerance
    ) throws -> [String] {
        var differences: [String] = []
        if let want = try expected.tensor("output") {
            if want.shape != shape { differences.append("output: \(shape), not \(want.shape)") }
            switch (output, want.elements) {
            case (.integers(let got), .integers(let want)) where got == want: break
            case (.strings(let got), .strings(let want)) where got == want: break
            case (.floats(let got), .floats(let want)):
                differences += [tolerance.difference("output", got, want)].compactMap { $0 }
            default: differences.append("output: \(output), not \(want.elements)")
            }
        }
        if let want = try expected.tensor("vocabulary") {
            let words = try want.ids().map { id in
                switch id {
                case .name(let text): text
                case .number(let value): String(value)
                }
            }
            if vocabulary ?? [] != words {
                differences.append("vocabulary: \(vocabulary ?? []), not \(words)")
            }
        }
        if let want = try expected.integer("vocabulary_size"), want != size {
            differences.append("vocabulary_size: \(size ?? -1), not \(want)")
        }
        for (name, got) in [("mean", mean), ("variance", variance), ("bin_boundaries", boundaries)]
        {
            guard let want = try expected.tensor(name) else { continue }
            differences += [tolerance.difference(name, got ?? [], try want.floats())]
                .compactMap { $0 }
        }
        return differences
    }
}
