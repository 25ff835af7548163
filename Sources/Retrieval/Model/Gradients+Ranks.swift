extension Communicator {
    /// A sparse gradient of which each rank has some rows, one rank's after the other's.
    func joined(_ indices: [Int32], _ rows: Matrix) -> Gradient {
        let all = joined(indices)
        return .sparse(
            indices: all,
            rows: Matrix(rows: all.count, columns: rows.columns, values: joined(rows.values)))
    }
}

/// What one rank has found of the gradient of a parameter, or of dense sums of which gradients are
/// made.
struct FoundGradient: Sendable {
    typealias Finish = @Sendable (_ sums: Matrix, inout Gradients) -> Void

    enum Target: Sendable {
        case parameter(ParameterID)
        case sums(Finish)

        /// Nil: sums.
        var id: ParameterID? {
            if case .parameter(let id) = self { id } else { nil }
        }
    }

    let target: Target
    let gradient: Gradient
    /// How many ranks, from the first on, have found any.
    let ranks: Int
}

/// How ranks make one gradient of what each finds of the inputs that are its own.
struct GradientJoining: Sendable {
    let ranks: any Communicator
    /// Whether every rank gets all of a table's gradient, as a rule over all gradients asks, such as
    /// a limit of their norm; otherwise its owner gets a row's.
    let gathersRows: Bool

    /// The gradients as one process finds them: of dense ones the sum as a tree over the ranks, of
    /// sparse ones all ranks' rows, one rank's after the other's.
    func joined(
        _ found: [FoundGradient], _ parameters: Parameters, _ lanes: Lanes
    ) -> [FoundGradient] {
        var sums = denseSums(found)[...]
        return found.map { part in
            let gradient: Gradient
            switch part.gradient {
            case .dense: gradient = .dense(sums.removeFirst())
            case .sparse(let indices, let rows):
                let partition =
                    gathersRows ? nil : part.target.id.flatMap { parameters.partition(of: $0) }
                gradient =
                    partition?.collect(indices, rows, lanes) ?? ranks.joined(indices, rows)
            }
            return FoundGradient(target: part.target, gradient: gradient, ranks: part.ranks)
        }
    }

    /// All at once, where as many ranks have found some.
    private func denseSums(_ found: [FoundGradient]) -> [Matrix] {
        var matrices: [Matrix] = []
        var counts: [Int] = []
        for part in found {
            guard case .dense(let matrix) = part.gradient else { continue }
            matrices.append(matrix)
            counts.append(part.ranks)
        }
        for count in Set(counts).sorted() {
            let places = matrices.indices.filter { counts[$0] == count }
            var values = places.flatMap { matrices[$0].values }
            values.withUnsafeMutableBufferPointer { ranks.treeSum($0, ofRanks: count) }
            var start = 0
            for place in places {
                let (rows, columns) = (matrices[place].rows, matrices[place].columns)
                let size = rows * columns
                matrices[place] = Matrix(
                    rows: rows, columns: columns, values: Array(values[start..<start + size]))
                start += size
            }
        }
        return matrices
    }
}
