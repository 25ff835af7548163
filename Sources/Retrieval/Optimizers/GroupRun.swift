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
        let values = group.parameters.map { parameters[$0] }
        let joint: [(name: String, rule: (any JointRule)?)] = [
            ("clipping", group.optimizer.options.clipping),
            ("joint", group.optimizer as? any JointOptimizer),
        ]
        rules = joint.compactMap { name, rule in
            rule.map { (name, JointRuleRun($0, for: values)) }
        }
        updaters = values.map { Self.updater(group.optimizer, $0) }
    }

    private static func updater<O: Optimizer>(
        _ optimizer: O, _ parameter: Matrix
    ) -> any ParameterUpdater {
        Updater(optimizer: optimizer, state: optimizer.makeState(for: parameter))
    }

    /// Moves every parameter of the group that has a gradient.
    ///
    /// - Returns: the first whose gradient held a NaN or an infinity.
    mutating func apply(
        _ gradients: Gradients, to parameters: inout Parameters, _ step: OptimizerStep
    ) -> ParameterID? {
        var step = step
        var firstNonFinite: ParameterID?
        for (index, gradient) in prepared(gradients, parameters, &step) {
            let id = group.parameters[index]
            let summed = gradient.coalesced(parameterRows: parameters[id].rows, step.lanes)
            if firstNonFinite == nil && !summed.isFinite(step.lanes) { firstNonFinite = id }
            if let decay = group.optimizer.options.weightDecay {
                parameters.matrices[id.index].decay(decay, summed, step)
            }
            updaters[index].update(&parameters.matrices[id.index], summed, step)
        }
        return firstNonFinite
    }

    /// The gradients of the group's parameters, by their place in it, as the joint rules leave
    /// them.
    private mutating func prepared(
        _ gradients: Gradients, _ parameters: Parameters, _ step: inout OptimizerStep
    ) -> [(parameter: Int, gradient: Gradient)] {
        var moves = group.parameters.enumerated().compactMap { index, id in
            gradients[id].map {
                JointGradient(parameter: index, value: parameters[id], gradient: $0)
            }
        }
        for index in rules.indices { rules[index].run.prepare(&moves, step: &step) }
        return moves.map { ($0.parameter, $0.gradient) }
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
}

private struct Updater<O: Optimizer>: ParameterUpdater {
    let optimizer: O
    var state: O.State

    mutating func update(
        _ parameter: inout Matrix, _ gradient: Gradient, _ step: OptimizerStep
    ) {
        optimizer.update(&parameter, state: &state, gradient: gradient, step: step)
    }

    var report: [(name: String, value: Double)] { optimizer.report(state) }

    func save(to arrays: inout NamedArrays, as name: String) {
        state.save(to: &arrays, as: name)
    }

    mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try state.restore(from: &arrays, as: name)
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
