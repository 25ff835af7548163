import ResultsFormat
import Retrieval

/// Queries as they are given, each an object, made into the columns that features read.
struct QueryColumns {
    let model: SavedModel
    /// What each query gives and what is known of it.
    let queries: [JSONObject]
    /// The line of the first query, from 1; nil: they have none.
    let firstLine: Int?

    /// The member of a query that lists what was before, oldest first.
    static let historyMember = "history"

    /// What a feature of the query tower reads.
    func input(of feature: any FeatureDefinition) throws(ModelError) -> FeatureInput {
        guard let request = feature.history else {
            return FeatureInput(values: try column(feature.column), trainingKeys: [])
        }
        return try history(feature, request)
    }

    private func column(_ name: String) throws(ModelError) -> Column {
        guard let declared = model.record.query.columns.first(where: { $0.name == name }) else {
            throw .unfitting("the model's query tower reads '\(name)', which model.json lacks")
        }
        var values: [JSONValue] = []
        values.reserveCapacity(queries.count)
        for (index, query) in queries.enumerated() {
            guard let value = query[name], value != .null else {
                throw wrong(
                    index,
                    "the query tower reads '\(name)', \(declared.required), which is neither "
                        + "given nor known")
            }
            values.append(value)
        }
        return try declared.column(values) { index in
            wrong(
                index,
                "'\(name)' requires \(declared.required); found \(values[index].shortText)")
        }
    }

    func wrong(_ index: Int, _ reason: String) -> ModelError {
        .query(line: firstLine.map { $0 + index }, reason)
    }

    // MARK: Histories

    /// The steps of all queries one after the other, each a row of the columns.
    private func history(
        _ feature: any FeatureDefinition, _ request: HistoryRequest
    ) throws(ModelError) -> FeatureInput {
        var lists: [[Int32]] = []
        var steps: [Step] = []
        for (index, query) in queries.enumerated() {
            let given = try self.steps(of: query, index).suffix(request.maximumLength)
            lists.append(given.indices.map { Int32(steps.count + $0 - given.startIndex) })
            steps += given
        }
        let names = [feature.column] + feature.columnsBeside
        var inputs: [FeatureInput] = []
        for name in names {
            inputs.append(FeatureInput(values: try column(name, of: steps), trainingKeys: []))
        }
        inputs[0].history = HistoryInput(
            lists: Histories(lists), evaluationKeys: [], beside: Array(inputs.dropFirst()))
        return inputs[0]
    }

    /// What was before a query.
    private struct Step {
        var query: Int
        var members: JSONObject
    }

    private func steps(of query: JSONObject, _ index: Int) throws(ModelError) -> [Step] {
        guard let value = query[Self.historyMember], value != .null else { return [] }
        guard let items = value.arrayValue else {
            throw wrong(
                index,
                "'\(Self.historyMember)' requires a list, oldest first; found "
                    + value.shortText)
        }
        var steps: [Step] = []
        for item in items {
            if let members = item.objectValue {
                steps.append(Step(query: index, members: members))
            } else if item.token != nil {
                steps.append(Step(query: index, members: [model.record.candidate.id: item]))
            } else {
                throw wrong(
                    index,
                    "'\(Self.historyMember)' requires ids of candidates, or objects; found "
                        + item.shortText)
            }
        }
        return steps
    }

    /// What the steps hold of a column: their own, or that of their candidate.
    private func column(_ name: String, of steps: [Step]) throws(ModelError) -> Column {
        let own = model.record.history?.columns.first { $0.name == name }
        let id = model.record.candidate.id
        guard let declared = own ?? model.record.candidate.columns.first(where: { $0.name == name })
        else {
            throw .unfitting("the model's histories read '\(name)', which model.json lacks")
        }
        var values: [JSONValue] = []
        values.reserveCapacity(steps.count)
        for step in steps {
            if let given = step.members[name] {
                values.append(given)
                continue
            }
            guard own == nil, let candidate = step.members[id]?.token else {
                throw wrong(step.query, "a step of the history lacks '\(own == nil ? id : name)'")
            }
            guard let row = try model.candidates.row(of: candidate) else {
                throw wrong(
                    step.query,
                    "a step of the history is '\(candidate)', which is no known "
                        + "\(id), and has no '\(name)' of its own")
            }
            values.append(try model.candidates.row(Int(row))[name] ?? .null)
        }
        return try declared.column(values) { index in
            wrong(
                steps[index].query,
                "'\(name)' of a step requires \(declared.required); found "
                    + values[index].shortText)
        }
    }

    /// The candidates that a query's own history names, by row.
    func given(_ index: Int) throws(ModelError) -> [Int32] {
        let ids = try steps(of: queries[index], index).compactMap {
            $0.members[model.record.candidate.id]?.token
        }
        return try ids.isEmpty ? [] : model.candidates.rows(of: ids).compactMap(\.self)
    }
}
