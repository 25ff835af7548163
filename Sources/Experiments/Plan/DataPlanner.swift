import ResultsFormat
import Retrieval

/// The data of a spec as the experiment sees them: read, filtered and split.
public struct PreparedData: Sendable {
    /// What the filters left.
    public var dataset: Dataset
    /// What each filter did, in the order of the spec.
    public var filters: [FilterOutcome]
    public var split: DataSplit
    /// What the held-out parts hold that training never sees.
    public var unseen: [UnseenCount]
}

/// Interactions of a held-out part whose ids no training interaction has.
public struct UnseenCount: Hashable, Sendable {
    /// "test" or "validation".
    public var part: String
    /// Interactions of the part.
    public var interactions: Int
    /// Distinct queries of the part that training never sees.
    public var unseenQueries: Int
    /// Distinct candidates of the part that training never sees.
    public var unseenCandidates: Int
    /// Interactions with such a candidate.
    public var interactionsWithUnseenCandidate: Int
}

/// Reads, filters and splits the data of a spec.
struct DataPlanner {
    let catalog: Catalog
    let options: RunOptions
    let spec: ExperimentSpec
    /// Whether columns are read, too, that the spec does not name.
    var showsOtherColumns = false

    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data.
    func prepare(progress: (DataProgress) -> Void) throws -> PreparedData {
        let loaded = try load(progress: progress)
        if spec.marks.isWritten(DataSection.timePath.text) {
            // Whatever goes by it would blame itself.
            _ = try spec.pointing(at: DataSection.timePath.text) {
                try loaded.interactions.column(spec.data.time)
            }
        }
        let context = InteractionContext(
            query: spec.data.query, candidate: spec.data.candidate, seed: spec.randomSeed,
            environment: options.environment)
        let (dataset, filters) = try filtered(loaded, context)
        let split = try spec.pointing(at: "data.split", in: options.environment) {
            try catalog.make(.split, spec.data.split).split(dataset.interactions, in: context)
        }
        let unseen = try unseen(dataset.interactions, split)
        return PreparedData(
            dataset: try withTimesSince(dataset, split), filters: filters, split: split,
            unseen: unseen)
    }

    /// With the time since a user's interaction before, where a history reads it and no table has a
    /// column of that name.
    private func withTimesSince(_ dataset: Dataset, _ split: DataSplit) throws -> Dataset {
        let name = TimeSince.column
        guard dataset.interactions[name] == nil, dataset.candidates?[name] == nil else {
            return dataset
        }
        var orderBy: String?
        var dataset = dataset
        for (index, choice) in spec.towers.query.features.enumerated() {
            let feature = try catalog.make(.feature, choice)
            guard let request = feature.history,
                ([feature.column] + feature.columnsBeside).contains(name)
            else { continue }
            let place = "towers.query.features[\(index)].order_by"
            guard let column = request.orderBy, orderBy == nil || orderBy == column else {
                throw spec.error(
                    at: place,
                    "'\(name)' requires a column of times, the same in every history that reads "
                        + "it; found \(request.orderBy.map { "'\($0)'" } ?? "null")"
                        + (orderBy.map { " beside '\($0)'" } ?? ""))
            }
            guard orderBy == nil else { continue }
            orderBy = column
            dataset = try spec.pointing(at: place) {
                dataset.adding(
                    toInteractions: name,
                    .integers(
                        try TimeSince.values(
                            of: dataset.interactions, query: spec.data.query, orderBy: column,
                            split: split)))
            }
        }
        return dataset
    }

    /// Where data come from, read by no more threads than may run.
    private var environment: DataEnvironment {
        var environment = options.environment
        environment.threads = options.threads
        return environment
    }

