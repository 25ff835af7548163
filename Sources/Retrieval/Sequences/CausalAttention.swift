/// Scaled dot-product attention in which a step sees itself and the steps before it, padding left
/// out (Vaswani et al., 2017).
struct CausalAttention: Sendable {
    let heads: Int
    let length: Int
    /// One flag per row; nil: every row is a step.
    let mask: [Bool]?

    struct Output: Sendable {
        var outputs: Matrix
        var pullback: @Sendable (Matrix) -> (queries: Matrix, keys: Matrix, values: Matrix)
    }

    /// - Parameters: queries, keys and values, [sequences · length, dimension]; head h has columns
    ///   h · dimension / heads and on. A row that pads attends to nothing and is 0.
    func apply(_ queries: Matrix, _ keys: Matrix, _ values: Matrix, _ lanes: Lanes) -> Output {
        let (rows, columns) = (queries.rows, queries.columns)
        let (width, sequences) = (columns / heads, rows / length)
        let scale = 1 / Float(width).squareRoot()
        // Row i of head h of a sequence has `length` weights.
        let weights = LaneBuffer<Float>(repeating: 0, count: rows * heads * length)
        let outputs = LaneBuffer<Float>(repeating: 0, count: rows * columns)
        let cost = length * length * columns
        lanes.forEachRange(of: sequences, cost: cost) { range in
            queries.values.withUnsafeBufferPointer { q in
                keys.values.withUnsafeBufferPointer { k in
                    values.values.withUnsafeBufferPointer { v in
                        forEachRow(range) { head, row, seen in
                            let place = weights.pointer + (row * heads + head) * length
                            let start = head * width
                            let query = q.baseAddress! + row * columns + start
                            for other in seen {
                                place[other % length] =
                                    scale
                                    * Kernels.dot(
                                        query, k.baseAddress! + other * columns + start, width)
                            }
                            softmax(place, seen)
                            for other in seen {
                                Kernels.axpy(
                                    outputs.pointer + row * columns + start,
                                    v.baseAddress! + other * columns + start,
                                    place[other % length], width)
                            }
                        }
                    }
                }
            }
        }
        let result = Matrix(rows: rows, columns: columns, values: outputs.array)
        return Output(outputs: result) { gradient in
            pullBack(gradient, queries, keys, values, weights, scale, lanes)
        }
    }

    private func pullBack(
        _ gradient: Matrix, _ queries: Matrix, _ keys: Matrix, _ values: Matrix,
        _ weights: LaneBuffer<Float>, _ scale: Float, _ lanes: Lanes
    ) -> (queries: Matrix, keys: Matrix, values: Matrix) {
        let (rows, columns) = (queries.rows, queries.columns)
        let (width, sequences) = (columns / heads, rows / length)
        let results = (0..<3).map { _ in
            LaneBuffer<Float>(repeating: 0, count: rows * columns)
        }
        let cost = length * length * columns
        lanes.forEachRange(of: sequences, cost: cost) { range in
            var slopes = [Float](repeating: 0, count: length)
            queries.values.withUnsafeBufferPointer { q in
                keys.values.withUnsafeBufferPointer { k in
                    values.values.withUnsafeBufferPointer { v in
                        gradient.values.withUnsafeBufferPointer { g in
                            forEachRow(range) { head, row, seen in
                                let place = weights.pointer + (row * heads + head) * length
                                let own = row * columns + head * width
                                var mean: Float = 0
                                for other in seen {
                                    let theirs = other * columns + head * width
                                    let weight = place[other % length]
                                    let slope = Kernels.dot(
                                        g.baseAddress! + own, v.baseAddress! + theirs, width)
                                    slopes[other % length] = slope
                                    mean += weight * slope
                                    Kernels.axpy(
                                        results[2].pointer + theirs, g.baseAddress! + own, weight,
                                        width)
                                }
                                for other in seen {
                                    let theirs = other * columns + head * width
                                    let weight = place[other % length]
                                    let slope = scale * weight * (slopes[other % length] - mean)
                                    Kernels.axpy(
                                        results[0].pointer + own, k.baseAddress! + theirs, slope,
                                        width)
                                    Kernels.axpy(
                                        results[1].pointer + theirs, q.baseAddress! + own, slope,
                                        width)
                                }
                            }
                        }
                    }
                }
            }
        }
        let matrices = results.map { Matrix(rows: rows, columns: columns, values: $0.array) }
        return (matrices[0], matrices[1], matrices[2])
    }

    /// Calls `body` for each head of each step that counts, with the rows that it sees.
    private func forEachRow(
        _ sequences: Range<Int>, _ body: (_ head: Int, _ row: Int, _ seen: [Int]) -> Void
    ) {
        for sequence in sequences {
            var seen: [Int] = []
            for row in (sequence * length)..<((sequence + 1) * length) where mask?[row] ?? true {
                seen.append(row)
                for head in 0..<heads { body(head, row, seen) }
            }
        }
    }

    /// Softmax over the places of the rows that are seen.
    private func softmax(_ place: UnsafeMutablePointer<Float>, _ seen: [Int]) {
        var largest = -Float.infinity
        for row in seen { largest = max(largest, place[row % length]) }
        var sum: Float = 0
        for row in seen {
            place[row % length] = Kernels.exp(place[row % length] - largest)
            sum += place[row % length]
        }
        for row in seen { place[row % length] /= sum }
    }
}
