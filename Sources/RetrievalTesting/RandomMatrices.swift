import Retrieval

/// Numbers to try components on.
extension RandomStream {
    /// Uniform in −scale ..< scale.
    package mutating func matrix(_ rows: Int, _ columns: Int, scale: Double = 1) -> Matrix {
        Matrix(
            rows: rows, columns: columns,
            values: (0..<(rows * columns)).map { _ in Float((uniform() * 2 - 1) * scale) })
    }

    package mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}

extension Matrix {
    package var doubles: [[Double]] { (0..<rows).map { row($0).map(Double.init) } }
}

/// The largest difference, relative to the largest number where that is above 1.
package func deviation(_ found: Matrix, _ expected: [[Double]]) -> Double {
    let expected = expected.flatMap { $0 }
    let scale = max(1, expected.map(abs).max() ?? 0)
    return zip(found.values, expected).map { abs(Double($0) - $1) }.max().map { $0 / scale } ?? 0
}
