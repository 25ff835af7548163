import Experiments
import Platform
import ResultsFormat
import Retrieval

extension BenchmarkCase {
    /// Saved models: a table of embeddings written to the disk, a model of as many candidates read
    /// with all digests compared, and recommendations by it, one query at a time and many at once.
    static let savedModels: [BenchmarkCase] = [
        BenchmarkCase("model/write", .model, Shape(2, 1_000_000, 64)) { shape, random, lanes in
            written(Matrix(rows: shape.columns, columns: shape.depth).drawn(&random))
        },
        BenchmarkCase("model/load", .model, Shape(2, 1_000_000, 64)) { shape, random, lanes in
            let folder = ModelFolderForTiming(shape)
            return Work(
                bytes: 2 * Double(shape.columns * shape.depth * 4), items: 1,
                run: { _ = folder.load(lanes) },
                check: {
                    let model = folder.load(lanes)
                    let (_, items, dimension) = ModelFolderForTiming.size(shape)
                    return Work.Outcome(
                        found: [
                            Float(model.record.candidate.count), Float(model.record.dimension),
                        ],
                        expected: [Double(items), Double(dimension)], tolerance: 0)
                })
        },
        BenchmarkCase("model/recommend", .model, Shape(2, 100_000, 64)) { shape, _, lanes in
            recommending(shape, queries: 1, lanes)
        },
        BenchmarkCase("model/recommend_many", .model, Shape(4096, 100_000, 64)) {
            shape, _, lanes in
            recommending(shape, queries: shape.rows, lanes)
        },
    ]

    private static func written(_ matrix: Matrix) -> Work {
        let folder = ScratchFolder()
        var arrays = NamedArrays()
        arrays.add(.matrix(matrix), as: "embeddings")
        let path = folder.path + "/arrays"
        return Work(
            bytes: Double(matrix.values.count * 4), items: 1,
            run: { try? ArrayFolder.write(arrays, to: path) },
            check: {
                try? ArrayFolder.write(arrays, to: path)
                guard case .matrix(let read)? = (try? ArrayFolder.read(path))?["embeddings"] else {
                    return Work.Outcome(found: [0], expected: [1], tolerance: 0)
                }
                return Work.Outcome(
                    found: read.values, expected: matrix.values.map { Double($0) }, tolerance: 0)
            })
    }

    /// The ten best of each query, from the whole corpus.
    private static func recommending(_ shape: Shape, queries: Int, _ lanes: Lanes) -> Work {
        let model = ModelFolderForTiming(shape).load(lanes)
        let ids = (0..<queries).map { "\($0 % max(1, model.record.query.count) + 1)" }
        func lists() -> [RecommendationList] {
            (try? model.recommend(toIDs: ids, RecommendationOptions(count: 10))) ?? []
        }
        // The index is made by whoever asks first.
        _ = lists()
        return Work(
            flops: 2 * Double(queries * shape.columns * shape.depth), items: queries,
            run: { _ = lists() },
            check: {
                guard let users = try? model.embeddings(of: .query).matrix,
                    let items = try? model.embeddings(of: .candidate).matrix,
                    let names = try? model.embeddings(of: .query).ids
                else { return Work.Outcome(found: [0], expected: [1], tolerance: 0) }
                let best = ids.compactMap { id -> Double? in
                    guard let user = names.firstIndex(of: id) else { return nil }
                    return (0..<items.rows).map { item in
                        zip(users.row(user), items.row(item)).reduce(0.0) {
                            $0 + Double($1.0) * Double($1.1)
                        }
                    }.max()
                }
                let known = Set(names)
                let found = zip(ids, lists()).filter { known.contains($0.0) }
                return Work.Outcome(
                    found: found.compactMap { $1.items.first?.score }, expected: best,
                    tolerance: 1e-4)
            })
    }
}

/// A folder that goes with the process that made it.
private final class ScratchFolder: Sendable {
    let path: String

    init() {
        path =
            FileManager.default.temporaryDirectory.path
            + "/tfrs-bench-\(UInt64.random(in: .min ... .max))"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A model of so many candidates, as a short run has left it.
private final class ModelFolderForTiming: Sendable {
    private let folder = ScratchFolder()

    /// As much as the shape asks for, of each thing as much as a model needs at least.
    static func size(_ shape: Shape) -> (users: Int, items: Int, dimension: Int) {
        (max(2, min(shape.rows, 4096)), max(4, shape.columns), max(1, shape.depth))
    }

    init(_ shape: Shape) {
        let (users, items, dimension) = Self.size(shape)
        let text = """
            name: timing
            data:
              source: synthetic
              users: \(users)
              items: \(items)
              interactions: \(min(400, users * items / 2))
              split: {train: 0.8, test: 0.2}
            towers:
              query:
                features:
                  - {type: string_lookup, column: user_id, embedding: {output_dim: \(dimension)}}
              candidate:
                features:
                  - {type: string_lookup, column: item_id, embedding: {output_dim: \(dimension)}}
            metrics: {factorized: []}
            train: {optimizer: sgd, batch_size: 512}
            output: {model: \(folder.path)/model, training_state: false}
            """
        do {
            let spec = try SpecReader(catalog: .builtIn).read(text: text, name: "timing")
            _ = try Experiment(catalog: .builtIn, options: RunOptions(threads: 1)).run(spec)
        } catch {
            preconditionFailure("a model to be timed cannot be made: \(error)")
        }
    }

    func load(_ lanes: Lanes) -> SavedModel {
        do {
            return try SavedModel(at: folder.path + "/model", threads: lanes.threads)
        } catch {
            preconditionFailure("a model to be timed cannot be read: \(error)")
        }
    }
}

extension Matrix {
    fileprivate func drawn(_ random: inout RandomStream) -> Matrix {
        var drawn = self
        for index in drawn.values.indices {
            drawn.values[index] = random.uniformFloat(in: -1..<1)
        }
        return drawn
    }
}
