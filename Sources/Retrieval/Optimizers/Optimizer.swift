/// A rule that moves parameters against their gradient: hyperparameters only. What it remembers
/// of each parameter is its state, another value.
public protocol Optimizer: Sendable {
    associatedtype State: Sendable

    /// The state of a parameter before the first step.
    func makeState(for parameter: Matrix) -> State

    /// Moves one parameter.
    ///
    /// - Parameters:
    ///   - gradient: sparse gradients arrive with distinct indices.
    ///   - step: the number of steps taken before this one.
    func update(_ parameter: inout Matrix, state: inout State, gradient: Gradient, step: Int)
}

/// An optimizer together with the states of a model's parameters.
public struct OptimizerRun: Sendable {
    private var updaters: [any ParameterUpdater]
    public private(set) var step = 0

    public init(_ optimizer: any Optimizer, for parameters: Parameters) {
        updaters = parameters.matrices.map { Self.updater(optimizer, $0) }
    }

    private static func updater<O: Optimizer>(_ optimizer: O, _ parameter: Matrix)
        -> any ParameterUpdater
    {
        Updater(optimizer: optimizer, state: optimizer.makeState(for: parameter))
    }

    /// Moves every parameter that has a gradient.
    public mutating func apply(_ gradients: Gradients, to parameters: inout Parameters) {
        for index in updaters.indices {
            guard let gradient = gradients[ParameterID(index: index)] else { continue }
            updaters[index].update(
                &parameters.matrices[index],
                gradient.coalesced(parameterRows: parameters.matrices[index].rows), step: step)
        }
        step += 1
    }
}

private protocol ParameterUpdater: Sendable {
    mutating func update(_ parameter: inout Matrix, _ gradient: Gradient, step: Int)
}

private struct Updater<O: Optimizer>: ParameterUpdater {
    let optimizer: O
    var state: O.State

    mutating func update(_ parameter: inout Matrix, _ gradient: Gradient, step: Int) {
        optimizer.update(&parameter, state: &state, gradient: gradient, step: step)
    }
}
