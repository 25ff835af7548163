import Retrieval

extension SpecFindings {
    mutating func checkTowers() {
        checkLengths()
        for (name, tower) in towers {
            for (index, feature) in tower.features.enumerated() where name == "query" {
                checkAnswer(feature, at: "towers.query.features[\(index)].column")
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

    /// Scores are dot products: both towers end in vectors of one length. What takes data to know,
    /// such as the length of an encoding of ones, is the planner's to say.
    private mutating func checkLengths() {
        let lengths = towers.compactMap { length(of: $0.tower) }
        guard lengths.count == 2, lengths[0] != lengths[1] else { return }
        error(
            at: "towers",
            """
            the towers require embeddings of one length; found \(lengths[0]) from the query tower \
            and \(lengths[1]) from the candidate tower
            """)
    }

    /// The length of a tower's vectors, where it is known without data.
    private func length(of tower: TowerSection) -> Int? {
        let features = tower.features.map { made($0, in: catalog.features)?.outputDimension }
        let known = features.compactMap(\.self)
        var length: Int?
        if known.count == features.count {
            length = tower.combine == .sum ? known.first : known.reduce(0, +)
        }
        for choice in tower.layers {
            length = made(choice, in: catalog.layers)?.outputDimension(of: length)
        }
        return length
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

    /// The candidate tower's last layer where both towers end in vectors of length 1, so that scores
    /// are cosines.
    var unitLayer: String? {
        let last = towers.map(\.tower.layers.last)
        let areUnits = last.allSatisfy { choice in
            choice.flatMap { made($0, in: catalog.layers) }?.hasUnitOutput == true
        }
        return areUnits ? last.last??.name : nil
    }
}
