import Retrieval

/// Which rows of a held-out part are evaluated: those that count, and that the spec does not leave
/// out.
struct EvaluatedRows {
    let spec: ExperimentSpec
    let dataset: Dataset
    let split: DataSplit

    /// - Parameter part: "test" or "validation".
    /// - Throws: `SpecError` where none is left, or the columns do not fit.
    func rows(_ rows: [Int32], of part: String) throws -> [Int32] {
        var kept = rows
        if let threshold = spec.evaluate.relevance {
            kept = try spec.pointing(at: "evaluate.relevance") {
                try relevant(kept, threshold)
            }
            try check(kept, of: rows, part, at: "evaluate.relevance")
        }
        for (index, choice) in spec.evaluate.leaveOut.enumerated() {
            kept = try seen(kept, choice)
            try check(kept, of: rows, part, at: "evaluate.leave_out[\(index)]")
        }
        return kept
    }

    /// How many rows of a part are evaluated.
    struct Count {
        var part: String
        var evaluated: Int
        var all: Int

        /// What the results say of what is left out; nil where nothing is.
        var note: String? {
            evaluated == all ? nil : "\(evaluated) of \(all) \(part) interactions are evaluated"
        }
    }

    /// Of the test part, and of the validation part where there is one.
    func counts() throws -> [Count] {
        try [("test", split.test), ("validation", split.validation)].compactMap { part, rows in
            try rows.map { rows in
                Count(
                    part: part, evaluated: try self.rows(rows, of: part).count, all: rows.count)
            }
        }
    }

    private func relevant(
        _ rows: [Int32], _ threshold: RelevanceThreshold
    ) throws(DataError) -> [Int32] {
        let kept = try ValueRange(
            column: threshold.column, minimum: threshold.minimum, maximum: threshold.maximum
        ).keptRows(of: dataset.interactions, in: InteractionContext())
        var counts = [Bool](repeating: false, count: dataset.interactions.rowCount)
        for row in kept { counts[Int(row)] = true }
        return rows.filter { counts[Int($0)] }
    }

    private func seen(_ rows: [Int32], _ choice: LeftOut) throws -> [Int32] {
        let name = choice == .unseenQueries ? spec.data.query : spec.data.candidate
        let ids = try dataset.interactions.tokens(name)
        let isSeen = ids.marks(of: split.train)
        return rows.filter { isSeen[Int(ids.codes[Int($0)])] }
    }

    private func check(
        _ kept: [Int32], of rows: [Int32], _ part: String, at path: String
    ) throws {
        guard kept.isEmpty else { return }
        throw spec.error(
            at: path, "none of the \(rows.count) \(part) interactions is left to be evaluated")
    }
}
