/// The tower a spec declares: features side by side, then a list of layers.
public struct FeatureTower: Tower {
    public let features: [any FeatureEncoder]
    public let layers: LayerStack

    /// - Precondition: there is at least one feature.
    public init(features: [any FeatureEncoder], layers: [any Layer]) {
        precondition(!features.isEmpty, "a tower needs a feature")
        self.features = features
        self.layers = LayerStack(
            layers, inputDimension: features.reduce(0) { $0 + $1.outputDimension })
    }

    public var outputDimension: Int { layers.outputDimension }

    public var heads: Int { layers.heads }

    public var requiresDistinctRows: Bool {
        features.contains { $0.requiresDistinctRows } || layers.requiresDistinctRows
    }

    public func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let encodings = features.map { $0.encode(keys, parameters, context) }
        let output = layers.apply(
            .concatenatingColumns(encodings.map(\.embeddings)), parameters, context)
        let widths = features.map(\.outputDimension)
        return Encoding(embeddings: output.outputs) { gradient, gradients in
            let parts = output.pullback(gradient, &gradients).splittingColumns(widths)
            for (encoding, part) in zip(encodings, parts) { encoding.pullback(part, &gradients) }
        }
    }
}

extension Matrix {
    /// The matrices side by side; all have the same number of rows.
    package static func concatenatingColumns(_ parts: [Matrix]) -> Matrix {
        guard parts.count != 1 else { return parts[0] }
        let rows = parts[0].rows
        let columns = parts.reduce(0) { $0 + $1.columns }
        return Matrix(rows: rows, columns: columns) { values in
            for row in 0..<rows {
                var start = values + row * columns
                for part in parts {
                    part.values.withUnsafeBufferPointer {
                        start.initialize(
                            from: $0.baseAddress! + row * part.columns, count: part.columns)
                    }
                    start += part.columns
                }
            }
        }
    }

    /// The inverse of ``concatenatingColumns(_:)``.
    package func splittingColumns(_ widths: [Int]) -> [Matrix] {
        guard widths.count != 1 else { return [self] }
        var first = 0
        return widths.map { width in
            defer { first += width }
            return Matrix(rows: rows, columns: width) { values in
                for row in 0..<rows {
                    self.values.withUnsafeBufferPointer {
                        (values + row * width).initialize(
                            from: $0.baseAddress! + row * columns + first, count: width)
                    }
                }
            }
        }
    }
}