    /// Data that cannot be had are no mistake of the spec; data that cannot exist are.
    private func load(progress: (DataProgress) -> Void) throws -> Dataset {
        let dataset: Dataset
        do {
            let source = try catalog.make(.dataSource, spec.data.source)
            var request = DataRequest(
                query: spec.data.query, candidate: spec.data.candidate, columns: columns)
            request.showsOthers = showsOtherColumns
            // What is wrong with a filter is told where it filters.
            request.bounds = try? spec.data.filters.first.map {
                try catalog.make(.filter, $0)
            }?.bounds
            dataset =
                try (source as? any SelectiveDataSource)?.load(
                    for: request, in: environment, progress: progress)
                ?? source.load(in: environment, progress: progress)
        } catch let error as DataError {
            if let place = spec.place(of: error) {
                throw spec.error(at: place, error.description)
            }
            guard case .impossible(let reason) = error else {
                throw DataErrorContext(spec: spec, environment: options.environment)
                    .annotating(error)
            }
            throw spec.error(at: "data", reason)
        }
        try checkIDs(of: dataset.interactions)
        return dataset
    }

    /// The columns that the experiment may ask for: those that its spec names, wherever. Nil where
    /// somebody's own components may ask for others.
    private var columns: Set<String>? {
        guard catalog.isBuiltIn else { return nil }
        return FieldValue.object(spec.resolved).strings
    }

    /// Nobody is called nothing, whatever the source says.
    private func checkIDs(of interactions: Table) throws {
        for (path, name) in [
            ("data.query", spec.data.query), ("data.candidate", spec.data.candidate),
        ] {
            guard case .tokens(let ids)? = interactions[name],
                let empty = ids.dictionary.firstIndex(of: ""),
                let row = ids.codes.firstIndex(of: Int32(empty))
            else { continue }
            throw spec.error(
                at: path, "interaction \(row + 1) has no \(name): it requires an id")
        }
    }

    private func filtered(
        _ dataset: Dataset, _ context: InteractionContext
    ) throws -> (Dataset, [FilterOutcome]) {
        guard !spec.data.filters.isEmpty else { return (dataset, []) }
        var interactions = dataset.interactions
        var outcomes: [FilterOutcome] = []
        var removesEntities = false
        for (index, choice) in spec.data.filters.enumerated() {
            try spec.pointing(at: "data.filters[\(index)]") {
                let filter = try catalog.make(.filter, choice)
                let (kept, outcome) = try filter.apply(
                    named: choice.name, to: interactions, in: context)
                interactions = kept
                outcomes.append(outcome)
                removesEntities = removesEntities || filter.removesEntities
            }
        }
        let kept = try dataset.keeping(
            interactions, removingEntities: removesEntities, in: context)
        return (kept, outcomes)
    }

    private func unseen(_ interactions: Table, _ split: DataSplit) throws -> [UnseenCount] {
        let queries = try spec.pointing(at: "data.query") {
            try interactions.tokens(spec.data.query)
        }
        let candidates = try spec.pointing(at: "data.candidate") {
            try interactions.tokens(spec.data.candidate)
        }
        let knownQueries = queries.marks(of: split.train)
        let knownCandidates = candidates.marks(of: split.train)
        let parts = [("test", split.test)] + (split.validation.map { [("validation", $0)] } ?? [])
        return parts.map { name, rows in
            var newQueries = knownQueries
            var newCandidates = knownCandidates
            var count = UnseenCount(
                part: name, interactions: rows.count, unseenQueries: 0, unseenCandidates: 0,
                interactionsWithUnseenCandidate: 0)
            for row in rows {
                let query = Int(queries.codes[Int(row)])
                let candidate = Int(candidates.codes[Int(row)])
                if !newQueries[query] {
                    newQueries[query] = true
                    count.unseenQueries += 1
                }
                guard !knownCandidates[candidate] else { continue }
                count.interactionsWithUnseenCandidate += 1
                if !newCandidates[candidate] {
                    newCandidates[candidate] = true
                    count.unseenCandidates += 1
                }
            }
            return count
        }
    }
}

extension Catalog {
    /// Whether there is no component but those that come with the library.
    fileprivate var isBuiltIn: Bool {
        kinds.allSatisfy { Set(names(of: $0)).isSubset(of: Catalog.builtIn.names(of: $0)) }
    }
}

extension FieldValue {
    /// All texts within the value.
    fileprivate var strings: Set<String> {
        switch self {
        case .string(let text): [text]
        case .list(let values): values.reduce(into: []) { $0.formUnion($1.strings) }
        case .object(let values):
            values.members.reduce(into: []) { strings, member in
                strings.insert(member.name)
                strings.formUnion(member.value.strings)
            }
        case .null, .boolean, .integer, .number: []
        }
    }
}
