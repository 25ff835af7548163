import Platform
import ResultsFormat
import Retrieval
import Safeguards
import YAMLTree

/// A model that a run has written: what recommends when the run is over.
///
/// ```swift
/// let model = try SavedModel(at: "models/movielens")
/// let lists = try model.recommend(to: [["user_id": "42"]], count: 10)
/// for item in lists[0].items { print(item.id, item.score) }
/// ```
///
/// Every file is compared with the digest that `model.json` states before anything is made of it,
/// and nothing in a model is ever executed.
public final class SavedModel: Sendable {
    /// What `model.json` says.
    public let record: ModelRecord
    /// Where it was read from.
    public let path: String
    /// The spec that it was trained by.
    public let spec: ExperimentSpec
    let catalog: Catalog
    let lanes: Lanes
    /// Embeddings of all candidates, by row.
    let embeddings: Matrix
    /// The row of each place of the corpus that is searched.
    let corpus: [Int32]
    let candidates: EntityRows
    let queries: EntityRows
    private let seenOffsets: [Int64]
    private let seenItems: [Int64]
    /// The numbers of the towers, and what they learned.
    let built: BuiltParts
    let learned = Guarded(Learned())
    /// What an index that is not exact has found of the candidates; nil where there is none.
    private let indexState: NamedArrays?
    private let cached = Guarded<(any CandidateIndex)?>(nil)

    /// Reads a model.
    ///
    /// - Parameters:
    ///   - catalog: the components that its spec may name: those that it was trained with.
    ///   - threads: that may run at once; no result depends on it.
    /// - Throws: ``ModelError``, also where a file is damaged; `SpecError` where the catalogue lacks
    ///   what the model was made of.
    public init(
        at path: String, catalog: Catalog = .builtIn, threads: Int = HostEnvironment.processorCount
    ) throws {
        let folder = try ModelFolder(at: path)
        let (record, lanes) = (folder.record, Lanes(threads: threads))
        let contents = try folder.read(lanes)
        self.path = path
        self.record = record
        self.catalog = catalog
        self.lanes = lanes
        // A vocabulary is read by whoever asks for it: of millions of tokens that takes longest.
        let vocabularies = try record.vocabularies.map { member throws(ModelError) in
            (
                member.key,
                (path: folder.path(of: member.value), bytes: try contents.bytes(member.value))
            )
        }
        let files = Dictionary(vocabularies, uniquingKeysWith: { first, _ in first })
        built = BuiltParts(
            parameters: try contents.matrices(ModelFileName.parameters)
        ) { part throws(DataError) in
            guard let file = files[part] else { return nil }
            do throws(ModelError) {
                return try VocabularyFile.fact(
                    try ModelFolder.json(file.bytes, in: file.path), of: part, in: file.path)
            } catch {
                throw .impossible("\(error)")
            }
        }
        indexState =
            try record.files[ModelFileName.index] == nil
            ? nil : contents.arrays(ModelFileName.index)
        var held = try contents.arrays(ModelFileName.candidates)
        do throws(StateError) {
            embeddings = try held.takeMatrix(
                "embeddings", rows: record.candidate.count, columns: record.dimension)
            corpus =
                try held["corpus"] == nil
                ? Array(0..<Int32(embeddings.rows))
                : held.takeRows("corpus", below: embeddings.rows)
            var seen = try contents.stateArrays(ModelFileName.seen)
            seenOffsets = try seen.takeOffsets("offsets", count: record.query.count)
            seenItems = try seen.takeRows("items", below: embeddings.rows).map(Int64.init)
            guard seenOffsets.last == Int64(seenItems.count) else {
                throw .mismatch(
                    name: "items", required: "\(seenOffsets.last ?? 0) numbers",
                    found: "\(seenItems.count)")
            }
        } catch {
            throw ModelError.damaged(
                file: path, place: "its arrays", required: "what model.json says",
                found: "\(error)")
        }
        candidates = try EntityRows(
            try contents.bytes(ModelFileName.candidateRows),
            file: folder.path(of: ModelFileName.candidateRows), id: record.candidate.id,
            count: record.candidate.count)
        queries = try EntityRows(
            try contents.bytes(ModelFileName.queryRows),
            file: folder.path(of: ModelFileName.queryRows), id: record.query.id,
            count: record.query.count)
        spec = try Self.spec(of: record, path: folder.path(of: ModelFileName.record), catalog)
        guard !corpus.isEmpty else { throw ModelError.unfitting("the model has no candidates") }
    }

    /// The spec of a record, as a file of its own would say it.
    private static func spec(
        of record: ModelRecord, path: String, _ catalog: Catalog
    ) throws -> ExperimentSpec {
        let reader = SpecReader(catalog: catalog, environment: [:])
        let text = try record.spec.jsonText(.pretty)
        // Without what a spec extends: a model reads no file but its own.
        return try reader.spec(of: try YAMLReader.read(text: text, name: path))
    }

    /// Whether a folder holds a model, so that another may take its place.
    public static func isModel(_ path: String) -> Bool { (try? ModelFolder(at: path)) != nil }

    /// SHA-256 over the whole model.
    public var digest: String { record.digest }

    /// How many candidates an index that is not exact retrieves, as in the run.
    var searchDepth: Int {
        get throws {
            let metrics =
                spec.metrics.factorized
                + (spec.evaluate.every == nil ? [] : spec.evaluate.metrics ?? [])
            return try metrics.map {
                let needs = try catalog.make(.factorizedMetric, $0).needs
                return max(needs.rankDepth ?? 0, needs.listDepth)
            }.max() ?? 0
        }
    }

    /// The candidates that a known query has had, by row, ascending.
    func seen(_ query: Int) -> ArraySlice<Int64> {
        seenItems[Int(seenOffsets[query])..<Int(seenOffsets[query + 1])]
    }

    /// The corpus, ready to be searched as the run searched it.
    func index() throws -> any CandidateIndex {
        try cached.withLock { known in
            if let known { return known }
            let definition = try catalog.make(.candidateIndex, spec.evaluate.candidates)
            let (embeddings, corpus, lanes) = (embeddings, corpus, lanes)
            let isWhole =
                corpus.count == embeddings.rows && corpus == Array(0..<Int32(corpus.count))
            let encode: @Sendable ([Int32]) -> Matrix = { places in
                isWhole && places.count == corpus.count
                    ? embeddings
                    : Rows.gather(embeddings, places.map { corpus[Int($0)] }, lanes)
            }
            // What took time to find was found by the run.
            let made =
                try indexState.flatMap {
                    try definition.makeIndex(
                        count: corpus.count, encode: encode, from: $0, lanes: lanes)
                }
                ?? definition.makeIndex(
                    count: corpus.count, encode: encode, seed: spec.randomSeed, lanes: lanes)
            known = made
            return made
        }
    }
}

extension NamedArrays {
    /// Integers that are rows of something.
    fileprivate mutating func takeRows(
        _ name: String, below count: Int
    ) throws(StateError) -> [Int32] {
        try takeIntegers(name, count: nil).map { value throws(StateError) in
            guard (0..<Int64(count)).contains(value) else {
                throw .mismatch(name: name, required: "rows of \(count)", found: "\(value)")
            }
            return Int32(value)
        }
    }

    /// Where each of some lists starts, and the end of the last.
    fileprivate mutating func takeOffsets(
        _ name: String, count: Int
    ) throws(StateError) -> [Int64] {
        let offsets = try takeIntegers(name, count: count + 1)
        guard offsets.first == 0, zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .mismatch(name: name, required: "ascending numbers from 0 on", found: "others")
        }
        return offsets
    }
}
