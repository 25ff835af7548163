/// A column of numbers, as 32-bit floats.
enum NumericValues {
    /// - Throws: ``DataError/wrongColumn(name:table:required:found:)``, or
    ///   ``DataError/impossible(_:)`` for a value that is not finite.
    static func floats(_ column: Column, name: String) throws(DataError) -> [Float] {
        let values: [Float]
        if case .integers(let integers) = column {
            values = integers.map { Float($0) }
        } else if let doubles = column.doubles {
            values = doubles.map { Float($0) }
        } else {
            throw .wrongColumn(
                name: name, table: "data", required: "numbers", found: column.kind)
        }
        if let wrong = values.first(where: { !$0.isFinite }) {
            throw .impossible("a numeric feature requires finite numbers; '\(name)' holds \(wrong)")
        }
        return values
    }
}

/// A number as it is: one column of the tower's input.
public struct Numeric: FeatureDefinition {
    public var column: String

    public var outputDimension: Int? { 1 }

    public func prepare(
        _ input: FeatureInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any FeatureEncoder {
        let values = try NumericValues.floats(input.values, name: column)
        return NumericEncoder(values: Matrix(rows: values.count, columns: 1, values: values))
    }
}

extension Numeric: CatalogComponent {
    public static let entry = ComponentEntry<any FeatureDefinition>(
        "numeric", summary: "A number as it is.", source: "an input of tf.keras.layers.Dense",
        fields: [StringLookup.columnField.description]
    ) { values in
        Numeric(column: values[StringLookup.columnField])
    }
}
