import Retrieval

extension SpecFindings {
    mutating func checkTowers() {
        for (name, tower) in towers {
            for (index, feature) in tower.features.enumerated() {
                checkEmbedding(feature, at: "towers.\(name).features[\(index)].embedding")
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
