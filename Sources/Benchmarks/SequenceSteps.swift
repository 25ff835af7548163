import Retrieval

extension BenchmarkCase {
    /// Training steps of sequence encoders over batches of whole users, a table of embeddings for
    /// both towers: as many examples, items and numbers as a batch of `amazon-video` has.
    static let sequenceSteps = [
        sequenceStep("step/self_attention", "self_attention"),
        sequenceStep("step/gru", "gru") { ["units": .integer($0)] },
        sequenceStep("step/lstm", "lstm") { ["units": .integer($0)] },
    ]

    private static func sequenceStep(
        _ name: String, _ encoder: String,
        fields: @escaping @Sendable (_ dimension: Int) -> [String: FieldValue] = { _ in [:] }
    ) -> BenchmarkCase {
        BenchmarkCase(name, .step, Shape(2048, 23_715, 50)) { shape, random, lanes in
            let setting = StepSetting.sequences(shape, encoder, fields(shape.depth), &random)
            let timed = StepRun(setting, lanes)
            _ = timed.step()
            return Work(items: setting.batchSize, run: { _ = timed.step() }) {
                // The plain version encodes each history by itself.
                var plain = setting
                plain.model.queryTower = OneByOne(tower: setting.model.queryTower)
                let (ours, theirs) = (StepRun(setting, lanes), StepRun(plain, lanes))
                let (a, b) = (ours.step(), theirs.step())
                return Work.Outcome(
                    found: [Float(a.loss)] + ours.parameters,
                    expected: [b.loss] + theirs.parameters.map(Double.init), tolerance: 1e-3)
            }
        }
    }
}

/// A tower whose inputs are encoded one after the other.
private struct OneByOne: Tower {
    let tower: any Tower

    var outputDimension: Int { tower.outputDimension }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        let encodings = keys.map { tower.encode([$0], parameters, context) }
        let rows = encodings.flatMap(\.embeddings.values)
        return Encoding(
            embeddings: Matrix(rows: keys.count, columns: outputDimension, values: rows)
        ) { gradient, gradients in
            for (row, encoding) in encodings.enumerated() {
                encoding.pullback(
                    Matrix(
                        rows: 1, columns: gradient.columns, values: Array(gradient.row(row))),
                    &gradients)
            }
        }
    }
}

extension StepSetting {
    /// Users with as many interactions as chance has it, a few of them many, and histories of at
    /// most 50.
    package static func sequences(
        _ shape: Shape, _ encoder: String, _ fields: [String: FieldValue] = [:],
        _ random: inout RandomStream
    ) -> StepSetting {
        let (items, dimension) = (max(1, shape.columns), max(1, shape.depth))
        let count = batches * shape.rows
        var users: [Int32] = []
        while users.count < count {
            let unit = random.uniform()
            let own = 1 + Int(4 / (0.05 + unit))
            let user = (users.last ?? -1) + 1
            users += Array(repeating: user, count: min(own, count - users.count))
        }
        let candidates = (0..<count).map { _ in
            let unit = random.uniform()
            return Int32(unit * unit * Double(items))
        }
        let names = (0...(users.last ?? 0)).map { "u\($0)" }
        let table = Table(
            name: "interactions",
            columns: ["user_id": .tokens(TokenColumn(codes: users, dictionary: names))])
        let rows = (0..<Int32(count)).map { $0 }
        var builder = ModelBuilder(seed: 1)
        let model: TwoTowerModel
        do {
            let lists = try Histories(
                of: table, query: "user_id", stepKeys: candidates, orderBy: nil,
                split: DataSplit(train: rows, test: []), maximumLength: 50, window: .chunk)
            let tokens = (0..<items).map { "\($0)" }
            var chosen = FieldValues(["type": .string(encoder)])
            for (name, value) in fields { chosen[name] = value }
            let values = FieldValues([
                "column": .string("item_id"), "encoder": .object(chosen),
                "embedding": .object(FieldValues(["output_dim": .integer(dimension)])),
            ])
            var input = FeatureInput(
                values: .tokens(
                    TokenColumn(codes: tokens.indices.map(Int32.init), dictionary: tokens)),
                trainingKeys: candidates, isListed: true)
            input.history = HistoryInput(lists: lists, evaluationKeys: [])
            let history = try Catalog.builtIn.make(
                .feature, ComponentChoice(name: "history", values: values)
            ).prepare(input, path: "query/history", &builder)
            let embeddings = builder.addParameter(
                "candidate/embeddings",
                Matrix(
                    rows: items, columns: dimension,
                    values: (0..<items * dimension).map { _ in
                        random.uniformFloat(in: -0.05..<0.05)
                    }))
            model = TwoTowerModel(
                queryTower: FeatureTower(features: [history], layers: []),
                candidateTower: FeatureTower(
                    features: [
                        IDEmbedding(
                            indices: (0..<Int32(items)).map { $0 }, table: embeddings,
                            dimension: dimension)
                    ], layers: []), parameters: builder.parameters)
        } catch {
            preconditionFailure("a history of our own making: \(error)")
        }
        return StepSetting(
            model: model,
            keyCounts: KeyCounts(
                queries: max(1, count), candidates: items, queryEntities: names.count),
            examples: Examples(
                queryKeys: rows, candidateKeys: candidates, queryEntities: users),
            batchSize: shape.rows)
    }
}

extension FieldValues {
    fileprivate init(_ members: [String: FieldValue]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }
}
