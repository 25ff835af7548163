/// An optimizer and the parameters that it moves.
public struct OptimizerGroup: Sendable {
    /// What the results call it: the pattern of its rule, or `default`.
    public var name: String
    /// What moves them.
    public var optimizer: any Optimizer
    /// What it moves.
    public var parameters: [ParameterID]

    public init(name: String, optimizer: any Optimizer, parameters: [ParameterID]) {
        self.name = name
        self.optimizer = optimizer
        self.parameters = parameters
    }
}

/// Optimizers together with the states of a model's parameters.
///
/// A step goes as in Keras: the learning rate is the schedule's at the number of steps taken so
/// far; gradients are clipped, over the parameters of one optimizer; rows of equal index are
/// added up; weights decay; the rule moves them. A parameter without a gradient stays as it is.
public struct OptimizerRun: Sendable {
    private var runs: [GroupRun]
    /// The number of steps taken.
    public private(set) var step = 0
    /// The first parameter whose gradient, clipped, held a NaN or an infinity, of the rows that are
    /// here.
    public private(set) var firstNonFinite: ParameterID?
    /// When that was: the steps before, and the place among the parameters of that step.
    private var firstNonFiniteTime = [Int.max, Int.max]

    public init(_ groups: [OptimizerGroup], for parameters: Parameters) {
        runs = groups.map { GroupRun($0, parameters) }
    }

    /// One optimizer for all parameters.
    public init(_ optimizer: any Optimizer, for parameters: Parameters) {
        self.init(OptimizerAssignment(optimizer).groups(of: parameters), for: parameters)
    }

    /// Each optimizer with what it moves.
    public var groups: [OptimizerGroup] { runs.map(\.group) }

    /// Each group's learning rate at a step, counted from 0, in the order of ``groups``.
    public func learningRates(at step: Int) -> [Float] {
        runs.map { $0.group.optimizer.options.learningRate(at: step) }
    }

    /// Moves every parameter that has a gradient.
    public mutating func apply(
        _ gradients: Gradients, to parameters: inout Parameters,
        lanes: Lanes = Lanes(threads: 1)
    ) {
        for index in runs.indices {
            let options = runs[index].group.optimizer.options
            let step = OptimizerStep(
                index: step, learningRate: options.learningRate(at: step),
                isLazy: options.isLazy, lanes: lanes)
            let nonFinite = runs[index].apply(gradients, to: &parameters, step)
            guard firstNonFinite == nil, let nonFinite else { continue }
            firstNonFinite = nonFinite
            let moved = runs.flatMap(\.group.parameters)
            firstNonFiniteTime = [self.step, moved.firstIndex(of: nonFinite) ?? 0]
        }
        step += 1
    }

    /// Has rows of large tables owe the steps for which they have no gradient, for who has them
    /// settled before he reads.
    ///
    /// - Parameter size: numbers, those that are remembered included, from which on a table is large.
    package mutating func deferIdleSteps(in parameters: Parameters, from size: Int) {
        for index in runs.indices { runs[index].deferIdleSteps(in: parameters, from: size) }
    }

    /// Whether rows of any table owe steps.
    var owesSteps: Bool { runs.contains { $0.owesSteps } }

    /// Has all rows take the steps that they owe.
    package mutating func settle(_ parameters: inout Parameters, _ lanes: Lanes) {
        for index in runs.indices { runs[index].settle(&parameters, lanes) }
    }

    /// Calls `body` with parameters whose tables settle the rows that are looked up.
    mutating func settlingLookUps<Result>(
        of model: inout TwoTowerModel, _ body: (TwoTowerModel) -> Result
    ) -> Result {
        for index in runs.indices { runs[index].lendSlots(to: &model.parameters) }
        let result = body(model)
        for index in runs.indices { runs[index].takeSlots(from: &model.parameters) }
        return result
    }

    /// ``firstNonFinite`` of all ranks' rows.
    func firstNonFinite(_ ranks: any Communicator) -> ParameterID? {
        let times = ranks.allGather(firstNonFiniteTime)
        guard let first = times.min(by: { $0.lexicographicallyPrecedes($1) }), first[0] < .max
        else { return nil }
        return runs.flatMap(\.group.parameters)[first[1]]
    }

    /// How many numbers are remembered here of each parameter.
    var stateSizes: [ParameterID: Int] {
        Dictionary(
            uniqueKeysWithValues: runs.flatMap(\.stateSizes).map { ($0.parameter, $0.numbers) })
    }

    /// What the optimizers tell of the parameters: `NAME/PARAMETER` and a value.
    public func reports(of parameters: Parameters) -> [(name: String, value: Double)] {
        runs.flatMap(\.reports)
    }
}

extension OptimizerRun: Restorable {
    /// The steps so far, and by its name each group's states by their parameters' names.
    public func save(to arrays: inout NamedArrays, as name: String) {
        step.save(to: &arrays, as: NamedArrays.path(name, "step"))
        for run in runs { run.save(to: &arrays, as: NamedArrays.path(name, run.group.name)) }
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try step.restore(from: &arrays, as: NamedArrays.path(name, "step"))
        for index in runs.indices {
            try runs[index].restore(
                from: &arrays, as: NamedArrays.path(name, runs[index].group.name))
        }
    }
}
