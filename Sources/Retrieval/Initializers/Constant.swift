/// The same number everywhere: `tf.keras.initializers.Constant`.
public struct Constant: Initializer {
    public var value: Float

    public init(value: Float) {
        self.value = value
    }

    /// `tf.keras.initializers.Zeros`.
    public static let zeros = Constant(value: 0)

    public func drawingRows(of rows: Int, columns: Int) -> (any Initializer)? { self }

    public func makeMatrix(rows: Int, columns: Int, stream: inout RandomStream) -> Matrix {
        Matrix(rows: rows, columns: columns, repeating: value)
    }
}

extension Constant: CatalogComponent {
    static let valueField = Field<Double>("value", default: 0, "The number.")

    public static let entry = ComponentEntry<any Initializer>(
        "constant", summary: "The same number everywhere.",
        source: "tf.keras.initializers.Constant", fields: [valueField.description]
    ) { Constant(value: Float($0[valueField])) }

    /// `zeros`.
    public static let zerosEntry = ComponentEntry<any Initializer>(
        "zeros", summary: "Zero everywhere.", source: "tf.keras.initializers.Zeros"
    ) { _ in zeros }

    /// `ones`.
    public static let onesEntry = ComponentEntry<any Initializer>(
        "ones", summary: "One everywhere.", source: "tf.keras.initializers.Ones"
    ) { _ in Constant(value: 1) }
}
