/// What a source delivers: interactions, and what it knows of the queries and the candidates.
public struct Dataset: Sendable {
    /// One row per interaction, in the order of the source.
    public private(set) var interactions: Table
    /// One row per query entity (a user), for features joined by id; nil where there is none.
    public let queries: Table?
    /// One row per candidate (an item), for features joined by id; nil where there is none.
    public let candidates: Table?
    /// May be annotated; the content digest stays that of the tables.
    public var origin: DataOrigin {
        didSet { origin.contentDigest = oldValue.contentDigest }
    }
    /// Whether the content digest is that of files.
    private let isOfFiles: Bool

    /// Takes tables and states where they come from; the origin's content digest is computed.
    public init(
        interactions: Table, queries: Table? = nil, candidates: Table? = nil, origin: DataOrigin
    ) {
        var digest = ContentDigest(domain: "tfrs-run/dataset/1")
        digest.update(interactions)
        digest.update(queries)
        digest.update(candidates)
        self.init(interactions, queries, candidates, origin, digest, isOfFiles: false)
    }

    /// Takes tables that were read from files, perhaps not with all their columns: the content
    /// digest is over the files' bytes and how many rows they gave.
    ///
    /// - Parameter files: SHA-256 of each file, in the order of reading, for each table.
    init(
        interactions: Table, queries: Table?, candidates: Table?, origin: DataOrigin,
        files: [[String]]
    ) {
        var digest = ContentDigest(domain: "tfrs-run/files/1")
        digest.update(count: files.count)
        for hashes in files { digest.update(hashes) }
        for table in [interactions, queries, candidates] {
            digest.update(count: table.map { $0.rowCount + $0.passedOver } ?? -1)
        }
        self.init(interactions, queries, candidates, origin, digest, isOfFiles: true)
    }

    /// The same data with other interactions, left by filters, and what is listed of their users
    /// and items.
    ///
    /// - Parameters:
    ///   - query: the column of users.
    ///   - candidate: the column of items.
    func replacing(
        _ interactions: Table, queries: Table?, candidates: Table?, query: String,
        candidate: String
    ) throws(DataError) -> Dataset {
        guard isOfFiles else {
            return Dataset(
                interactions: interactions, queries: queries, candidates: candidates,
                origin: origin)
        }
        // Of the columns, the two that are always read tell which rows are left.
        var digest = ContentDigest(domain: "tfrs-run/filtered-files/1")
        digest.update(origin.contentDigest)
        for name in [query, candidate] {
            let column = try interactions.tokens(name)
            digest.update(column.dictionary)
            digest.update(column.codes)
        }
        for table in [queries, candidates] { digest.update(count: table?.rowCount ?? -1) }
        return Dataset(
            interactions, queries, candidates, origin, digest, isOfFiles: true)
    }

    /// The same data with a column that follows from the others: the content digest stays.
    package func adding(toInteractions column: String, _ values: Column) -> Dataset {
        var dataset = self
        dataset.interactions = interactions.adding(column, values)
        return dataset
    }

    private init(
        _ interactions: Table, _ queries: Table?, _ candidates: Table?, _ origin: DataOrigin,
        _ digest: ContentDigest, isOfFiles: Bool
    ) {
        self.interactions = interactions
        self.queries = queries
        self.candidates = candidates
        self.isOfFiles = isOfFiles
        var origin = origin
        origin.contentDigest = digest.finalize()
        self.origin = origin
    }
}

/// Where data comes from, for the record of a run.
public struct DataOrigin: Hashable, Sendable {
    /// The source by name: "movielens", "synthetic".
    public var source: String
    /// Which of the source's data sets: "100k".
    public var variant: String?
    /// The data set, such as "movielens/100k", in whose place a generated one was used.
    public var standInFor: String?
    /// SHA-256 in lower-case hexadecimal: of a user's own files, over their bytes and how many rows
    /// they gave, whichever columns are asked for; of other sources, over names, kinds and values
    /// of every column of every table. It does not depend on where the data come from.
    public internal(set) var contentDigest: String
    /// Where the files were; informational.
    public var location: String?
    /// Rows that could not be read and that the spec had left out.
    public var skippedRows = 0
    /// What a reader of results ought to know: differing checksums, substitutions.
    public var notes: [String]

