/// The scores of several query heads against the same columns, of which the best head counts:
/// `reduce_max(scores, axis=1)` of `tasks/retrieval.py` and its gradient.
struct HeadScores {
    let heads: Int
    let columns: Int
    /// From one row to the next, of scores and tile alike.
    let stride: Int

    /// Writes each column's largest score over the heads of its row; a NaN is the largest.
    ///
    /// - Parameter scores: [rows, heads, stride].
    func maximize(
        _ scores: UnsafePointer<Float>, rows: Int, into tile: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let target = tile + row * stride
            target.update(from: scores + row * heads * stride, count: columns)
            for head in 1..<heads {
                let other = scores + (row * heads + head) * stride
                for column in 0..<columns where !(other[column] <= target[column]) {
                    if !target[column].isNaN { target[column] = other[column] }
                }
            }
        }
    }

    /// Replaces each score by its share of the gradient: heads that tie for the largest share it
    /// equally, the others have none.
    func distribute(
        _ gradient: UnsafePointer<Float>, rows: Int, over scores: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let first = scores + row * heads * stride + column
                share(gradient[row * stride + column], over: first)
            }
        }
    }

    private func share(_ gradient: Float, over scores: UnsafeMutablePointer<Float>) {
        var largest = scores[0]
        var ties: Float = 0
        for head in 0..<heads {
            let score = scores[head * stride]
            if score.isNaN || score > largest { largest = score }
        }
        for head in 0..<heads where scores[head * stride] == largest { ties += 1 }
        for head in 0..<heads {
            // Among NaNs nothing equals the largest: 0 / 0 makes their gradient NaN, as in
            // TensorFlow.
            let isLargest: Float = scores[head * stride] == largest ? 1 : 0
            scores[head * stride] = isLargest / ties * gradient
        }
    }
}
