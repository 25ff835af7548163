import Retrieval

/// The example of `docs/library.md`, line by line between the marks.
func trainingExample(print: (String) -> Void) throws {
    // begin
    // Who liked what: a number from 0 for each distinct id.
    let train = Examples(
        queryKeys: [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
        candidateKeys: [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5])

    // Two towers, each a table of embeddings.
    var builder = ModelBuilder(seed: 42)
    let model = TwoTowerModel(
        queryTower: try builder.embeddingTower("query", keys: 4, dimension: 8),
        candidateTower: try builder.embeddingTower("candidate", keys: 6, dimension: 8),
        parameters: builder.parameters)

    // The task, the optimizer, and what stands for them in a spec's defaults.
    var trainer = Trainer(
        model: model, task: RetrievalTask(metrics: FactorizedTopK(ks: [1, 3])),
        optimizer: Adagrad(learningRate: 0.5),
        keyCounts: KeyCounts(queries: 4, candidates: 6), seed: 42)

    for epoch in try trainer.fit(train, epochs: 3, batchSize: 6) {
        print("epoch \(epoch.epoch): loss \((epoch.loss * 100).rounded() / 100)")
    }
    for value in trainer.evaluate(train, corpus: [0, 1, 2, 3, 4, 5]) {
        print("\(value.name): \((value.value * 100).rounded() / 100)")
    }

    // Step by step, stopped half-way, and gone on with from what was saved.
    var run = TrainingRun(trainer, train, epochs: 10, batchSize: 6, seed: 7)
    while run.epoch <= 5, run.next() != nil {}
    let state = run.state
    print("\(state.names.count) arrays, such as \(state.names[3])")

    var resumed = TrainingRun(trainer, train, epochs: 10, batchSize: 6, seed: 7)
    try resumed.restore(state)
    while resumed.next() != nil {}
    while run.next() != nil {}
    print("to the bit: \(run.state == resumed.state)")
    // end
}
