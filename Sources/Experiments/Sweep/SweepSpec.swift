import ResultsFormat
import YAMLTree

/// `sweep:` many trials of one spec. The parts multiply: every entry of the list with every point
/// of the grid, every random draw, every seed and every fold.
public struct SweepSpec: Sendable {
    var list: [ListEntry] = []
    var grid: [GridAxis] = []
    var random: RandomSearch?
    var tpe: ModelSearch?
    var seeds: [YAMLNode] = []
    var folds: [YAMLNode] = []
    var exclude: [SweepCondition] = []
    /// More trials than this are refused.
    var maxRuns = 1000
    /// What the spec says of what trials are ranked by.
    var objective: Objective?
    /// How trials are cut short by their first results; nil: none is.
    public internal(set) var halving: Halving?
    /// Where `sweep:` stands.
    let key: YAMLKey

    init(key: YAMLKey) {
        self.key = key
    }

    /// An overlay of several settings.
    struct ListEntry: Sendable {
        var settings: [SpecSetting]
        /// What trials are called by in place of the settings, and where it is written.
        var name: String?
        var nameNode: YAMLNode?
    }

    /// What trials are to be ranked by, as far as the spec says it.
    struct Objective: Sendable {
        var metric: String?
        /// Nil: as the metric says.
        var direction: MetricDirection?
        /// Nil: the validation part where there is one, else the test part.
        var part: String?

        init() {}
    }

    /// A path and the values that it takes in turn.
    struct GridAxis: Sendable {
        var path: JSONPath
        var key: YAMLKey
        var values: [YAMLNode]
        var condition: SweepCondition?
    }

    /// Draws of all its axes together.
    struct RandomSearch: Sendable {
        var trials: Int
        /// Nil: the spec's.
        var seed: Int?
        var axes: [RandomAxis] = []
    }

    /// Proposals of all its axes together, by what earlier ones came to.
    struct ModelSearch: Sendable {
        var trials: Int
        /// The trials that are drawn at random, before any is proposed.
        var startup: Int
        /// The trials that are proposed at once.
        var perRound: Int
        /// Nil: the spec's.
        var seed: Int?
        var axes: [RandomAxis] = []
    }

    struct RandomAxis: Sendable {
        var path: JSONPath
        var key: YAMLKey
        var distribution: SweepDistribution
        var condition: SweepCondition?
    }

    /// Synchronous successive halving (Jamieson and Talwalkar, 2016): all configurations train for
    /// the first number of epochs, the best share of them for the second, and so on.
    public struct Halving: Sendable {
        /// The epochs of the rungs, ascending, as they are written.
        var nodes: [YAMLNode]
        /// After every rung the best 1/factor go on, at least one.
        public var factor: Int

        /// The epochs of the rungs, ascending.
        public var epochs: [Int] { nodes.compactMap(\.plainValue.integerValue) }
    }
}

/// What holds of a trial: each path has one of its values.
struct SweepCondition: Sendable {
    struct Term: Sendable {
        var path: JSONPath
        var values: [JSONValue]
    }

    var terms: [Term]
    var key: YAMLKey

    func holds(in tree: YAMLNode) -> Bool {
        terms.allSatisfy { term in
            // What a spec leaves out is null here; a bare component is the one with that name.
            let found = tree.value(at: term.path)?.plainValue ?? bareName(term.path, in: tree)
            return term.values.contains { $0.meansSame(as: found ?? .null) }
        }
    }

    private func bareName(_ path: JSONPath, in tree: YAMLNode) -> JSONValue? {
        guard case .key("type")? = path.components.last else { return nil }
        return tree.value(at: JSONPath(path.components.dropLast()))?.plainValue
    }
}

extension JSONValue {
    /// Equality by value: 1 is 1.0.
    func meansSame(as other: JSONValue) -> Bool {
        if let number = doubleValue, let otherNumber = other.doubleValue {
            return number == otherNumber
        }
        return self == other
    }
}
