/// Where the numbers of a parameter start.
public protocol Initializer: Sendable {
    /// Numbers of shape [rows, columns].
    ///
    /// - Parameter stream: randomness that belongs to this parameter alone.
    func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix

    /// A parameter of one dimension, such as a bias, as a matrix of one row, [1, length].
    func makeVector(length: Int, stream: inout RandomStream) -> Matrix

    /// What draws a matrix of that shape in pieces: asked for some rows after the other from one
    /// stream, it makes those of the whole. nil, which is what an initializer has that says nothing:
    /// the whole has to be made at once.
    func drawingRows(of rows: Int, columns: Int) -> (any Initializer)?
}

extension Initializer {
    public func makeVector(length: Int, stream: inout RandomStream) -> Matrix {
        makeMatrix(rows: 1, columns: length, stream: &stream)
    }

    public func drawingRows(of rows: Int, columns: Int) -> (any Initializer)? { nil }
}

/// Makes matrices of one row as the vectors that they are.
struct VectorInitializer: Initializer {
    let base: any Initializer

    func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        rows == 1
            ? base.makeVector(length: columns, stream: &stream)
            : base.makeMatrix(rows: rows, columns: columns, stream: &stream)
    }
}

extension ComponentKind where Product == any Initializer {
    /// Where parameters start: ``Initializer``.
    public static var initializer: ComponentKind {
        ComponentKind(noun: "initializer", pluralNoun: "initializers")
    }
}

/// Uniform in [minval, maxval): `tf.keras.initializers.RandomUniform`, Keras's default for
/// embeddings.
public struct RandomUniform: Initializer {
    /// The least number.
    public var minval: Float
    /// The bound that no number reaches.
    public var maxval: Float

    public init(minval: Float = -0.05, maxval: Float = 0.05) {
        self.minval = minval
        self.maxval = maxval
    }

    public func drawingRows(of rows: Int, columns: Int) -> (any Initializer)? { self }

    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        guard minval < maxval else {
            return Matrix(rows: rows, columns: columns, repeating: minval)
        }
        var matrix = Matrix(rows: rows, columns: columns)
        for index in matrix.values.indices {
            matrix.values[index] = stream.uniformFloat(in: minval..<maxval)
        }
        return matrix
    }
}

extension RandomUniform: CatalogComponent {
    static let minvalField = Field<Double>("minval", default: -0.05, "Least value.")
    static let maxvalField = Field<Double>("maxval", default: 0.05, "Upper bound, not reached.")

    public static let entry = ComponentEntry<any Initializer>(
        "random_uniform", summary: "Uniform between two bounds.",
        source: "tf.keras.initializers.RandomUniform",
        fields: [minvalField.description, maxvalField.description]
    ) { values in
        RandomUniform(minval: Float(values[minvalField]), maxval: Float(values[maxvalField]))
    }
}
