/// The sequences of some histories: those that begin at the same step are one, as long as the
/// longest of them.
struct HistorySequences: Sendable {
    /// What stands in each step; below 0: padding.
    private(set) var steps: [Int32] = []
    private(set) var offsets = [0]
    private(set) var places: [SequenceBatch.Place] = []
    private(set) var firstPositions: [Int32] = []
    private(set) var identities: [UInt64] = []
    private var known: SequenceStarts
    private var starts: [Int] = []
    private var lengths: [Int] = []

    /// - Parameter capacity: places at most.
    init(_ capacity: Int) {
        known = SequenceStarts(capacity)
        places.reserveCapacity(capacity)
    }

    /// Adds a place that reads these of the steps that histories share.
    ///
    /// - Parameter isShared: whether others that begin there may be the same sequence.
    mutating func add(_ steps: Range<Int>, position: Int, isShared: Bool) {
        guard !steps.isEmpty else {
            places.append(SequenceBatch.Place(sequence: 0, length: 0))
            return
        }
        let next = Int32(starts.count)
        // Places of one history follow each other more often than not.
        let last = places.last.map { Int($0.sequence) } ?? 0
        let isLast = last < starts.count && starts[last] == steps.lowerBound
        let sequence =
            !isShared
            ? next
            : isLast ? Int32(last) : known.sequence(at: steps.lowerBound, of: starts, or: next)
        if sequence == next {
            starts.append(steps.lowerBound)
            lengths.append(0)
            firstPositions.append(Int32(position))
            identities.append(UInt64(steps.lowerBound))
        }
        lengths[Int(sequence)] = max(lengths[Int(sequence)], steps.count)
        places.append(SequenceBatch.Place(sequence: sequence, length: Int32(steps.count)))
    }

    /// Writes all steps.
    ///
    /// - Parameter longestFirst: whether the sequences are put in that order; those of one length
    ///   stay in theirs.
    mutating func fill(from histories: Histories, longestFirst: Bool) {
        if longestFirst { arrange(SequenceBatch.fromLongest(lengths)) }
        steps.reserveCapacity(lengths.reduce(0, +))
        offsets.reserveCapacity(lengths.count + 1)
        for (start, length) in zip(starts, lengths) {
            steps += histories.steps(at: start..<start + length)
            offsets.append(steps.count)
        }
    }

    private mutating func arrange(_ order: [Int32]) {
        var placeOf = [Int32](repeating: 0, count: order.count)
        for (place, sequence) in order.enumerated() { placeOf[Int(sequence)] = Int32(place) }
        starts = starts.gathered(order)
        lengths = lengths.gathered(order)
        firstPositions = firstPositions.gathered(order)
        identities = identities.gathered(order)
        for index in places.indices where places[index].length > 0 {
            places[index].sequence = placeOf[Int(places[index].sequence)]
        }
    }

    /// Adds a sequence and the place that reads all of it.
    mutating func add(_ sequence: [Int32], identity: Int) {
        places.append(
            SequenceBatch.Place(
                sequence: Int32(identities.count), length: Int32(sequence.count)))
        steps += sequence
        offsets.append(steps.count)
        firstPositions.append(0)
        identities.append(UInt64(identity))
    }

    /// Some sequences that follow each other, with the places that read them.
    func selecting(_ sequences: Range<Int>, places chosen: [Int32]) -> HistorySequences {
        var part = HistorySequences(chosen.count)
        let first = offsets[sequences.lowerBound]
        part.steps = Array(steps[first..<offsets[sequences.upperBound]])
        part.offsets = offsets[sequences.lowerBound...sequences.upperBound].map { $0 - first }
        part.firstPositions = Array(firstPositions[sequences])
        part.identities = Array(identities[sequences])
        part.places = chosen.map { place in
            let place = places[Int(place)]
            return SequenceBatch.Place(
                sequence: place.length == 0 ? 0 : place.sequence - Int32(sequences.lowerBound),
                length: place.length)
        }
        return part
    }
}

/// The sequence that begins at each of some steps.
private struct SequenceStarts: Sendable {
    private let slotOf: KeySlots
    /// The sequence of each slot; -1: none.
    private var slots: [Int32]

    /// - Parameter capacity: sequences at most.
    init(_ capacity: Int) {
        slotOf = KeySlots(for: capacity, of: .max)
        slots = [Int32](repeating: -1, count: slotOf.count)
    }

    /// The sequence that begins at a step; where there is none, `next` from now on.
    ///
    /// - Parameter starts: where each sequence so far begins.
    mutating func sequence(at step: Int, of starts: [Int], or next: Int32) -> Int32 {
        var slot = slotOf.first(step)
        while slots[slot] >= 0, starts[Int(slots[slot])] != step { slot = slotOf.next(slot) }
        if slots[slot] < 0 { slots[slot] = next }
        return slots[slot]
    }
}
