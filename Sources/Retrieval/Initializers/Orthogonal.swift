/// A random matrix with orthonormal rows or columns, whichever are fewer, times `gain`:
/// `tf.keras.initializers.Orthogonal` (Saxe et al., 2014).
public struct Orthogonal: Initializer {
    /// What the orthogonal matrix is multiplied by.
    public var gain: Float

    public init(gain: Float = 1) {
        self.gain = gain
    }

    /// Keras takes Q of a QR decomposition of normal numbers and makes R's diagonal positive;
    /// Gram and Schmidt's procedure gives that Q at once. It runs twice for orthogonality to the
    /// last bits.
    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        let (length, count) = (max(rows, columns), min(rows, columns))
        var vectors: [[Double]] = []
        while vectors.count < count {
            var vector = (0..<length).map { _ in stream.gaussian() }
            for _ in 0..<2 {
                for other in vectors {
                    let overlap = Self.dot(vector, other)
                    for index in vector.indices { vector[index] -= overlap * other[index] }
                }
                let norm = Self.dot(vector, vector).squareRoot()
                for index in vector.indices { vector[index] /= norm }
            }
            vectors.append(vector)
        }
        var matrix = Matrix(rows: rows, columns: columns)
        for (number, vector) in vectors.enumerated() {
            for (index, value) in vector.enumerated() {
                let (row, column) = rows >= columns ? (index, number) : (number, index)
                matrix[row, column] = gain * Float(value)
            }
        }
        return matrix
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }
}

extension Orthogonal: CatalogComponent {
    static let gainField = Field<Double>("gain", default: 1, "What the matrix is multiplied by.")

    public static let entry = ComponentEntry<any Initializer>(
        "orthogonal", summary: "A random matrix with orthonormal rows or columns.",
        source: "tf.keras.initializers.Orthogonal; Saxe et al., 2014",
        fields: [gainField.description]
    ) { Orthogonal(gain: Float($0[gainField])) }
}

/// `gain` on the diagonal, 0 elsewhere: `tf.keras.initializers.Identity`.
public struct Identity: Initializer {
    /// What the identity is multiplied by.
    public var gain: Float

    public init(gain: Float = 1) {
        self.gain = gain
    }

    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        var matrix = Matrix(rows: rows, columns: columns)
        for index in 0..<min(rows, columns) { matrix[index, index] = gain }
        return matrix
    }
}

extension Identity: CatalogComponent {
    static let gainField = Field<Double>("gain", default: 1, "What stands on the diagonal.")

    public static let entry = ComponentEntry<any Initializer>(
        "identity", summary: "The identity matrix.", source: "tf.keras.initializers.Identity",
        fields: [gainField.description]
    ) { Identity(gain: Float($0[gainField])) }
}
