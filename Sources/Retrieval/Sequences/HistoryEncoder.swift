/// The user's history as one vector: the embeddings of its last items, and what a sequence encoder
/// makes of them.
struct HistoryEncoder: FeatureEncoder {
    /// The history of each key.
    let histories: Histories
    /// What is read of each step.
    let readings: [HistoryReading]
    let combination: History.Combination
    let length: Int
    let padding: History.Padding
    /// Whether padding is passed over, and need not be there; else it is a step like others.
    let masksPadding: Bool
    let encoder: any SequenceEncoder

    var outputDimension: Int { encoder.outputDimension }

    var requiresDistinctRows: Bool { encoder.requiresDistinctRows }

    var encodesOnce: Bool { true }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let sequences = sequences(of: keys)
        let rows = readings.map { $0.rows(of: sequences.steps) }
        let batch = SequenceBatch(
            vectors: vectors(rows, parameters, context.lanes), offsets: sequences.offsets,
            places: sequences.places, firstPositions: sequences.firstPositions,
            identities: sequences.identities)
        let output = encoder.encode(batch, parameters, context)
        return Encoding(embeddings: output.outputs) { [self] gradient, gradients in
            let ofVectors = output.pullback(gradient, &gradients)
            let parts =
                combination == .sum
                ? readings.map { _ in ofVectors }
                : ofVectors.splittingColumns(readings.map(\.dimension), context.lanes)
            for ((reading, rows), part) in zip(zip(readings, rows), parts) {
                gradients.add(.sparse(indices: rows, rows: part), to: reading.table)
            }
        }
    }

    /// One vector for each step.
    private func vectors(
        _ rows: [[Int32]], _ parameters: Parameters, _ lanes: Lanes
    ) -> Matrix {
        let parts = zip(readings, rows).map { reading, rows in
            let found = parameters.lookUp(rows, in: reading.table, lanes)
            return Rows.gather(found.matrix, found.places, lanes)
        }
        switch combination {
        case .concatenate: return .concatenatingColumns(parts, lanes)
        case .sum: return parts.dropFirst().reduce(parts[0]) { $0.adding($1) }
        }
    }

    private func sequences(of keys: [Int32]) -> HistorySequences {
        guard masksPadding else { return padded(keys) }
        let countsFromEnd = padding == .left && encoder.readsPositions
        var sequences = HistorySequences(keys.count)
        for key in keys {
            let steps = histories.steps(of: Int(key), last: length)
            sequences.add(
                steps, position: countsFromEnd ? length - steps.count : 0, isShared: !countsFromEnd)
        }
        sequences.fill(from: histories)
        return sequences
    }

    /// Sequences of ``length``, padding included.
    private func padded(_ keys: [Int32]) -> HistorySequences {
        var sequences = HistorySequences(keys.count)
        for key in keys {
            let steps = histories.steps(of: Int(key), last: length)
            let pads = [Int32](repeating: -1, count: length - steps.count)
            let items = steps.map { histories.step(at: $0) }
            sequences.add(
                padding == .left ? pads + items : items + pads, identity: steps.lowerBound)
        }
        return sequences
    }
}

/// The sequences of some histories: those that begin at the same step are one, as long as the
/// longest of them.
struct HistorySequences: Sendable {
    /// What stands in each step; below 0: padding.
    private(set) var steps: [Int32] = []
    private(set) var offsets = [0]
    private(set) var places: [SequenceBatch.Place] = []
    private(set) var firstPositions: [Int32] = []
    private(set) var identities: [UInt64] = []
    /// The sequence that begins at a step.
    private var known: [Int: Int32] = [:]
    private var starts: [Int] = []
    private var lengths: [Int] = []

    init(_ capacity: Int) { places.reserveCapacity(capacity) }

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
            !isShared ? next : isLast ? Int32(last) : known[steps.lowerBound] ?? next
        if sequence == next {
            if isShared { known[steps.lowerBound] = next }
            starts.append(steps.lowerBound)
            lengths.append(0)
            firstPositions.append(Int32(position))
            identities.append(UInt64(steps.lowerBound))
        }
        lengths[Int(sequence)] = max(lengths[Int(sequence)], steps.count)
        places.append(SequenceBatch.Place(sequence: sequence, length: Int32(steps.count)))
    }

    /// Writes all steps.
    mutating func fill(from histories: Histories) {
        steps.reserveCapacity(lengths.reduce(0, +))
        offsets.reserveCapacity(lengths.count + 1)
        for (start, length) in zip(starts, lengths) {
            for step in start..<start + length { steps.append(histories.step(at: step)) }
            offsets.append(steps.count)
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
}
