/// A rule over the gradients of all of an optimizer's parameters together, before any of them is
/// moved: ``GradientClipping`` is one.
public protocol JointRule: Sendable {
    /// What the rule remembers of the steps so far.
    associatedtype Memory: Restorable

    /// What it remembers before the first step.
    ///
    /// - Parameter parameters: those that the optimizer moves, in its order, each [rows, columns].
    func makeMemory(for parameters: [Matrix]) -> Memory

    /// Looks at a step before it is taken.
    ///
    /// - Parameters:
    ///   - gradients: those of the parameters that have one, sparse ones as they come: an index
    ///     may repeat. The rule may change them.
    ///   - step: the rule may change its learning rate.
    func prepare(
        _ gradients: inout [JointGradient], memory: inout Memory, step: inout OptimizerStep)
}

/// The gradient of one of an optimizer's parameters.
public struct JointGradient: Sendable {
    /// Which of the optimizer's parameters it is, in its order.
    public var parameter: Int
    /// The parameter as it is before the step.
    public var value: Matrix
    public var gradient: Gradient
}

/// An optimizer whose moves depend on all its gradients, as Prodigy's and D-Adaptation's step size
/// does: it sees them all by ``JointRule/prepare(_:memory:step:)``, then moves one parameter after
/// the other as every ``Optimizer`` does.
public protocol JointOptimizer: Optimizer, JointRule {}

/// A joint rule with what it remembers, its type erased.
struct JointRuleRun: Sendable {
    private var state: any JointRuleState

    init(_ rule: any JointRule, for parameters: [Matrix]) {
        state = Self.make(rule, parameters)
    }

    private static func make<R: JointRule>(
        _ rule: R, _ parameters: [Matrix]
    ) -> any JointRuleState {
        Remembering(component: rule, memory: rule.makeMemory(for: parameters))
    }

    mutating func prepare(_ gradients: inout [JointGradient], step: inout OptimizerStep) {
        state.prepare(&gradients, &step)
    }
}

private protocol JointRuleState: Restorable {
    mutating func prepare(_ gradients: inout [JointGradient], _ step: inout OptimizerStep)
}

extension Remembering: JointRuleState
where Component: JointRule, Memory == Component.Memory {
    mutating func prepare(_ gradients: inout [JointGradient], _ step: inout OptimizerStep) {
        component.prepare(&gradients, memory: &memory, step: &step)
    }
}

extension JointRuleRun: Restorable {
    func save(to arrays: inout NamedArrays, as name: String) {
        state.save(to: &arrays, as: name)
    }

    mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        try state.restore(from: &arrays, as: name)
    }
}