    public init(
        source: String, variant: String? = nil, standInFor: String? = nil,
        location: String? = nil, notes: [String] = []
    ) {
        self.source = source
        self.variant = variant
        self.standInFor = standInFor
        self.contentDigest = ""
        self.location = location
        self.notes = notes
    }
}

/// Something that delivers a ``Dataset``.
public protocol DataSource: Sendable {
    /// Reads, downloads or generates the data.
    ///
    /// - Parameters:
    ///   - environment: what the process sees of its machine; nothing else is consulted.
    ///   - progress: told of long steps as they go on, from the calling thread.
    func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset
}

extension ComponentKind where Product == any DataSource {
    /// Where interactions come from: ``DataSource``.
    public static var dataSource: ComponentKind {
        ComponentKind(noun: "data source", pluralNoun: "data sources")
    }
}

extension DataSource {
    public func load(in environment: DataEnvironment = .process) throws(DataError) -> Dataset {
        try load(in: environment, progress: { _ in })
    }
}

/// What an experiment is going to use of its data.
public struct DataRequest: Hashable, Sendable {
    /// The columns that name users and items. A row that names none is bad, wherever it stands.
    public var ids: Set<String>
    /// The column of users, by which a table of them is joined; nil: it is not.
    public var query: String?
    /// The column of items.
    public var candidate: String?
    /// The columns of interactions that may be asked for, beside ``ids``; nil: all there are.
    public var columns: Set<String>?
    /// Whether the other columns are read, too, to be shown: a number that is missing there makes
    /// no bad row.
    public var showsOthers = false
    /// What the first filter leaves out of the interactions, whatever else a row holds: a source
    /// that knows beforehand which rows these are need not read them.
    public var bounds: ValueBounds?

    public init(ids: Set<String> = []) {
        self.ids = ids
    }

    public init(query: String, candidate: String, columns: Set<String>? = nil) {
        self.columns = columns
        ids = [query, candidate]
        self.query = query
        self.candidate = candidate
    }
}

extension DataRequest {
    /// Which of a table's columns have to be read: all where it lacks those of users and items, for
    /// then something is wrong, and it is told what there is.
    func wanted(of names: some Collection<String>) -> Set<String> {
        let known = Set(names)
        let sides = [query, candidate].compactMap { $0 }
        guard let columns, !showsOthers, known.isSuperset(of: sides) else { return known }
        return known.intersection(columns.union(ids))
    }

    /// Whether somebody may compute with a column.
    func uses(_ column: String) -> Bool {
        columns?.contains(column) ?? true || ids.contains(column)
    }
}

/// A source that reads with an eye on what is asked for.
public protocol SelectiveDataSource: DataSource {
    /// As ``DataSource/load(in:progress:)``.
    func load(
        for request: DataRequest, in environment: DataEnvironment,
        progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset
}

extension SelectiveDataSource {
    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        try load(for: DataRequest(), in: environment, progress: progress)
    }
}

/// What a source is doing.
public enum DataProgress: Hashable, Sendable {
    /// Files were found and are being read.
    case reading(location: String)
    /// Bytes of a file that have been parsed, of all it has.
    case parsing(location: String, bytes: Int, of: Int)
    /// Rows of a database that have been read.
    case counting(location: String, rows: Int)
    /// The table of these files was kept from an earlier run.
    case cached(location: String)
    /// Bytes received so far.
    case downloading(url: String, bytes: Int)
    /// The archive is complete and is being unpacked into a folder.
    case extracting(into: String)
}
