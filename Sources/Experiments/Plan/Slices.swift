import Retrieval

/// The slices of a part of the data.
struct Slices {
    private let planner: EvaluationPlanner
    private let rows: [Int32]
    /// More slices than this are no report.
    static let limit = 100

    init(_ planner: EvaluationPlanner, _ rows: [Int32]) {
        self.planner = planner
        self.rows = rows
    }

    func all() throws -> [(name: String, members: [Int32])] {
        try planner.spec.evaluate.slices.enumerated().flatMap { place, choice in
            switch choice {
            case .unseenQueries:
                [("unseen_queries", unseen(\.queryEntities, planner.keyCounts.queryEntities))]
            case .unseenCandidates:
                [("unseen_candidates", unseen(\.candidateKeys, planner.keyCounts.candidates))]
            case .column(let reference):
                try slices(
                    by: reference.column, at: "evaluate.slices[\(place)].column")
            }
        }
    }

    private func unseen(_ keys: KeyPath<Examples, [Int32]>, _ count: Int) -> [Int32] {
        var isSeen = [Bool](repeating: false, count: count)
        for key in planner.train[keyPath: keys] { isSeen[Int(key)] = true }
        let all = planner.examples[keyPath: keys]
        return positions { !isSeen[Int(all[Int($0)])] }
    }

    private func positions(where holds: (Int32) -> Bool) -> [Int32] {
        rows.indices.filter { holds(rows[$0]) }.map(Int32.init)
    }

    /// One slice for each value that the part has, in the order of the values.
    private func slices(
        by column: String, at path: String
    ) throws -> [(name: String, members: [Int32])] {
        let (values, rowOf) = try find(column, at: path)
        var members: [String: [Int32]] = [:]
        for (position, row) in rows.enumerated() {
            let labels: [String]
            switch values {
            case .tokens(let tokens): labels = [tokens[rowOf(row)]]
            case .tokenLists(let lists): labels = lists[rowOf(row)]
            case .integers(let integers): labels = ["\(integers[rowOf(row)])"]
            case .numbers(let numbers):
                let number = numbers[rowOf(row)]
                labels = [Int(exactly: number).map { "\($0)" } ?? "\(number)"]
            case .times(let times): labels = ["\(times.seconds(of: rowOf(row)))"]
            }
            for label in labels { members[label, default: []].append(Int32(position)) }
        }
        guard members.count <= Self.limit else {
            throw planner.spec.error(
                at: path,
                "'\(column)' has \(members.count) values; slices require at most \(Self.limit)")
        }
        let isNumeric =
            switch values {
            case .integers, .numbers, .times: true
            case .tokens, .tokenLists: false
            }
        return members.keys.sorted {
            isNumeric ? ((Double($0) ?? 0), $0) < ((Double($1) ?? 0), $1) : $0 < $1
        }.map { ("\(column)=\($0)", members[$0] ?? []) }
    }

    /// The column where it stands: in the interactions, else with the queries or the candidates.
    private func find(
        _ column: String, at path: String
    ) throws -> (values: Column, rowOf: (Int32) -> Int) {
        let dataset = planner.dataset
        if let values = dataset.interactions[column] { return (values, { Int($0) }) }
        if let values = planner.candidates.table[column] {
            let keys = planner.examples.candidateKeys
            return (values, { Int(keys[Int($0)]) })
        }
        let id = planner.spec.data.query
        if let table = dataset.queries, let values = table[column], table[id] != nil {
            let ids = try table.tokens(id)
            var rowOfToken: [String: Int] = [:]
            for row in 0..<table.rowCount { rowOfToken[ids[row]] = row }
            let asked = try dataset.interactions.tokens(id)
            let rowOfCode = asked.dictionary.map { rowOfToken[$0] ?? 0 }
            return (values, { rowOfCode[Int(asked.codes[Int($0)])] })
        }
        return try planner.spec.pointing(at: path) {
            (try dataset.interactions.column(column), { Int($0) })
        }
    }
}
