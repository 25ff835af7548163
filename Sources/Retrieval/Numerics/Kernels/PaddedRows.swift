import CKernels

/// The length of a row and the room that it takes: the next multiple of a vector's 16 numbers. What
/// is between them is 0, so that kernels run over whole vectors.
struct PaddedWidth: Hashable, Sendable {
    let numbers: Int

    init(_ numbers: Int) { self.numbers = numbers }

    var stride: Int { (numbers + 15) / 16 * 16 }
}

/// Where kernels find rows in memory that a lane owns.
typealias RowPointer = UnsafeMutablePointer<Float>

/// Memory that is handed out piece after piece, each where a cache line starts.
struct LaneArena {
    private var next: RowPointer

    init(_ buffer: LaneBuffer<Float>) { next = buffer.pointer }

    init(_ start: RowPointer) { next = start }

    static func size(_ count: Int) -> Int { (count + 15) / 16 * 16 }

    mutating func take(_ count: Int) -> RowPointer {
        defer { next += Self.size(count) }
        return next
    }

    mutating func take(rows: Int, of width: PaddedWidth) -> RowPointer {
        take(rows * width.stride)
    }
}

/// Which numbers of a layer's rows are dropped in a step: `rate` of them, by a hash of the step, the
/// layer, the row's own id and the number's place in it. The others are divided by `1 − rate`.
struct DropoutSite: Sendable {
    private(set) var kernel: tk_dropout

    /// - Parameters:
    ///   - rate: from 0 to below 1.
    ///   - key: what the hash of the layer and the step begins with.
    init(rate: Float, key: UInt64) {
        kernel = tk_dropout(
            site: key, threshold: UInt32(Double(rate) * 0x1p32), scale: 1 / (1 - rate))
    }

    var scale: Float { kernel.scale }

    /// The id of the row that stands for a step of a sequence.
    static func rowID(sequence: UInt64, step: Int) -> UInt64 {
        SplitMix64.mix(SplitMix64.mix(sequence) ^ UInt64(truncatingIfNeeded: step))
    }

    /// The site of one of several parts of it.
    func part(_ index: Int) -> DropoutSite {
        var part = self
        part.kernel.site = SplitMix64.mix(kernel.site ^ UInt64(index))
        return part
    }
}

/// Kernels over rows of one padded width, one after the other.
struct PaddedRows {
    let count: Int
    let width: PaddedWidth

    private var size: Int { count * width.stride }

    /// target = source, or target += source, with numbers dropped.
    func drop(
        _ source: RowPointer, _ site: DropoutSite?, ids: UnsafePointer<UInt64>?,
        into target: RowPointer, adding: Bool = false
    ) {
        guard var kernel = site?.kernel else {
            if adding || target != source {
                tk_drop_rows(target, source, count, width.stride, nil, nil, adding)
            }
            return
        }
        tk_drop_rows(target, source, count, width.stride, &kernel, ids, adding)
    }

    /// target = scale · vectors (rows without padding, `stride` apart where they are parts of
    /// others) + the table's rows at the positions.
    func place(
        _ vectors: UnsafePointer<Float>, stride: Int? = nil, times scale: Float = 1,
        plus table: RowPointer? = nil, at positions: UnsafePointer<Int32>? = nil,
        into target: RowPointer
    ) {
        tk_place_rows(
            target, width.stride, vectors, stride ?? width.numbers, width.numbers, count, scale,
            table, positions)
    }

    /// target = the matrix's rows at the indices. What it holds beyond them is not written.
    func gather(_ matrix: Matrix, _ indices: [Int32], into target: RowPointer) {
        tk_gather_rows(
            target, width.stride, matrix.values, matrix.columns, width.numbers, indices, count)
    }

    /// target, rows without padding = scale · source; `stride` as in ``place``.
    func take(
        _ source: RowPointer, times scale: Float = 1, into target: RowPointer, stride: Int? = nil
    ) {
        tk_take_rows(
            target, stride ?? width.numbers, source, width.stride, width.numbers, count, scale)
    }

    func clear(_ target: RowPointer) { target.update(repeating: 0, count: size) }

    func addRows(
        _ source: RowPointer, at positions: UnsafePointer<Int32>, to table: RowPointer
    ) {
        tk_scatter_add_rows(
            table, width.stride, source, width.stride, width.stride, positions, count)
    }

