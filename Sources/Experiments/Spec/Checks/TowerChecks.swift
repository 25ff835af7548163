import Retrieval

extension SpecFindings {
    mutating func checkTowers() {
        for (name, tower) in towers {
            for (index, feature) in tower.features.enumerated() {
                let path = "towers.\(name).features[\(index)]"
                checkEmbedding(feature, at: path + ".embedding")
                if name == "query" { checkAnswer(feature, at: path + ".column") }
            }
            if tower.combine == .sum, tower.features.count == 1,
                isWritten("towers.\(name).combine")
            {
                warn(
                    at: "towers.\(name).combine",
                    "'combine: sum' has nothing to sum: the tower has one feature")
            }
        }
    }

    var towers: [(name: String, tower: TowerSection)] {
        [("query", spec.towers.query), ("candidate", spec.towers.candidate)]
    }

    /// Whether the question reads what is retrieved, which the users' table may have too.
    private mutating func checkAnswer(_ choice: ComponentChoice, at path: String) {
        guard let feature = made(choice, in: catalog.features), feature.history == nil,
            feature.column == spec.data.candidate, feature.column != spec.data.query
        else { return }
        warn(
            at: path,
            """
            '\(feature.column)' is what is retrieved: unless it is a column of the users, the \
            question holds its answer
            """)
    }

    private mutating func checkEmbedding(_ feature: ComponentChoice, at path: String) {
        guard case .object(let embedding)? = feature.values["embedding"] else { return }
        if embedding["trainable"] == .boolean(false), embedding["weights"] == .null {
            warn(
                at: path + ".trainable",
                "'trainable: false' without 'weights' keeps embeddings as they are drawn at random")
        }
    }

    /// Whether scores are cosines: both towers end in vectors of length 1.
    var hasUnitEmbeddings: Bool {
        towers.allSatisfy { $0.tower.layers.last?.name == "unit_normalization" }
    }
}
