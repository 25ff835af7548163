/// One optimizer together with the states of the parameters that it moves.
struct GroupRun: Sendable {
    let group: OptimizerGroup
    /// The names of the group's parameters.
    private let names: [String]
    /// What sees all gradients before any parameter is moved, in this order.
    private var rules: [(name: String, run: JointRuleRun)]
    private var updaters: [any ParameterUpdater]

    init(_ group: OptimizerGroup, _ parameters: Parameters) {
        self.group = group
        names = group.parameters.map { parameters.names[$0.index] }
        let values = group.parameters.map { parameters.matrices[$0.index] }
        let joint: [(name: String, rule: (any JointRule)?)] = [
            ("clipping", group.optimizer.options.clipping),
            ("joint", group.optimizer as? any JointOptimizer),
        ]
        rules = joint.compactMap { name, rule in
            rule.map { (name, JointRuleRun($0, for: values)) }
        }
        updaters = zip(values, group.parameters).map {
            Self.updater(group.optimizer, $0, parameters.partition(of: $1))
        }
    }

    private static func updater<O: Optimizer>(
        _ optimizer: O, _ parameter: Matrix, _ partition: RowPartition?
    ) -> any ParameterUpdater {
        var state = optimizer.makeState(for: parameter)
        if let partition, let slots = O.rowSlots { state[keyPath: slots].part = partition.part }
        return Updater(optimizer: optimizer, partition: partition, state: state)
    }

    /// Moves every parameter of the group that has a gradient.
    ///
    /// - Returns: the first whose gradient held a NaN or an infinity.
    mutating func apply(
        _ gradients: Gradients, to parameters: inout Parameters, _ step: OptimizerStep
    ) -> ParameterID? {
        var step = step
        var firstNonFinite: ParameterID?
        for (index, summed) in prepared(gradients, parameters, &step) {
            let id = group.parameters[index]
            if firstNonFinite == nil && !summed.isFinite(step.lanes) { firstNonFinite = id }
            let own = parameters.partition(of: id)?.own(of: summed) ?? summed
            if let decay = group.optimizer.options.weightDecay {
                parameters.matrices[id.index].decay(decay, own, step)
            }
            updaters[index].update(&parameters.matrices[id.index], own, step)
        }
        return firstNonFinite
    }

    /// Whether rows of any table owe steps.
    var owesSteps: Bool { updaters.contains { $0.owesSteps } }

    /// Has rows of large tables owe the steps for which they have no gradient, where nobody reads
    /// them but by looking up rows.
    ///
    /// - Parameter size: numbers, those that are remembered included, from which on a table is large.
    mutating func deferIdleSteps(in parameters: Parameters, from size: Int) {
        let optimizer = group.optimizer
        let readsTables =
            optimizer is any JointOptimizer || optimizer.options.weightDecay != nil
        for (index, id) in group.parameters.enumerated() {
            let table = parameters.matrices[id.index]
            updaters[index].defersIdleSteps =
                !readsTables && !optimizer.options.isLazy && parameters.isLookedUpAlone(id)
                && table.values.count + updaters[index].stateSize >= size
        }
    }

    /// Has all rows take the steps that they owe.
    mutating func settle(_ parameters: inout Parameters, _ lanes: Lanes) {
        for (index, id) in group.parameters.enumerated() where updaters[index].owesSteps {
            updaters[index].settle(&parameters.matrices[id.index], lanes)
        }
    }

    /// Lends the slots of tables that owe steps to the parameters, which settle the rows that are
    /// looked up.
    mutating func lendSlots(to parameters: inout Parameters) {
        for (index, id) in group.parameters.enumerated() where updaters[index].owesSteps {
            if let slots = updaters[index].slots { parameters.lend(id, settledBy: slots) }
            updaters[index].slots = nil
        }
    }

    /// Takes back what was lent.
    mutating func takeSlots(from parameters: inout Parameters) {
        for (index, id) in group.parameters.enumerated() {
            guard let slots = parameters.takeBack(id) as? OptimizerSlots else { continue }
            updaters[index].slots = slots
        }
    }

    /// The gradients of the group's parameters, by their place in it, as the joint rules leave
    /// them, and with each index at most once.
    private mutating func prepared(
        _ gradients: Gradients, _ parameters: Parameters, _ step: inout OptimizerStep
    ) -> [(parameter: Int, gradient: Gradient)] {
        func rows(_ index: Int) -> Int { parameters.rows(of: group.parameters[index]) }
        guard !rules.isEmpty else {
            return group.parameters.enumerated().compactMap { index, id in
                gradients.coalesced(id, parameterRows: rows(index), step.lanes).map { (index, $0) }
            }
        }
        var moves = group.parameters.enumerated().compactMap { index, id in
            gradients[id].map {
                JointGradient(
                    parameter: index, value: parameters.matrices[id.index], gradient: $0)
            }
        }
        for index in rules.indices { rules[index].run.prepare(&moves, step: &step) }
        return moves.map {
            ($0.parameter, $0.gradient.coalesced(parameterRows: rows($0.parameter), step.lanes))
        }
    }

