import Safeguards

/// The least of the factors that lanes find, 1 at first; a NaN wins. In whichever order they come,
/// the least is the same.
final class LeastFactor: Sendable {
    private let least = Guarded<Float>(1)

    func note(_ factor: Float) {
        least.withLock { least in
            if !(factor >= least || least.isNaN) { least = factor }
        }
    }

    var value: Float { least.withLock { $0 } }
}