    func relu(_ target: RowPointer) { tk_relu(target, size) }

    func reluGradient(_ gradient: RowPointer, of outputs: RowPointer, times scale: Float) {
        tk_relu_gradient(gradient, outputs, size, scale)
    }

    /// target = left · right: [count, inner], its rows `stride` apart, times packed [inner, width].
    func multiply(
        _ left: UnsafePointer<Float>, stride: Int, inner: Int, packed right: RowPointer,
        into target: RowPointer
    ) {
        tk_gemm_packed(
            count, width.numbers, inner, left, stride, 1, right, target, width.stride,
            Kernels.Start.zero.padded, nil)
    }

    /// target = leftᵀ · rows, or target += that, [columns, width]: the left side is [count, columns],
    /// its rows `stride` apart.
    func multiplyTransposed(
        _ left: UnsafePointer<Float>, stride: Int, columns: Int, by rows: RowPointer,
        into target: RowPointer, adding: Bool
    ) {
        tk_gemm_rowmajor_b(
            columns, width.numbers, count, left, 1, stride, rows, width.stride, target,
            width.stride, (adding ? Kernels.Start.accumulated : .zero).padded, nil)
    }

    /// outputs = inputs · kernel + bias.
    func multiply(_ inputs: RowPointer, _ kernel: PackedKernel, into outputs: RowPointer) {
        tk_gemm_packed(
            count, kernel.outputs.numbers, kernel.inputs.numbers, inputs, kernel.inputs.stride, 1,
            kernel.forward, outputs, kernel.outputs.stride,
            (kernel.bias == nil ? Kernels.Start.zero : .bias).padded, kernel.bias)
    }

    /// inputs = gradient · kernelᵀ, or inputs += that.
    func multiplyBack(
        _ gradient: RowPointer, _ kernel: PackedKernel, into inputs: RowPointer,
        adding: Bool = false
    ) {
        tk_gemm_packed(
            count, kernel.inputs.numbers, kernel.outputs.numbers, gradient, kernel.outputs.stride,
            1, kernel.backward, inputs, kernel.inputs.stride,
            (adding ? Kernels.Start.accumulated : .zero).padded, nil)
    }

    /// Adds the gradients of a kernel, inputsᵀ · gradient, and of its bias; the first ones are
    /// written, whatever stands there.
    func addGradient(
        _ inputs: RowPointer, _ gradient: RowPointer, to partial: KernelPartial, isFirst: Bool
    ) {
        PaddedRows(count: count, width: partial.outputs).multiplyTransposed(
            inputs, stride: partial.inputs.stride, columns: partial.inputs.numbers, by: gradient,
            into: partial.kernel, adding: !isFirst)
        guard let bias = partial.bias else { return }
        if isFirst { bias.update(repeating: 0, count: partial.outputs.stride) }
        tk_add_rows(bias, gradient, partial.outputs.stride, count)
    }
}

/// Layer normalization of padded rows.
extension PaddedRows {
    /// Writes the normalized rows, and 1 over each one's deviation.
    func normalize(
        _ rows: RowPointer, epsilon: Float, into normalized: RowPointer, scales: RowPointer
    ) {
        tk_normalize_rows(
            rows, width.stride, width.numbers, count, epsilon, normalized, scales)
    }

    /// From the gradient of the normalized rows, writes that of the rows, or adds to it.
    func normalizationGradient(
        _ gradient: RowPointer, of normalized: RowPointer, scales: RowPointer,
        into rows: RowPointer, adding: Bool
    ) {
        tk_normalize_rows_gradient(
            gradient, normalized, scales, width.stride, width.numbers, count, rows, adding)
    }

    /// outputs = normalized ⊙ gamma + beta.
    func scale(_ normalized: RowPointer, _ gains: Gains, into outputs: RowPointer) {
        tk_scale_rows(normalized, width.stride, count, gains.gamma, gains.beta, outputs)
    }

    /// The gradient of the outputs becomes that of the normalized rows; adds to those of gamma and
    /// beta.
    func scaleGradient(
        _ gradient: RowPointer, of normalized: RowPointer, _ gains: Gains, _ partial: Gains
    ) {
        tk_scale_rows_gradient(
            gradient, normalized, width.stride, count, gains.gamma, partial.gamma, partial.beta)
    }
}

