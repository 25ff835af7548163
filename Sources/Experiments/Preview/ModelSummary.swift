import Retrieval

/// A model part by part with its parameters, as Keras's `model.summary()` has it.
public struct ModelSummary: Sendable {
    /// A feature or a layer.
    public struct Part: Sendable {
        /// `query/user_id`.
        public var path: String
        /// The component's name.
        public var component: String
        /// 0 for a tower's own parts, more for those inside them.
        public var depth: Int
        public var outputDimension: Int
        /// How many vectors it makes of each.
        public var heads: Int
        /// The numbers that came with it; those of a shared table came with its first user.
        public var parameterCount: Int
    }

    /// One of the two towers.
    public struct Tower: Sendable {
        /// "query" or "candidate".
        public var name: String
        public var parts: [Part]
        public var outputDimension: Int
        public var heads: Int
        /// Numbers of the tower, shared tables counted once.
        public var parameterCount: Int
    }

    /// A named matrix of the model.
    public struct Parameter: Sendable {
        public var name: String
        /// At least 1.
        public var rows: Int
        /// At least 1.
        public var columns: Int
        /// Whether training moves it.
        public var isTrainable: Bool
        /// The optimizer that moves it; nil: none.
        public var optimizer: String?

        public var count: Int { rows * columns }
    }

    /// The query's, then the candidate's.
    public var towers: [Tower]
    /// In the order in which they were made.
    public var parameters: [Parameter]
    /// The baseline that takes the towers' place; nil: none.
    public var baseline: String?

    /// Numbers that training moves.
    public var trainableCount: Int { count { $0.isTrainable } }
    /// Numbers that it does not move.
    public var nonTrainableCount: Int { count { !$0.isTrainable } }
    /// All numbers.
    public var parameterCount: Int { count { _ in true } }

    private func count(_ isCounted: (Parameter) -> Bool) -> Int {
        parameters.filter(isCounted).reduce(0) { $0 + $1.count }
    }

    init(_ plan: ExperimentPlan) {
        baseline = plan.spec.baseline?.name
        guard baseline == nil else {
            (towers, parameters) = ([], [])
            return
        }
        let model = plan.model
        var optimizers: [ParameterID: String] = [:]
        for group in plan.optimizers {
            for id in group.parameters { optimizers[id] = group.name }
        }
        parameters = zip(model.parameters.ids, model.parameters.names).map { id, name in
            return Parameter(
                name: name, rows: model.parameters.rows(of: id),
                columns: model.parameters.columns(of: id),
                isTrainable: model.parameters.isTrainable(id), optimizer: optimizers[id])
        }
        let named = [("query", model.queryTower), ("candidate", model.candidateTower)]
        towers = named.map { name, tower in
            let parts = plan.parts.filter { $0.path.hasPrefix(name + "/") }.map { part in
                Part(
                    path: part.path, component: part.component, depth: part.depth,
                    outputDimension: part.outputDimension, heads: part.heads,
                    parameterCount: part.parameters.reduce(0) {
                        $0 + model.parameters.rows(of: $1) * model.parameters.columns(of: $1)
                    })
            }
            return Tower(
                name: name, parts: parts, outputDimension: tower.outputDimension,
                heads: tower.heads,
                parameterCount: parts.filter { $0.depth == 0 }.reduce(0) { $0 + $1.parameterCount }
            )
        }
    }
}
