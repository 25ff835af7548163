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

    /// From the weights of one step that is seen to those of the next.
    private static func weightStride(_ steps: Int) -> Int {
        steps <= 8 ? 8 : (steps + 15) / 16 * 16
    }

    /// The weights of one head.
    private static func headSize(steps: Int) -> Int {
        LaneArena.size(steps * weightStride(steps))
    }

    /// Numbers of the weights that a sequence leaves for the way back.
    static func weightCount(steps: Int, heads: Int) -> Int { heads * headSize(steps: steps) }

    /// Room that a call needs beside: dropped weights, slopes, and copies of a head's rows.
    static func scratchSize(steps: Int, heads: Int, width: PaddedWidth) -> Int {
        let copies = heads == 1 ? 0 : 7 * steps * PaddedWidth(width.numbers / heads).stride
        return 2 * headSize(steps: steps) + copies
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
        forEachHead(rows, ids, weights, scratch) { call, head in
            let own = head.room(for: outputs)
            tk_attend(call, own)
            head.write(own, to: outputs)
        }
    }

    /// Writes the gradients of queries, keys and values.
    func pullBack(
        _ gradient: RowPointer, _ rows: Rows, ids: UnsafePointer<UInt64>?, weights: RowPointer,
        into gradients: Rows, scratch: RowPointer
    ) {
        forEachHead(rows, ids, weights, scratch) { call, head in
            let ofOutputs = head.read(gradient)
            let own = Rows(
                queries: head.room(for: gradients.queries), keys: head.room(for: gradients.keys),
                values: head.room(for: gradients.values))
            tk_attend_gradient(call, ofOutputs, own.queries, own.keys, own.values)
            head.write(own.queries, to: gradients.queries)
            head.write(own.keys, to: gradients.keys)
            head.write(own.values, to: gradients.values)
        }
    }

    private func forEachHead(
        _ rows: Rows, _ ids: UnsafePointer<UInt64>?, _ weights: RowPointer, _ scratch: RowPointer,
        _ body: (UnsafePointer<tk_attention>, inout HeadRows) -> Void
    ) {
        let (count, size) = (width.numbers / heads, Self.headSize(steps: steps))
        var arena = LaneArena(scratch)
        let dropped = arena.take(size)
        let slopes = arena.take(size)
        for index in 0..<heads {
            var head = HeadRows(
                rows: PaddedRows(count: steps, width: PaddedWidth(count)), start: index * count,
                all: width, arena: arena)
            let (queries, keys) = (head.read(rows.queries), head.read(rows.keys))
            let values = head.read(rows.values)
            var dropout = site?.part(index).kernel ?? tk_dropout()
            withUnsafePointer(to: &dropout) { dropout in
                var call = tk_attention(
                    steps: steps, width: count, ld: head.rows.width.stride,
                    ldw: Self.weightStride(steps), scale: 1 / Float(count).squareRoot(),
                    queries: queries, keys: keys, values: values, weights: weights + index * size,
                    dropout: site == nil ? nil : dropout, ids: ids, dropped: dropped,
                    slopes: slopes)
                body(&call, &head)
            }
        }
    }
}

/// The rows of one head, padded by themselves: those of all where it is the only one, else copies.
private struct HeadRows {
    let rows: PaddedRows
    /// The head's first number of a row of all.
    let start: Int
    let all: PaddedWidth
    var arena: LaneArena

    private var isOnly: Bool { rows.width == all }

    mutating func room(for target: RowPointer) -> RowPointer {
        isOnly ? target : arena.take(rows: rows.count, of: rows.width)
    }

    mutating func read(_ source: RowPointer) -> RowPointer {
        let own = room(for: source)
        if !isOnly { rows.place(source + start, stride: all.stride, into: own) }
        return own
    }

    func write(_ own: RowPointer, to target: RowPointer) {
        if !isOnly { rows.take(own, into: target + start, stride: all.stride) }
    }
}
