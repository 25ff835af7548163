/// Arithmetic number by number; operands have the same shape.
extension Matrix {
    func multiplied(by other: Matrix) -> Matrix {
        var product = self
        product.values.withUnsafeMutableBufferPointer { product in
            other.values.withUnsafeBufferPointer { other in
                for index in product.indices { product[index] *= other[index] }
            }
        }
        return product
    }

    func adding(_ other: Matrix) -> Matrix {
        var sum = self
        sum.values.withUnsafeMutableBufferPointer { sum in
            Kernels.axpy(sum.baseAddress, other.values, 1, sum.count)
        }
        return sum
    }

    func scaled(by factor: Float) -> Matrix {
        var result = self
        result.values.withUnsafeMutableBufferPointer {
            Kernels.scale($0.baseAddress, $0.count, factor)
        }
        return result
    }

    /// Column j times number j of `factors`, plus number j of `shift`.
    func scaledColumns(by factors: Matrix?, shiftedBy shift: Matrix?) -> Matrix {
        guard factors != nil || shift != nil else { return self }
        var result = self
        result.values.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                for column in 0..<columns {
                    let index = row * columns + column
                    if let factors { values[index] *= factors.values[column] }
                    if let shift { values[index] += shift.values[column] }
                }
            }
        }
        return result
    }

    /// The same numbers in rows of another length.
    func reshaped(columns: Int) -> Matrix {
        Matrix(rows: columns == 0 ? 0 : values.count / columns, columns: columns, values: values)
    }
}

extension Matrix {
    /// What `body` makes of each pair of numbers.
    @inline(__always)
    static func combining(
        _ a: Matrix, _ b: Matrix, _ body: (Float, Float) -> Float
    ) -> Matrix {
        Matrix(rows: a.rows, columns: a.columns) { result in
            a.values.withUnsafeBufferPointer { a in
                b.values.withUnsafeBufferPointer { b in
                    for index in a.indices { result[index] = body(a[index], b[index]) }
                }
            }
        }
    }

    /// What `body` makes of each three numbers.
    @inline(__always)
    static func combining(
        _ a: Matrix, _ b: Matrix, _ c: Matrix, _ body: (Float, Float, Float) -> Float
    ) -> Matrix {
        Matrix(rows: a.rows, columns: a.columns) { result in
            a.values.withUnsafeBufferPointer { a in
                b.values.withUnsafeBufferPointer { b in
                    c.values.withUnsafeBufferPointer { c in
                        for index in a.indices {
                            result[index] = body(a[index], b[index], c[index])
                        }
                    }
                }
            }
        }
    }
}
