/// Which optimizer moves which parameter: a default, and rules for parameters of certain names.
public struct OptimizerAssignment: Sendable {
    /// An optimizer for parameters of certain names.
    public struct Rule: Sendable {
        /// A pattern of parameter names such as `*/embeddings`, which `*/embedding` names too, as
        /// Keras's layer is called.
        public var match: String
        /// What moves them.
        public var optimizer: any Optimizer

        public init(match: String, optimizer: any Optimizer) {
            self.match = match
            self.optimizer = optimizer
        }

        /// Whether a parameter of this name is meant.
        func matches(_ name: String) -> Bool {
            let pattern = GlobPattern(match)
            return pattern.matches(name)
                || name.hasSuffix("/embeddings") && pattern.matches(String(name.dropLast()))
        }
    }

    /// What the results call the optimizer of all that no rule names.
    public static let defaultName = "default"

    /// Moves what no rule matches.
    public var standard: any Optimizer
    /// In the order of the spec; the first that fits a parameter has it.
    public private(set) var rules: [Rule] = []

    public init(_ standard: any Optimizer) {
        self.standard = standard
    }

    /// Adds a rule for the parameters whose names match.
    ///
    /// - Throws: ``OptimizerError`` if none does, or one that another rule has already.
    public mutating func add(_ rule: Rule, for parameters: Parameters) throws(OptimizerError) {
        let paths = parameters.trainable.map { parameters.names[$0.index] }
        let matched = paths.filter(rule.matches)
        guard !matched.isEmpty else { throw .noMatch(pattern: rule.match, paths: paths) }
        for path in matched {
            if let other = rules.first(where: { $0.matches(path) }) {
                throw .severalMatches(path: path, patterns: [other.match, rule.match])
            }
        }
        rules.append(rule)
    }

    /// The optimizers that have something to move, the default first.
    public func groups(of parameters: Parameters) -> [OptimizerGroup] {
        let ruleOf = parameters.trainable.map { id in
            (id, rules.firstIndex { $0.matches(parameters.names[id.index]) })
        }
        let standard = OptimizerGroup(
            name: Self.defaultName, optimizer: self.standard,
            parameters: ruleOf.filter { $0.1 == nil }.map(\.0))
        let ruled = rules.enumerated().map { index, rule in
            OptimizerGroup(
                name: rule.match, optimizer: rule.optimizer,
                parameters: ruleOf.filter { $0.1 == index }.map(\.0))
        }
        return ([standard] + ruled).filter { !$0.parameters.isEmpty }
    }
}

extension Parameters {
    /// The parameters that gradients move, in order.
    var trainable: [ParameterID] {
        names.indices.map(ParameterID.init).filter(isTrainable)
    }
}
