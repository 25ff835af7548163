import Retrieval

extension SpecFindings {
    mutating func checkTowers() {
        checkLengths()
        checkTables()
        for (name, tower) in towers {
            checkLayers(of: tower, name)
            for (index, feature) in tower.features.enumerated() {
                let path = "towers.\(name).features[\(index)]"
                if name == "query" {
                    checkAnswer(feature, at: path + ".column")
                } else if made(feature, in: catalog.features)?.history != nil {
                    error(at: path, "only the query tower may read a history")
                }
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

    /// Features that share a table by its name want it alike, as far as that is known without
    /// data; the number of indices that data tell is the planner's to compare.
    private mutating func checkTables() {
        var known: [String: (use: SharedTableUse, path: String)] = [:]
        for (name, tower) in towers {
            for (index, choice) in tower.features.enumerated() {
                let path = "towers.\(name).features[\(index)]"
                for use in made(choice, in: catalog.features)?.sharedTables ?? [] {
                    guard let first = known[use.name] else {
                        known[use.name] = (use, path)
                        continue
                    }
                    guard let difference = use.difference(from: first.use) else { continue }
                    error(
                        at: "\(path).\(use.place)" + (difference.option.map { ".\($0)" } ?? ""),
                        difference.words(table: use.name, first: first.path))
                }
            }
        }
    }

    /// Whether layers fit on what is below them: they are made, for nothing, where that costs
    /// nothing. A tower that is too wide for that is the planner's to judge.
    private mutating func checkLayers(of tower: TowerSection, _ name: String) {
        guard let lengths = lengths(of: tower) else { return }
        if tower.combine == .sum, Set(lengths).count > 1 {
            let found = lengths.map(String.init).joined(separator: ", ")
            return error(
                at: "towers.\(name).combine",
                "'combine: sum' requires features of one length; found \(found)")
        }
        let parts = tower.combine == .sum ? Array(lengths.prefix(1)) : lengths
        let widest = tower.layers.map { FieldValue.object($0.values).greatestInteger }.max() ?? 0
        guard !tower.layers.isEmpty, max(widest, parts.reduce(0, +)) <= 256 else { return }
        var builder = ModelBuilder(seed: 0)
        do {
            let layers = try tower.layers.map { try catalog.chosen(.layer, $0) }
            let stack = try builder.stack(layers, LayerInput(parts: parts), path: name)
            guard name == "candidate", stack.heads > 1 else { return }
            error(
                at: "towers.candidate.layers",
                "only queries may have several embeddings; found \(stack.heads) of each candidate")
        } catch let misfit as LayerError {
            error(at: "towers.\(name)" + misfit.place, misfit.description)
        } catch {
            // The planner meets it again, and knows more of it.
        }
    }

    /// The lengths of a tower's features, where all are known without data.
    private func lengths(of tower: TowerSection) -> [Int]? {
        let features = tower.features.map { made($0, in: catalog.features)?.outputDimension }
        let known = features.compactMap(\.self)
        return known.count == features.count ? known : nil
    }

    /// The length of a tower's vectors, where it is known without data.
    private func length(of tower: TowerSection) -> Int? {
        var length = lengths(of: tower).flatMap {
            tower.combine == .sum ? $0.first : $0.reduce(0, +)
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

extension FieldValue {
    /// The greatest whole number that stands in it, however deep; 0 where there is none.
    fileprivate var greatestInteger: Int {
        switch self {
        case .integer(let value): value
        case .list(let items): items.map(\.greatestInteger).max() ?? 0
        case .object(let values): values.members.map(\.value.greatestInteger).max() ?? 0
        default: 0
        }
    }
}