/// Gamma and beta of a normalization, or their gradients, each a padded row.
struct Gains {
    let gamma: RowPointer
    let beta: RowPointer

    static func size(_ width: PaddedWidth) -> Int { 2 * width.stride }

    init(_ arena: inout LaneArena, _ width: PaddedWidth) {
        gamma = arena.take(width.stride)
        beta = arena.take(width.stride)
    }
}

/// The gradient of a kernel, [inputs, outputs padded], and of its bias, as one lane sums it.
struct KernelPartial {
    let inputs: PaddedWidth
    let outputs: PaddedWidth
    let kernel: RowPointer
    let bias: RowPointer?

    static func size(_ inputs: PaddedWidth, _ outputs: PaddedWidth) -> Int {
        (inputs.numbers + 1) * outputs.stride
    }

    init(
        _ arena: inout LaneArena, _ inputs: PaddedWidth, _ outputs: PaddedWidth,
        hasBias: Bool = true
    ) {
        (self.inputs, self.outputs) = (inputs, outputs)
        kernel = arena.take(inputs.numbers * outputs.stride)
        let bias = arena.take(outputs.stride)
        self.bias = hasBias ? bias : nil
    }
}

/// A kernel laid out for products of padded rows, both ways. Lanes only read it once it is there.
struct PackedKernel: @unchecked Sendable {
    let inputs: PaddedWidth
    let outputs: PaddedWidth
    let forward: RowPointer
    let backward: RowPointer
    let bias: RowPointer?

    static func size(_ inputs: PaddedWidth, _ outputs: PaddedWidth) -> Int {
        LaneArena.size(tk_packed_size(outputs.numbers, inputs.numbers))
            + LaneArena.size(tk_packed_size(inputs.numbers, outputs.numbers)) + outputs.stride
    }

    /// Room for a kernel, which ``fill(_:_:)`` lays out.
    init(_ source: KernelSource, _ arena: inout LaneArena) {
        inputs = PaddedWidth(source.matrix.rows)
        outputs = PaddedWidth(source.columns.count)
        forward = arena.take(tk_packed_size(outputs.numbers, inputs.numbers))
        backward = arena.take(tk_packed_size(inputs.numbers, outputs.numbers))
        let padded = arena.take(outputs.stride)
        bias = source.bias == nil ? nil : padded
    }

    /// Lays out kernels, each in the room that was made for it.
    static func fill(_ kernels: [(kernel: PackedKernel, source: KernelSource)], _ lanes: Lanes) {
        lanes.forEach(kernels.count) { kernels[$0].kernel.fill(from: kernels[$0].source) }
    }

    private func fill(from source: KernelSource) {
        let source = source.folded()
        let (matrix, columns) = (source.matrix, source.columns)
        matrix.values.withUnsafeBufferPointer { values in
            let start = values.baseAddress! + columns.lowerBound
            tk_pack(start, outputs.numbers, inputs.numbers, 1, matrix.columns, forward)
            tk_pack(start, inputs.numbers, outputs.numbers, matrix.columns, 1, backward)
        }
        guard let padded = bias, let bias = source.bias else { return }
        padded.fill(bias.row(source.biasRow)[shifted: columns], outputs)
    }
}

/// What is laid out as a ``PackedKernel``.
struct KernelSource: Sendable {
    let matrix: Matrix
    /// Those of the matrix that are the kernel; the bias has as many.
    let columns: Range<Int>
    let bias: Matrix?
    /// The row of the bias.
    var biasRow = 0
    /// What the inputs are scaled by first, of a kernel of all columns that has a bias; nil: nothing.
    var gains: FoldedGains?

    /// The same of inputs that are not scaled.
    func folded() -> KernelSource {
        guard let gains, let bias else { return self }
        let folded = gains.folded(into: matrix, bias)
        return KernelSource(matrix: folded.kernel, columns: columns, bias: folded.bias)
    }
}

extension RowPointer {
    /// Writes a row and its padding.
    func fill(_ numbers: some Collection<Float>, _ width: PaddedWidth) {
        update(repeating: 0, count: width.stride)
        for (index, number) in numbers.enumerated() { self[index] = number }
    }
}

extension ArraySlice {
    /// The elements at offsets from the first.
    fileprivate subscript(shifted range: Range<Int>) -> ArraySlice {
        self[(startIndex + range.lowerBound)..<(startIndex + range.upperBound)]
    }
}
