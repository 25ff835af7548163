/// The sum of encoders of equal length.
public struct SummedEncoder: FeatureEncoder {
    let parts: [any FeatureEncoder]

    /// - Precondition: there is a part, and all have the same output dimension.
    public init(parts: [any FeatureEncoder]) {
        precondition(Set(parts.map(\.outputDimension)).count == 1, "parts of one length")
        self.parts = parts
    }

    public var outputDimension: Int { parts[0].outputDimension }

    public var requiresDistinctRows: Bool { parts.contains(where: \.requiresDistinctRows) }

    public var encodesOnce: Bool { parts.contains(where: \.encodesOnce) }

    public var spreads: Bool { parts.allSatisfy(\.spreads) }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let encodings = parts.map { $0.encode(keys, parameters, context) }
        var sum = encodings[0].embeddings
        for encoding in encodings.dropFirst() {
            for index in sum.values.indices {
                sum.values[index] += encoding.embeddings.values[index]
            }
        }
        return Encoding(embeddings: sum) { gradient, gradients in
            for encoding in encodings { encoding.pullback(gradient, &gradients) }
        }
    }
}
