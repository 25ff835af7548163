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

    var spreads: Bool { encoder.stepCost != nil }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        guard let share = context.share else {
            return encode(sequences(of: keys), pieces: nil, parameters, context)
        }
        let all = sequences(of: share.keys)
        let dealing = SequenceDealing(all, cost: encoder.stepCost ?? 0, share)
        let encoding = encode(
            dealing.own(of: all), pieces: dealing.pieces, parameters, context)
        return Encoding(embeddings: dealing.sent(encoding.embeddings)) { gradient, gradients in
            let own = dealing.sentBack(gradient)
            gradients.finding(atRanks: dealing.ranksWithPieces) { encoding.pullback(own, &$0) }
        }
    }

    private func encode(
        _ sequences: HistorySequences, pieces: [Range<Int>]?, _ parameters: Parameters,
        _ context: EncodingContext
    ) -> Encoding {
        let rows = readings.map { $0.rows(of: sequences.steps) }
        var batch = SequenceBatch(
            vectors: vectors(rows, parameters, context), offsets: sequences.offsets,
            places: sequences.places, firstPositions: sequences.firstPositions,
            identities: sequences.identities)
        batch.pieces = pieces
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
        _ rows: [[Int32]], _ parameters: Parameters, _ context: EncodingContext
    ) -> Matrix {
        let parts = zip(readings, rows).map { reading, rows in
            let found = parameters.lookUp(rows, in: reading.table, context)
            return Rows.gather(found.matrix, found.places, context.lanes)
        }
        switch combination {
        case .concatenate: return .concatenatingColumns(parts, context.lanes)
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
        sequences.fill(from: histories, longestFirst: encoder.takesLongestFirst)
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
