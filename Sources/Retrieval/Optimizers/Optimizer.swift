/// A rule that moves parameters against their gradient: hyperparameters only. What it remembers
/// of each parameter is its state, another value.
///
/// What all optimizers of Keras take stands in ``options``; ``OptimizerRun`` sees to it, so a rule
/// finds its gradient clipped, its duplicates summed and the weights decayed.
public protocol Optimizer: SelfChecking, Sendable {
    /// What is remembered of one parameter.
    associatedtype State: Restorable

    /// The learning rate, weight decay and clipping.
    var options: OptimizerOptions { get set }

    /// The state of a parameter, [rows, columns], before the first step.
    func makeState(for parameter: Matrix) -> State

    /// Moves one parameter.
    ///
    /// - Parameters:
    ///   - parameter: [rows, columns]; moved in place.
    ///   - gradient: ∂loss/∂parameter, clipped; dense of the same shape, or sparse with distinct
    ///     indices.
    ///   - step: the learning rate, and how many steps were taken before this one.
    func update(
        _ parameter: inout Matrix, state: inout State, gradient: Gradient, step: OptimizerStep)

    /// Where the state keeps what is remembered row by row, if the rule moves each number by nothing
    /// but its own gradient and slots: then ranks may share a table's rows. nil, which is what a
    /// rule has that says nothing: each rank keeps the whole table.
    static var rowSlots: (any WritableKeyPath<State, OptimizerSlots> & Sendable)? { get }

    /// What is worth telling of a parameter after a step, by name.
    func report(_ state: State) -> [(name: String, value: Double)]
}

/// A rule that remembers nothing but slots, and moves each number by nothing but its own.
public protocol ElementwiseOptimizer: Optimizer where State == OptimizerSlots {}

extension ElementwiseOptimizer {
    public static var rowSlots: (any WritableKeyPath<State, OptimizerSlots> & Sendable)? {
        \State.self
    }
}

extension ComponentKind where Product == any Optimizer {
    /// Rules that move parameters: ``Optimizer``.
    public static var optimizer: ComponentKind {
        ComponentKind(noun: "optimizer", pluralNoun: "optimizers")
    }
}

extension Optimizer {
    /// Whether ranks may share the rows of the tables that it moves.
    static var movesRowsApart: Bool { rowSlots != nil && !(self is any JointOptimizer.Type) }

    /// Whether all gradients have to be known before any parameter is moved.
    var looksAtAllGradients: Bool {
        self is any JointOptimizer || options.clipping?.isOfNorm == true
    }

    public func advice() -> [Advice] { options.advice() }
    public static var rowSlots: (any WritableKeyPath<State, OptimizerSlots> & Sendable)? { nil }
    public func report(_ state: State) -> [(name: String, value: Double)] { [] }
}

/// What a rule needs to know of the step that it takes.
public struct OptimizerStep: Sendable {
    /// The number of steps taken before this one.
    public var index: Int
    /// The schedule's at ``index``.
    public var learningRate: Float
    /// Whether rows without a gradient are left alone.
    public var isLazy: Bool
    /// The threads that work may be cut among; no bit depends on their number.
    public var lanes: Lanes

    public init(
        index: Int, learningRate: Float, isLazy: Bool = false, lanes: Lanes = Lanes(threads: 1)
    ) {
        self.index = index
        self.learningRate = learningRate
        self.isLazy = isLazy
        self.lanes = lanes
    }
}