    /// How many numbers are remembered here of each of the group's parameters.
    var stateSizes: [(parameter: ParameterID, numbers: Int)] {
        zip(group.parameters, updaters).map { ($0, $1.stateSize) }
    }

    var reports: [(name: String, value: Double)] {
        zip(names, updaters).flatMap { name, updater in
            updater.report.map { ("\($0.name)/\(name)", $0.value) }
        }
    }
}

extension GroupRun: Restorable {
    func save(to arrays: inout NamedArrays, as name: String) {
        for (rule, run) in rules { run.save(to: &arrays, as: NamedArrays.path(name, rule)) }
        for (parameter, updater) in zip(names, updaters) {
            updater.save(to: &arrays, as: NamedArrays.path(name, parameter))
        }
    }

    mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        for index in rules.indices {
            try rules[index].run.restore(
                from: &arrays, as: NamedArrays.path(name, rules[index].name))
        }
        for index in updaters.indices {
            try updaters[index].restore(
                from: &arrays, as: NamedArrays.path(name, names[index]))
        }
    }
}

private protocol ParameterUpdater: Restorable {
    mutating func update(_ parameter: inout Matrix, _ gradient: Gradient, _ step: OptimizerStep)
    var report: [(name: String, value: Double)] { get }
    /// How many numbers are remembered here.
    var stateSize: Int { get }
    /// What is remembered row by row; nil where the rule looks beyond a row.
    var slots: OptimizerSlots? { get set }
    /// Has all rows take the steps that they owe.
    mutating func settle(_ parameter: inout Matrix, _ lanes: Lanes)
}

extension ParameterUpdater {
    var owesSteps: Bool { slots?.owesSteps == true }

    var defersIdleSteps: Bool {
        get { slots?.owesIdleSteps == true }
        set { slots?.owesIdleSteps = newValue }
    }
}

private struct Updater<O: Optimizer>: ParameterUpdater {
    let optimizer: O
    /// How ranks share the parameter's rows; nil: the whole is here.
    let partition: RowPartition?
    var state: O.State

    mutating func update(
        _ parameter: inout Matrix, _ gradient: Gradient, _ step: OptimizerStep
    ) {
        optimizer.update(&parameter, state: &state, gradient: gradient, step: step)
    }

    var report: [(name: String, value: Double)] { optimizer.report(state) }

    var stateSize: Int { NamedArrays(of: state, as: "").numberCount }

    var slots: OptimizerSlots? {
        get { O.rowSlots.map { state[keyPath: $0] } }
        set {
            guard let path = O.rowSlots else { return }
            state[keyPath: path] =
                newValue ?? OptimizerSlots(for: Matrix(rows: 0, columns: 0), startingAt: [])
        }
    }

    mutating func settle(_ parameter: inout Matrix, _ lanes: Lanes) {
        if let path = O.rowSlots { state[keyPath: path].settle(&parameter, lanes) }
    }

    /// As the whole parameter's, at the first rank, or apart.
    func save(to arrays: inout NamedArrays, as name: String) {
        var whole = state
        if !arrays.leavesRowsApart, let partition, let slots = O.rowSlots {
            whole[keyPath: slots] = state[keyPath: slots].whole(by: partition)
        }
        whole.save(to: &arrays, as: name)
    }

    mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        let isApart = arrays.names.contains {
            $0.hasPrefix(name + "/") && arrays.part(of: $0) != nil
        }
        guard let partition, let slots = O.rowSlots, !isApart else {
            return try state.restore(from: &arrays, as: name)
        }
        var whole = optimizer.makeState(
            for: Matrix(rows: partition.rows, columns: state[keyPath: slots].columns))
        try whole.restore(from: &arrays, as: name)
        whole[keyPath: slots] = whole[keyPath: slots].own(by: partition)
        state = whole
    }
}

extension Matrix {
    /// `w −= w · decay · η` on all rows, or lazily on those with a gradient.
    fileprivate mutating func decay(_ decay: Float, _ gradient: Gradient, _ step: OptimizerStep) {
        var none = OptimizerSlots(for: self, startingAt: [])
        none.sweep(&self, gradient, step, .movesWeights) {
            Kernels.weightDecay($0.weights, $0.count, decay, step.learningRate)
        }
    }
}
