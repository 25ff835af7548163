/// A penalty on numbers, added to the loss of every training step: a sum over the numbers, so
/// that what a row of them adds does not depend on the others.
public protocol Regularizer: Sendable {
    /// The penalty on all of the values, of any shape; at least 0.
    func loss(of values: Matrix) -> Double

    /// ∂loss/∂values, of their shape.
    func gradient(of values: Matrix) -> Matrix
}

extension ComponentKind where Product == any Regularizer {
    /// Penalties on parameters or outputs: ``Regularizer``.
    public static var regularizer: ComponentKind {
        ComponentKind(noun: "regularizer", pluralNoun: "regularizers")
    }
}

extension Field where Value == ComponentChoice? {
    /// A field that may name a regularizer, and names none by default.
    init(regularizer name: String, _ summary: String) {
        self.init(
            name, type: .optional(.component(ComponentSlot(.regularizer))), default: .null, summary)
    }
}

extension Components {
    /// The regularizer that a field names, if it does.
    func regularizer(_ choice: ComponentChoice?) throws -> (any Regularizer)? {
        try choice.map { try make(.regularizer, $0) }
    }
}

/// `l1 · Σ |w| + l2 · Σ w²`: `tf.keras.regularizers.L1L2`, and `L1` and `L2`, each of which is a
/// case of it.
public struct L1L2: Regularizer {
    /// The weight of the sum of magnitudes; at least 0.
    public var l1: Float
    /// The weight of the sum of squares; at least 0.
    public var l2: Float

    public init(l1: Float = 0, l2: Float = 0) {
        self.l1 = l1
        self.l2 = l2
    }

    public func loss(of values: Matrix) -> Double {
        var (absolute, square) = (0.0, 0.0)
        for value in values.values {
            absolute += Double(abs(value))
            square += Double(value) * Double(value)
        }
        return Double(l1) * absolute + Double(l2) * square
    }

    public func gradient(of values: Matrix) -> Matrix {
        Matrix(
            rows: values.rows, columns: values.columns,
            values: values.values.map { value in
                let sign: Float = value > 0 ? 1 : value < 0 ? -1 : 0
                return l1 * sign + 2 * l2 * value
            })
    }
}

extension L1L2: CatalogComponent {
    private static func field(_ name: String, _ summary: String) -> Field<Double> {
        Field(name, default: 0.01, .atLeast(0), summary)
    }

    static let l1Field = field("l1", "Factor of the sum of absolute values.")
    static let l2Field = field("l2", "Factor of the sum of squares.")

    public static let entry = ComponentEntry<any Regularizer>(
        "l1_l2", summary: "A penalty on absolute values and one on squares.",
        source: "tf.keras.regularizers.L1L2", fields: [l1Field.description, l2Field.description]
    ) { L1L2(l1: Float($0[l1Field]), l2: Float($0[l2Field])) }

    /// `l1`.
    public static let l1Entry = ComponentEntry<any Regularizer>(
        "l1", summary: "A penalty on absolute values.", source: "tf.keras.regularizers.L1",
        fields: [l1Field.description]
    ) { L1L2(l1: Float($0[l1Field])) }

    /// `l2`.
    public static let l2Entry = ComponentEntry<any Regularizer>(
        "l2", summary: "A penalty on squares.", source: "tf.keras.regularizers.L2",
        fields: [l2Field.description]
    ) { L1L2(l2: Float($0[l2Field])) }
}
