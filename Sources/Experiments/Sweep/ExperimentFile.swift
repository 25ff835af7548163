import Retrieval
import YAMLTree

/// A spec file: one experiment, or a sweep of them.
public struct ExperimentFile: Sendable {
    /// The path as the user gave it.
    public let path: String
    /// The spec without its sweep.
    public let base: ExperimentSpec
    public let sweep: SweepSpec?
    /// What trials are ranked by; nil without a sweep, or where no figure of theirs can be.
    let objective: SweepSpec.Objective?
    /// The trials with their specs, in the order of their names; none without a sweep.
    public let trials: [(trial: SweepTrial, spec: ExperimentSpec)]
    /// What the sweep itself surely did not mean.
    var sweepWarnings: [Diagnostic] = []

    /// What its specs may say, but surely did not mean: each warning once, for trials share most
    /// of what they say.
    public var warnings: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return (base.warnings + sweepWarnings + trials.flatMap(\.spec.warnings))
            .filter { seen.insert($0).inserted }.ordered
    }

    /// The same file with other specs for its base and its trials.
    public func mapSpecs(_ change: (ExperimentSpec) -> ExperimentSpec) -> ExperimentFile {
        ExperimentFile(
            path: path, base: change(base), sweep: sweep, objective: objective,
            trials: trials.map { ($0.trial, change($0.spec)) }, sweepWarnings: sweepWarnings)
    }
}

extension ExperimentSpec {
    /// The line of a value in the spec's file, or of the nearest one around it.
    public func line(of path: String) -> Int? {
        marks.diagnostic(at: path, "")?.range.start.line
    }
}

extension SpecReader {
    /// - Throws: ``SpecError`` with all that is wrong with the file. A sweep's spec is its base.
    public func read(path: String) throws(SpecError) -> ExperimentSpec {
        try spec(of: Self.separatingSweep(tree(path: path)).rest)
    }

    /// - Parameter name: what errors call the text; what it extends is looked for beside it.
    public func read(text: String, name: String) throws(SpecError) -> ExperimentSpec {
        try spec(of: Self.separatingSweep(tree(text: text, name: name)).rest)
    }

    /// - Parameter name: what errors call the bytes.
    public func read(bytes: [UInt8], name: String) throws(SpecError) -> ExperimentSpec {
        try spec(of: Self.separatingSweep(tree(bytes: bytes, name: name)).rest)
    }

    /// Reads a file with all trials of its sweep.
    ///
    /// - Parameter name: the only trial that is wanted; nil: all are.
    /// - Throws: ``SpecError`` with all that is wrong with the file or with any trial, at the line
    ///   that says it.
    public func readFile(
        path: String, trial name: String? = nil
    ) throws(SpecError) -> ExperimentFile {
        let root = try tree(path: path)
        let (sweep, tree) = try Self.separatingSweep(root)
        let base = try spec(of: tree, isRun: sweep == nil)
        guard let found = sweep else {
            return ExperimentFile(
                path: path, base: base, sweep: nil, objective: nil, trials: [])
        }
        var expansion = SweepExpansion(found, base: tree, scope: SpecScope(catalog: catalog))
        guard let all = expansion.trials() else { throw SpecError(expansion.diagnostics) }
        let trials = name.map { name in all.filter { $0.name == name } } ?? all
        var specs: [(trial: SweepTrial, spec: ExperimentSpec)] = []
        var diagnostics: [Diagnostic] = []
        var seen: Set<Diagnostic> = []
        for trial in trials {
            do throws(SpecError) {
                specs.append((trial, try spec(of: trial.tree)))
            } catch {
                // Trials share most of what they say, and so what is wrong with it.
                diagnostics += error.diagnostics.filter { seen.insert($0).inserted }
                if diagnostics.count >= SpecDecoder.maximumDiagnostics { break }
            }
        }
        var checks = SweepChecks(catalog: catalog, sweep: found, tree: root)
        let objective = checks.objective(of: specs)
        diagnostics += checks.diagnostics.errors
        guard diagnostics.isEmpty else { throw SpecError(diagnostics.ordered) }
        return ExperimentFile(
            path: path, base: base, sweep: found, objective: objective, trials: specs,
            sweepWarnings: checks.diagnostics.warnings)
    }

    /// Takes `sweep:` out of a spec's tree.
    static func separatingSweep(
        _ root: YAMLNode
    ) throws(SpecError) -> (sweep: SweepSpec?, rest: YAMLNode) {
        guard let mapping = root.mapping, let entry = mapping.entry("sweep") else {
            return (nil, root)
        }
        var rest = root
        var others = YAMLMapping()
        for other in mapping.entries where other.key.text != "sweep" { others.append(other) }
        rest.content = .mapping(others)
        var decoder = SweepDecoder()
        guard let sweep = decoder.decode(entry) else {
            throw SpecError(decoder.diagnostics.sorted { $0.range.start < $1.range.start })
        }
        return (sweep, rest)
    }
}
