import CKernels

/// An optimizer and the parameters that it moves.
public struct OptimizerGroup: Sendable {
    /// What the results call it: the pattern of its rule, or `default`.
    public var name: String
    public var optimizer: any Optimizer
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
    public let groups: [OptimizerGroup]
    private var updaters: [[any ParameterUpdater]]
    public private(set) var step = 0
    /// The first parameter whose gradient, clipped, held a NaN or an infinity.
    public private(set) var firstNonFinite: ParameterID?

    public init(_ groups: [OptimizerGroup], for parameters: Parameters) {
        self.groups = groups
        updaters = groups.map { group in
            group.parameters.map { Self.updater(group.optimizer, parameters[$0]) }
        }
    }

    /// One optimizer for all parameters.
    public init(_ optimizer: any Optimizer, for parameters: Parameters) {
        self.init(OptimizerAssignment(optimizer).groups(of: parameters), for: parameters)
    }

    private static func updater<O: Optimizer>(_ optimizer: O, _ parameter: Matrix)
        -> any ParameterUpdater
    {
        Updater(optimizer: optimizer, state: optimizer.makeState(for: parameter))
    }

    /// Each group's learning rate at a step, counted from 0, in the order of ``groups``.
    public func learningRates(at step: Int) -> [Float] {
        groups.map { $0.optimizer.options.learningRate(at: step) }
    }

    /// Moves every parameter that has a gradient.
    public mutating func apply(
        _ gradients: Gradients, to parameters: inout Parameters,
        lanes: Lanes = Lanes(threads: 1)
    ) {
        for (group, rate) in zip(groups.indices, learningRates(at: step)) {
            let options = groups[group].optimizer.options
            let step = OptimizerStep(
                index: step, learningRate: rate, isLazy: options.isLazy, lanes: lanes)
            let moved = groups[group].parameters.indices.filter {
                gradients[groups[group].parameters[$0]] != nil
            }
            var clipped = moved.compactMap { gradients[groups[group].parameters[$0]] }
            options.clipping?.clip(&clipped)
            for (index, gradient) in zip(moved, clipped) {
                let id = groups[group].parameters[index]
                let summed = gradient.coalesced(parameterRows: parameters[id].rows, lanes)
                if firstNonFinite == nil && !summed.isFinite(lanes) { firstNonFinite = id }
                if let decay = options.weightDecay {
                    parameters.matrices[id.index].decay(decay, summed, step)
                }
                updaters[group][index].update(&parameters.matrices[id.index], summed, step)
            }
        }
        step += 1
    }

    /// What the optimizers tell of the parameters: `NAME/PARAMETER` and a value.
    public func reports(of parameters: Parameters) -> [(name: String, value: Double)] {
        zip(groups, updaters).flatMap { group, updaters in
            zip(group.parameters, updaters).flatMap { id, updater in
                updater.report.map { ("\($0.name)/\(parameters.names[id.index])", $0.value) }
            }
        }
    }
}

private protocol ParameterUpdater: Sendable {
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
}

extension Matrix {
    /// `w −= w · decay · η` on all rows, or lazily on those with a gradient.
    fileprivate mutating func decay(_ decay: Float, _ gradient: Gradient, _ step: OptimizerStep) {
        var none = OptimizerSlots(for: self, startingAt: [])
        none.sweep(&self, gradient, step, .movesWeights) {
            tk_weight_decay($0.weights, $0.count, decay, step.learningRate)
        }
    }
}
