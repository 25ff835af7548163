/// The dot products of the features with each other:
/// `tfrs.layers.feature_interaction.DotInteraction` (Naumov et al., "DLRM", 2019).
///
/// The lower triangle of their Gram matrix, row by row.
public struct DotInteraction: Layer {
    public let outputDimension: Int
    /// How many features there are, and the length of each.
    let features: Int
    let length: Int
    /// Whether a feature's product with itself is among them.
    let selfInteraction: Bool
    /// Whether the whole matrix is put out, with zeros above its triangle.
    let skipGather: Bool

    public init(features: Int, length: Int, selfInteraction: Bool, skipGather: Bool) {
        self.features = features
        self.length = length
        self.selfInteraction = selfInteraction
        self.skipGather = skipGather
        outputDimension =
            skipGather
            ? features * features
            : features * (selfInteraction ? features + 1 : features - 1) / 2
    }

    /// The pairs of features that interact, and where their product stands.
    private var pairs: [(a: Int, b: Int, place: Int)] {
        var pairs: [(a: Int, b: Int, place: Int)] = []
        for a in 0..<features {
            for b in 0..<(selfInteraction ? a + 1 : a) {
                pairs.append((a, b, skipGather ? a * features + b : pairs.count))
            }
        }
        return pairs
    }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { true }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        let (pairs, width) = (pairs, outputDimension)
        var outputs = Matrix(rows: inputs.rows, columns: width)
        inputs.values.withUnsafeBufferPointer { x in
            for row in 0..<inputs.rows {
                for (a, b, place) in pairs {
                    let start = x.baseAddress! + row * inputs.columns
                    outputs.values[row * width + place] = Kernels.dot(
                        start + a * length, start + b * length, length)
                }
            }
        }
        return LayerOutput(outputs: outputs) { gradient, _ in
            var result = Matrix(rows: inputs.rows, columns: inputs.columns)
            result.values.withUnsafeMutableBufferPointer { dx in
                inputs.values.withUnsafeBufferPointer { x in
                    for row in 0..<inputs.rows {
                        let start = x.baseAddress! + row * inputs.columns
                        let target = dx.baseAddress! + row * inputs.columns
                        for (a, b, place) in pairs {
                            let g = gradient.values[row * width + place]
                            Kernels.axpy(target + a * length, start + b * length, g, length)
                            Kernels.axpy(target + b * length, start + a * length, g, length)
                        }
                    }
                }
            }
            return result
        }
    }
}

/// `dot_interaction` as a spec declares it.
public struct DotInteractionDefinition: LayerDefinition {
    /// Whether parts are multiplied with themselves as well.
    public var selfInteraction: Bool
    /// Whether the products stand in a whole square, zeros above its diagonal.
    public var skipGather: Bool

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        let lengths = input.parts.map(String.init).joined(separator: ", ")
        // One feature has its square, or the zero in whose place that would stand.
        guard input.parts.count > 1 || selfInteraction || skipGather else {
            throw LayerError(
                """
                dot_interaction requires at least two features, as the first layer of its tower \
                has them, or 'self_interaction'; found one vector of length \(lengths)
                """)
        }
        guard Set(input.parts).count == 1 else {
            throw LayerError(
                "dot_interaction requires features of one length; found \(lengths)")
        }
        return DotInteraction(
            features: input.parts.count, length: input.parts[0],
            selfInteraction: selfInteraction, skipGather: skipGather)
    }
}

extension DotInteractionDefinition: CatalogComponent {
    static let selfInteractionField = Field(
        "self_interaction", default: false, "Whether a feature's product with itself counts.")
    static let skipGatherField = Field(
        "skip_gather", default: false,
        "Whether the whole matrix of products is put out, with zeros above its triangle.")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "dot_interaction",
        summary: "The dot products of the tower's features with each other; its first layer.",
        source: "tfrs.layers.feature_interaction.DotInteraction; Naumov et al., 2019",
        fields: [selfInteractionField.description, skipGatherField.description]
    ) {
        DotInteractionDefinition(
            selfInteraction: $0[selfInteractionField], skipGather: $0[skipGatherField])
    }
}
