import Retrieval
import YAMLTree

/// Features of the question that hold the answer: columns of the interactions by which the query
/// tower knows what was retrieved.
struct AnsweringFeatures {
    let spec: ExperimentSpec
    let dataset: Dataset
    let catalog: Catalog

    /// - Returns: a warning for each column whose every value goes with one candidate alone.
    /// - Throws: `SpecError` for the candidates' ids themselves.
    func warnings() throws -> [Diagnostic] {
        let candidate = spec.data.candidate
        var warnings: [Diagnostic] = []
        for (index, choice) in spec.towers.query.features.enumerated() {
            let feature = try catalog.make(.feature, choice)
            let name = feature.column
            // What is known of the query beforehand, and what came before, give nothing away.
            guard feature.history == nil, name != spec.data.query,
                dataset.queries?[name] == nil, let column = dataset.interactions[name]
            else { continue }
            let path = "towers.query.features[\(index)].column"
            guard name != candidate else {
                throw spec.error(
                    at: path,
                    "'\(name)' is what is retrieved: a question cannot hold its answer (a feature "
                        + "'history' reads what came before)")
            }
            guard try tells(column) else { continue }
            warnings += [
                spec.marks.diagnostic(
                    .warning, at: path,
                    "every value of '\(name)' goes with one \(candidate) alone: the question may "
                        + "hold its answer")
            ].compactMap { $0 }
        }
        return warnings
    }

    /// Whether the column tells the candidate: most rows have a value that others have too, and
    /// rows of one value never differ in their candidate.
    private func tells(_ column: Column) throws -> Bool {
        let candidates = try dataset.interactions.tokens(spec.data.candidate)
        var values = DistinctRows(rowCount: candidates.count)
        values.combine(column)
        let first = values.firstRows
        // Rows without a fellow tell nothing that could be learnt.
        guard first.count * 2 <= candidates.count, first.count > 1 else { return false }
        return zip(values.keys, candidates.codes).allSatisfy { key, candidate in
            candidates.codes[Int(first[Int(key)])] == candidate
        }
    }
}

extension PreparedData {
    /// What the split and the ids have to say, at its place in the spec.
    func warnings(of spec: ExperimentSpec) -> [Diagnostic] {
        let notes = split.notes.map { spec.marks.diagnostic(.note, at: "data.split", $0) }
        let ids = [("data.query", spec.data.query), ("data.candidate", spec.data.candidate)]
        let suspicions = ids.flatMap(suspicions).map { path, message in
            spec.marks.diagnostic(.warning, at: path, message)
        }
        return (notes + suspicions).compactMap(\.self)
    }

    /// Ids that are surely none.
    private func suspicions(_ path: String, _ name: String) -> [(String, String)] {
        guard case .tokens(let ids)? = dataset.interactions[name] else { return [] }
        return ids.usualForNothing.map { token, rows in
            (
                path,
                "\(rows) of \(ids.count) interactions have the \(name) '\(token)', which often "
                    + "stands for nothing: 'missing: [\(token)]' of the interactions makes them bad "
                    + "rows"
            )
        }
    }
}
