/// What a dense layer makes of a batch, `f(x·W + b)`, and the way back.
///
/// Rows are cut into pieces by the size of the problem. A piece goes all the way, product and
/// activation, while its numbers are in the cache; on the way back each sums a gradient of the
/// weights of its own, and these are added as ``Lanes/treeSum(_:_:)`` has it.
struct DensePass: Sendable {
    let outputs: Matrix
    private let inputs: Matrix
    /// `x·W + b`; the outputs in its place where the activation's slope can be told from them.
    private let sums: Matrix
    private let weights: Matrix
    private let activation: Activation
    private let lanes: Lanes
    /// The rows of each piece.
    private let pieces: [Range<Int>]

    private var units: Int { weights.columns }
    private var depth: Int { weights.rows }

    /// - Parameter pieces: how the rows are cut where they are a part of a larger problem; nil: by
    ///   their number.
    init(
        _ inputs: Matrix, _ weights: Matrix, bias: Matrix?, _ activation: Activation,
        _ lanes: Lanes, pieces: [Range<Int>]? = nil
    ) {
        precondition(inputs.columns == weights.rows, "a kernel for inputs of another length")
        let (depth, units) = (weights.rows, weights.columns)
        let packed = LaneBuffer<Float>(uninitializedCount: Kernels.packedSize(units, depth))
        Kernels.pack(weights.values, units, depth, 1, units, packed.pointer)
        /// Writes the sums of all rows, and calls `then` with those of each piece.
        func multiply(
            into sums: UnsafeMutablePointer<Float>,
            then: @Sendable (UnsafeMutablePointer<Float>, Range<Int>) -> Void
        ) {
            let sums = LanePointer(sums)
            lanes.forEachRange(of: inputs.rows, cost: units * max(1, depth)) { range in
                inputs.values.withUnsafeBufferPointer { x in
                    // A product without depth reads nothing of what stands in for it.
                    let start = x.baseAddress ?? UnsafePointer(packed.pointer)
                    let own = sums.pointer + range.lowerBound * units
                    Kernels.gemmPacked(
                        range.count, units, depth, start + range.lowerBound * depth, depth, 1,
                        packed.pointer, own, units, bias == nil ? .zero : .bias,
                        bias?.values)
                    then(own, range)
                }
            }
        }
        if activation.needsInputs {
            var outputs = Matrix(rows: inputs.rows, columns: units) { _ in }
            sums = Matrix(rows: inputs.rows, columns: units) { sums in
                outputs.values.withUnsafeMutableBufferPointer { outputs in
                    guard let start = outputs.baseAddress else { return }
                    let outputs = LanePointer(start)
                    multiply(into: sums) { own, range in
                        activation.evaluate(
                            own, outputs.pointer + range.lowerBound * units,
                            rows: range.count, columns: units)
                    }
                }
            }
            self.outputs = outputs
        } else {
            sums = Matrix(rows: inputs.rows, columns: units) { sums in
                multiply(into: sums) { own, range in
                    activation.evaluate(own, own, rows: range.count, columns: units)
                }
            }
            outputs = sums
        }
        (self.inputs, self.weights) = (inputs, weights)
        (self.activation, self.lanes) = (activation, lanes)
        self.pieces = pieces ?? Lanes.ranges(of: inputs.rows, cost: units * max(1, depth))
    }

    struct Gradients {
        var inputs: Matrix
        var weights: Matrix
        var bias: Matrix
    }

    /// - Parameter gradient: that of the outputs.
    func gradients(of gradient: Matrix) -> Gradients {
        let rows = inputs.rows
        let (units, depth) = (units, depth)
        let packed = LaneBuffer<Float>(uninitializedCount: Kernels.packedSize(depth, units))
        Kernels.pack(weights.values, depth, units, units, 1, packed.pointer)
        // For each piece, the gradient of the weights and behind it that of the bias.
        let (size, stride) = (depth * units, depth * units + units)
        let partials = LaneBuffer<Float>(uninitializedCount: pieces.count * stride)
        let ofSums =
            activation.isIdentity ? nil : LaneBuffer<Float>(uninitializedCount: rows * units)
        let ofInputs = Matrix(rows: rows, columns: depth) { ofInputs in
            let ofInputs = LanePointer(ofInputs)
            lanes.forEach(pieces.count) { piece in
                let range = pieces[piece]
                let (row, count) = (range.lowerBound, range.count)
                withPointers(gradient, or: packed) { x, sums, outputs, gradient in
                    var own = gradient + row * units
                    if let ofSums {
                        let slopes = ofSums.pointer + row * units
                        activation.pullBack(
                            own, at: sums + row * units, outputs + row * units, into: slopes,
                            rows: count, columns: units)
                        own = UnsafePointer(slopes)
                    }
                    Kernels.gemmPacked(
                        count, depth, units, own, units, 1, packed.pointer,
                        ofInputs.pointer + row * depth, depth, .zero, nil)
                    let partial = partials.pointer + piece * stride
                    Kernels.gemmRowMajor(
                        depth, units, count, x + row * depth, 1, depth, own, units, partial,
                        units, .zero, nil)
                    Kernels.sumPartials(partial + size, own, count, units, units)
                }
            }
        }
        return Gradients(
            inputs: ofInputs,
            weights: Matrix(rows: depth, columns: units) {
                Kernels.sumLanes($0, partials.pointer, pieces.count, stride, size)
            },
            bias: Matrix(rows: 1, columns: units) {
                Kernels.sumLanes($0, partials.pointer + size, pieces.count, stride, units)
            })
    }

    /// - Parameter substitute: what stands in for inputs of no length, of which nothing is read.
    private func withPointers(
        _ gradient: Matrix, or substitute: LaneBuffer<Float>,
        _ body: (
            _ inputs: UnsafePointer<Float>, _ sums: UnsafePointer<Float>,
            _ outputs: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>
        ) -> Void
    ) {
        let none = UnsafePointer(substitute.pointer)
        inputs.values.withUnsafeBufferPointer { x in
            sums.values.withUnsafeBufferPointer { sums in
                outputs.values.withUnsafeBufferPointer { y in
                    gradient.values.withUnsafeBufferPointer { gradient in
                        body(
                            x.baseAddress ?? none, sums.baseAddress ?? none,
                            y.baseAddress ?? none, gradient.baseAddress ?? none)
                    }
                }
            }
        }
    }
}
