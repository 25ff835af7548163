import CKernels

/// Scaled dot-product attention over one sequence in which a step sees itself and the steps before
/// it (Vaswani et al., 2017), in memory of a lane.
struct CausalAttention {
    let steps: Int
    let heads: Int
    /// Of queries, keys, values and outputs; head h has numbers h · numbers / heads and on.
    let width: PaddedWidth
    /// Of the weights.
    let site: DropoutSite?

    /// From one row of weights to the next.
    static func weightStride(_ steps: Int) -> Int { (steps + 15) / 16 * 16 }

    /// The weights of one head.
    private var headSize: Int { steps * Self.weightStride(steps) }

    /// Numbers of the weights that a sequence leaves for the way back.
    static func weightCount(steps: Int, heads: Int) -> Int {
        heads * steps * weightStride(steps)
    }

    /// Room that a call needs beside: packed keys or values, dropped weights, and slopes.
    static func scratchSize(steps: Int, heads: Int, width: PaddedWidth) -> Int {
        LaneArena.size(tk_packed_size(steps, width.numbers / heads))
            + 2 * steps * weightStride(steps)
    }

    /// Rows of queries, keys and values.
    struct Rows {
        var queries: RowPointer
        var keys: RowPointer
        var values: RowPointer

        func advanced(by count: Int) -> Rows {
            Rows(queries: queries + count, keys: keys + count, values: values + count)
        }
    }

    /// Writes outputs and weights.
    func attend(
        _ rows: Rows, ids: UnsafePointer<UInt64>?, weights: RowPointer, outputs: RowPointer,
        scratch: RowPointer
    ) {
        forEachHead(rows, ids, weights, scratch) { call, start in
            tk_attend(call, outputs + start)
        }
    }

    /// Writes the gradients of queries, keys and values.
    func pullBack(
        _ gradient: RowPointer, _ rows: Rows, ids: UnsafePointer<UInt64>?, weights: RowPointer,
        into gradients: Rows, scratch: RowPointer
    ) {
        forEachHead(rows, ids, weights, scratch) { call, start in
            tk_attend_gradient(
                call, gradient + start, gradients.queries + start, gradients.keys + start,
                gradients.values + start)
        }
    }

    private func forEachHead(
        _ rows: Rows, _ ids: UnsafePointer<UInt64>?, _ weights: RowPointer, _ scratch: RowPointer,
        _ body: (UnsafePointer<tk_attention>, _ start: Int) -> Void
    ) {
        let size = width.numbers / heads
        var arena = LaneArena(scratch)
        let packed = arena.take(tk_packed_size(steps, size))
        let dropped = arena.take(headSize)
        let slopes = arena.take(headSize)
        for head in 0..<heads {
            let start = head * size
            let own = rows.advanced(by: start)
            var dropout = site?.part(head).kernel ?? tk_dropout()
            withUnsafePointer(to: &dropout) { dropout in
                var call = tk_attention(
                    steps: steps, width: size, columns: heads == 1 ? width.stride : size,
                    ld: width.stride, ldw: Self.weightStride(steps),
                    scale: 1 / Float(size).squareRoot(), queries: own.queries, keys: own.keys,
                    values: own.values, weights: weights + head * headSize,
                    dropout: site == nil ? nil : dropout, ids: ids, packed: packed,
                    dropped: dropped, slopes: slopes)
                body(&call, start)
            }
        }
    }
}
