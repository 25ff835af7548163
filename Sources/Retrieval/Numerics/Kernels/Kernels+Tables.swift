import CKernels

extension Kernels {
    /// Row i of dst = row idx[i] of the table.
    @inline(__always)
    static func gatherRows(
        _ dst: UnsafeMutablePointer<Float>?, _ ldd: Int, _ table: UnsafePointer<Float>?, _ ldt: Int,
        _ dim: Int, _ idx: UnsafePointer<Int32>?, _ n: Int
    ) {
        tk_gather_rows(dst, ldd, table, ldt, dim, idx, n)
    }

    /// Row idx[i] of dst += row i of src, for i = 0 ..< n in that order; indices may repeat.
    @inline(__always)
    static func scatterAddRows(
        _ dst: UnsafeMutablePointer<Float>?, _ ldd: Int, _ src: UnsafePointer<Float>?, _ lds: Int,
        _ dim: Int, _ idx: UnsafePointer<Int32>?, _ n: Int
    ) {
        tk_scatter_add_rows(dst, ldd, src, lds, dim, idx, n)
    }

    /// Row i of dst = Σ row members[j] of src over offsets[i] ≤ j < offsets[i + 1], added to 0 in that
    /// order, for n rows; if accumulating, to what the row has.
    @inline(__always)
    static func segmentSumRows(
        _ dst: UnsafeMutablePointer<Float>?, _ ldd: Int, _ src: UnsafePointer<Float>?, _ lds: Int,
        _ dim: Int, _ members: UnsafePointer<Int32>?, _ offsets: UnsafePointer<Int32>?, _ n: Int,
        accumulating: Bool = false
    ) {
        tk_segment_sum_rows(dst, ldd, src, lds, dim, members, offsets, n, accumulating)
    }
}
