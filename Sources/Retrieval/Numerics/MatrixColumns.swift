/// Matrices side by side, and one below the other.
extension Matrix {
    /// The matrices side by side; all have the same number of rows.
    package static func concatenatingColumns(
        _ parts: [Matrix], _ lanes: Lanes = Lanes(threads: 1)
    ) -> Matrix {
        guard parts.count != 1 else { return parts[0] }
        let columns = parts.reduce(0) { $0 + $1.columns }
        return Matrix(rows: parts[0].rows, columns: columns) { whole in
            let whole = LanePointer(whole)
            lanes.forEachRange(of: parts[0].rows, cost: columns) { range in
                var first = 0
                for part in parts {
                    part.values.withUnsafeBufferPointer { values in
                        guard let start = values.baseAddress else { return }
                        copyRows(
                            range, start, stride: part.columns, to: whole.pointer + first,
                            stride: columns, width: part.columns)
                    }
                    first += part.columns
                }
            }
        }
    }

    /// The matrices one below the other.
    ///
    /// - Parameter columns: of each.
    static func stackingRows(_ parts: [Matrix], columns: Int) -> Matrix {
        guard parts.count != 1 else { return parts[0] }
        return Matrix(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns) { whole in
            var first = 0
            for part in parts {
                part.values.withUnsafeBufferPointer { values in
                    guard let start = values.baseAddress else { return }
                    (whole + first).update(from: start, count: values.count)
                }
                first += part.values.count
            }
        }
    }

    /// The inverse of ``concatenatingColumns(_:_:)``.
    package func splittingColumns(_ widths: [Int], _ lanes: Lanes = Lanes(threads: 1)) -> [Matrix] {
        guard widths.count != 1 else { return [self] }
        var next = 0
        return widths.map { width in
            let first = next
            next += width
            return Matrix(rows: rows, columns: width) { part in
                let part = LanePointer(part)
                lanes.forEachRange(of: rows, cost: width) { range in
                    values.withUnsafeBufferPointer { values in
                        guard let start = values.baseAddress else { return }
                        copyRows(
                            range, start + first, stride: columns, to: part.pointer,
                            stride: width, width: width)
                    }
                }
            }
        }
    }
}

private func copyRows(
    _ rows: Range<Int>, _ source: UnsafePointer<Float>, stride sourceStride: Int,
    to target: UnsafeMutablePointer<Float>, stride targetStride: Int, width: Int
) {
    for row in rows {
        (target + row * targetStride).update(from: source + row * sourceStride, count: width)
    }
}
