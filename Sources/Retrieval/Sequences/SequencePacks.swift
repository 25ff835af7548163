/// Some sequences that a lane takes through an encoder at a time: few enough that all that they
/// leave for the way back stays in a core's cache.
struct SequencePack: Sendable {
    let sequences: Range<Int>
    /// Their steps.
    let steps: Range<Int>
    /// Where what they leave for the way back starts in the memory of all packs.
    let memory: Int
    /// Whether it is the first of its piece that has steps.
    let isFirst: Bool
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
    ///   - stepsPerPack: at most, but for a sequence that is longer.
    ///   - cost: operations of a step.
    ///   - memory: numbers that some sequences leave for the way back.
    init(
        _ batch: SequenceBatch, stepsPerPack: Int, cost: Int,
        memory: (_ sequences: Range<Int>) -> Int
    ) {
        let offsets = batch.offsets
        var packs: [SequencePack] = []
        var pieces: [Range<Int>] = []
        var (all, largest, mostSteps, longest) = (0, 0, 0, 0)
        var (first, hasSteps) = (0, false)
        func close(_ end: Int) {
            guard end > first else { return }
            let size = memory(first..<end)
            let steps = offsets[first]..<offsets[end]
            packs.append(
                SequencePack(
                    sequences: first..<end, steps: steps, memory: all,
                    isFirst: !hasSteps && !steps.isEmpty))
            hasSteps = hasSteps || !steps.isEmpty
            all += size
            largest = max(largest, size)
            mostSteps = max(mostSteps, steps.count)
            first = end
        }
        for sequences in batch.pieces ?? Self.pieces(of: offsets, cost: cost) {
            let start = packs.count
            hasSteps = false
            for end in sequences {
                let length = offsets[end + 1] - offsets[end]
                if offsets[end + 1] - offsets[first] > stepsPerPack { close(end) }
                longest = max(longest, length)
            }
            close(sequences.upperBound)
            pieces.append(start..<packs.count)
        }
        self.packs = packs
        self.pieces = pieces
        self.memory = (all, largest)
        self.mostSteps = mostSteps
        self.longest = longest
    }

    /// Sets the gradients of pieces to 0 that have no pack to write them; or those of one where there
    /// are none.
    ///
    /// - Parameters:
    ///   - partials: those of each piece, one after the other.
    ///   - size: numbers of a piece, a multiple of 16.
    func clear(_ partials: LaneBuffer<Float>, of size: Int) {
        for piece in 0..<max(1, pieces.count)
        where piece >= pieces.count || !packs[pieces[piece]].contains(where: \.isFirst) {
            (partials.pointer + piece * size).update(repeating: 0, count: size)
        }
    }

    /// Adds up the gradients of all pieces as ``Lanes/treeSum(_:_:)`` has it.
    func sum(
        _ partials: LaneBuffer<Float>, of size: Int, into sums: LaneBuffer<Float>, _ lanes: Lanes
    ) {
        lanes.forEachRange(of: size / 16, cost: 16 * pieces.count) { range in
            let start = 16 * range.lowerBound
            Kernels.sumLanes(
                sums.pointer + start, partials.pointer + start, pieces.count, size,
                16 * range.count)
        }
    }

    /// The sequences of each piece: each takes some up to its share of the steps.
    ///
    /// - Parameters:
    ///   - offsets: where each sequence starts among the steps, and where the last one ends.
    ///   - cost: operations of a step.
    static func pieces(of offsets: [Int], cost: Int) -> [Range<Int>] {
        let (count, steps) = (offsets.count - 1, offsets[offsets.count - 1])
        let meanSteps = max(1, steps / max(1, count))
        let pieceCount = Lanes.pieces(of: count, cost: cost * meanSteps)
        var first = 0
        return (0..<pieceCount).map { piece in
            let share = steps * (piece + 1) / pieceCount
            var end = first
            while end < count && (offsets[end + 1] <= share || piece == pieceCount - 1) { end += 1 }
            defer { first = end }
            return first..<end
        }
    }
}
