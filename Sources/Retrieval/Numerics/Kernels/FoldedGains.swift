import CKernels

/// Gamma and beta of a normalization that only dense layers read. These do the scaling as well:
/// (x ⊙ γ + β)·W + b = x·(γ ⊙ W) + (β·W + b), so no row is scaled and none kept for the way back.
struct FoldedGains: Sendable {
    /// One row each, as are biases.
    let gamma: Matrix
    let beta: Matrix

    /// A layer's kernel and bias as they read rows that are not scaled.
    func folded(into kernel: Matrix, _ bias: Matrix) -> (kernel: Matrix, bias: Matrix) {
        var bias = bias
        let folded = Matrix(rows: kernel.rows, columns: kernel.columns) { folded in
            bias.values.withUnsafeMutableBufferPointer {
                tk_fold_gains(
                    kernel.values, kernel.rows, kernel.columns, gamma.values, beta.values, folded,
                    $0.baseAddress!)
            }
        }
        return (folded, bias)
    }

    /// The gradients of a normalization and of the layers that read it.
    struct Gradients {
        fileprivate(set) var gamma: Matrix
        fileprivate(set) var beta: Matrix
        fileprivate(set) var layers: [(kernel: Matrix, bias: Matrix)] = []
    }

    /// - Parameters:
    ///   - kernels: those of the layers, as they are.
    ///   - gradient: of the folded kernels and biases: rows of a kernel, then its bias, one layer's
    ///     after the other's.
    func gradients(of kernels: [Matrix], from gradient: Matrix) -> Gradients {
        var result = Gradients(
            gamma: Matrix(rows: 1, columns: gamma.columns),
            beta: Matrix(rows: 1, columns: beta.columns))
        for (index, kernel) in kernels.enumerated() {
            let size = kernel.rows * kernel.columns
            let start = index * (size + kernel.columns)
            var ofKernel = Matrix(
                rows: kernel.rows, columns: kernel.columns,
                values: Array(gradient.values[start..<start + size]))
            let ofBias = Matrix(
                rows: 1, columns: kernel.columns,
                values: Array(gradient.values[start + size..<start + size + kernel.columns]))
            tk_unfold_gains_gradient(
                kernel.values, kernel.rows, kernel.columns, gamma.values, beta.values,
                &ofKernel.values, ofBias.values, &result.gamma.values, &result.beta.values)
            result.layers.append((ofKernel, ofBias))
        }
        return result
    }
}
