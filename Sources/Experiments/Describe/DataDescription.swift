import Retrieval
import YAMLTree

/// What the data of a spec look like once they are read, filtered and split.
public struct DataDescription: Sendable {
    /// The name of the spec.
    public var name: String
    /// Where the data come from.
    public var origin: DataOrigin
    /// SHA-256, 64 lower-case hexadecimal digits, over content and split.
    public var fingerprint: String
    /// What each filter removed, in order.
    public var filters: [FilterOutcome]
    /// Interactions after the filters.
    public var interactions: Int
    /// What asks, by the column `data.query`.
    public var queries: Side
    /// What is retrieved, by the column `data.candidate`.
    public var candidates: Side
    /// Distinct pairs of a query and a candidate.
    public var distinctPairs: Int
    /// Interactions that are equal to an earlier one in every column.
    public var repeatedRows: Int
    /// The candidates with the most interactions, most first.
    public var mostPopular: [(id: String, interactions: Int)]
    /// The queries with the most interactions, most first.
    public var mostActive: [(id: String, interactions: Int)]
    /// When the first and the last interaction happened; nil without a column of times.
    public var time: TimeRange?
    /// Training first.
    public var parts: [Part]
    /// How training cuts them up.
    public var batches: Batches
    /// Every table with its columns.
    public var tables: [TableSummary]
    /// What a plan of the spec would warn of, or fail with.
    public var warnings: [Diagnostic]

    /// One side of the interactions.
    public struct Side: Sendable {
        public var column: String
        /// Interactions of each that has any.
        public var counts: CountDistribution
        /// Rows of the table of its features; nil where there is none.
        public var listed: Int?
        /// Listed things without an interaction.
        public var withoutInteractions: Int
        /// Things with interactions that the table lacks.
        public var unlisted: Int
    }

    /// The first and the last moment, in seconds since 1970.
    public struct TimeRange: Sendable {
        public var column: String
        /// Seconds since 1970, in UTC.
        public var first: Moment
        /// Seconds since 1970, in UTC.
        public var last: Moment
    }

    /// A part of the split.
    public struct Part: Sendable {
        public var name: String
        /// Interactions of the part.
        public var interactions: Int
        /// Distinct queries of the part.
        public var queries: Int
        /// Distinct candidates of the part.
        public var candidates: Int
        /// What training never sees; nil for the training part.
        public var unseen: Unseen?
    }

    /// What a held-out part has that training never sees.
    public struct Unseen: Sendable {
        /// Queries of the part that training never sees.
        public var queries: Int
        /// Candidates of the part that training never sees.
        public var candidates: Int
        /// Interactions of the part whose query training never sees.
        public var interactionsWithUnseenQuery: Int
        /// Interactions of the part whose candidate training never sees.
        public var interactionsWithUnseenCandidate: Int
        /// Interactions whose pair of query and candidate training has.
        public var pairsOfTraining: Int
    }

    /// What deduplication makes of a full batch drawn at random from the training part.
    public struct Batches: Sendable {
        /// Examples of a batch.
        public var size: Int
        /// Batches of an epoch.
        public var perEpoch: Int
        /// Expected.
        public var distinctQueries: Double
        /// Expected.
        public var distinctCandidates: Double
        /// Scores of the batch for each score of its distinct queries and candidates.
        public var deduplicationFactor: Double {
            let distinct = distinctQueries * distinctCandidates
            return distinct > 0 ? Double(size) * Double(size) / distinct : 1
        }
    }

    /// The share of all pairs of a query and a candidate that have no interaction.
    public var sparsity: Double {
        let possible = Double(queries.counts.count) * Double(candidates.counts.count)
        return possible > 0 ? 1 - Double(distinctPairs) / possible : 0
    }
}

extension DataDescription {
    /// Reads, filters and splits the data of a spec, and looks at them.
    ///
    /// - Throws: `SpecError` where data and spec do not fit, `DataError` where there is no data.
    public static func of(
        _ spec: ExperimentSpec, catalog: Catalog, options: RunOptions,
        progress: (DataProgress) -> Void = { _ in }
    ) throws -> DataDescription {
        let data = try DataPlanner(
            catalog: catalog, options: options, spec: spec, showsOtherColumns: true
        ).prepare(progress: progress)
        let interactions = data.dataset.interactions
        let observed = DataObservation(
            queries: try interactions.tokens(spec.data.query),
            candidates: try interactions.tokens(spec.data.candidate), split: data.split)
        return DataDescription(
            name: spec.name, origin: data.dataset.origin,
            fingerprint: data.dataset.fingerprint(of: data.split), filters: data.filters,
            interactions: interactions.rowCount,
            queries: try Side(spec.data.query, observed.queries, data.dataset.queries),
            candidates: try Side(
                spec.data.candidate, observed.candidates, data.dataset.candidates),
            distinctPairs: observed.distinctPairs(),
            repeatedRows: RepeatedRows.count(in: interactions),
            mostPopular: DataObservation.most(5, of: observed.candidates),
            mostActive: DataObservation.most(5, of: observed.queries),
            time: TimeRange(interactions, spec),
            parts: observed.parts(), batches: observed.batches(of: spec.train.batchSize),
            tables: [interactions, data.dataset.queries, data.dataset.candidates].compactMap {
                $0.map(TableSummary.init)
            },
            warnings: try Planner(catalog: catalog, options: options).warnings(of: data, spec))
    }
}

extension DataDescription.Side {
    init(_ column: String, _ ids: TokenColumn, _ table: Table?) throws(DataError) {
        self.column = column
        counts = CountDistribution(ids.countsByCode())
        guard let table, table[column] != nil else {
            (listed, withoutInteractions, unlisted) = (nil, 0, 0)
            return
        }
        let mentioned = Set(ids.compacted().dictionary)
        let known = Set(try table.tokens(column).compacted().dictionary)
        listed = table.rowCount
        withoutInteractions = known.count { !mentioned.contains($0) }
        unlisted = mentioned.count { !known.contains($0) }
    }
}

extension DataDescription.TimeRange {
    /// The column by which the split or a filter orders, else that of `data.time`; nil where there is no
    /// such column of times or numbers.
    init?(_ interactions: Table, _ spec: ExperimentSpec) {
        let named = ([spec.data.split] + spec.data.filters).compactMap {
            $0.values["order_by"].flatMap(String.init(fieldValue:))
        }
        for name in named + [spec.data.time] {
            guard let span = interactions[name]?.span else { continue }
            (column, first, last) = (name, span.lowerBound, span.upperBound)
            return
        }
        return nil
    }
}
