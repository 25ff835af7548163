/// Some sequences that a lane takes through an encoder at a time: few enough that all that they
/// leave for the way back stays in a core's cache.
struct SequencePack: Sendable {
    /// Which ones, of the order in which packs are filled.
    let sequences: Range<Int>
    /// Their steps, in that order.
    let steps: Range<Int>
    /// Where what they leave for the way back starts in the memory of all packs.
    let memory: Int
}

/// A batch's sequences in packs, and these in pieces for lanes, cut by the size of the batch alone.
struct SequencePacks: Sendable {
    let packs: [SequencePack]
    /// Ranges of packs. Each piece sums gradients of its own, which are added as a tree.
    let pieces: [Range<Int>]
    /// Numbers that all packs leave, and the largest of them.
    let memory: (all: Int, largest: Int)
    /// The most steps of a pack, and of a sequence.
    let mostSteps: Int
    let longest: Int

    /// - Parameters:
    ///   - offsets: where each sequence starts among the steps, in the order in which packs are to
    ///     be filled, and where the last one ends.
    ///   - stepsPerPack: at most, but for a sequence that is longer.
    ///   - cost: operations of a step.
    ///   - memory: numbers that some sequences leave for the way back.
    init(
        offsets: [Int], stepsPerPack: Int, cost: Int, memory: (_ sequences: Range<Int>) -> Int
    ) {
        let count = offsets.count - 1
        let allSteps = offsets[count]
        let meanSteps = max(1, allSteps / max(1, count))
        let pieceCount = Lanes.pieces(of: count, cost: cost * meanSteps)
        var packs: [SequencePack] = []
        var pieces: [Range<Int>] = []
        var (all, largest, mostSteps, longest) = (0, 0, 0, 0)
        var first = 0
        func close(_ end: Int) {
            guard end > first else { return }
            let size = memory(first..<end)
            let steps = offsets[first]..<offsets[end]
            packs.append(SequencePack(sequences: first..<end, steps: steps, memory: all))
            all += size
            largest = max(largest, size)
            mostSteps = max(mostSteps, steps.count)
            first = end
        }
        for piece in 0..<pieceCount {
            // A piece takes sequences up to its share of the steps.
            let share = allSteps * (piece + 1) / pieceCount
            let start = packs.count
            var end = first
            while end < count && (offsets[end + 1] <= share || piece == pieceCount - 1) {
                let length = offsets[end + 1] - offsets[end]
                if offsets[end + 1] - offsets[first] > stepsPerPack { close(end) }
                longest = max(longest, length)
                end += 1
            }
            close(end)
            pieces.append(start..<packs.count)
        }
        self.packs = packs
        self.pieces = pieces
        self.memory = (all, largest)
        self.mostSteps = mostSteps
        self.longest = longest
    }
}
