import Retrieval
import YAMLTree

/// A spec file: one experiment, or a sweep of them.
public struct ExperimentFile: Sendable {
    /// The path as the user gave it.
    public let path: String
    /// The spec without its sweep.
    public let base: ExperimentSpec
    /// What the file varies; nil: it is one experiment.
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
        try parts(of: tree(path: path)).base
    }

    /// - Parameter name: what errors call the text; what it extends is looked for beside it.
    public func read(text: String, name: String) throws(SpecError) -> ExperimentSpec {
        try parts(of: tree(text: text, name: name)).base
    }

    /// - Parameter name: what errors call the bytes.
    public func read(bytes: [UInt8], name: String) throws(SpecError) -> ExperimentSpec {
        try parts(of: tree(bytes: bytes, name: name)).base
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
        let (base, sweep, tree) = try parts(of: root)
        guard let sweep else {
            return ExperimentFile(
                path: path, base: base, sweep: nil, objective: nil, trials: [])
        }
        var expansion = SweepExpansion(sweep, base: tree, scope: SpecScope(catalog: catalog))
        guard let all = expansion.trials() else { throw SpecError(expansion.diagnostics) }
        let trials = name.map { name in all.filter { $0.name == name } } ?? all
        var (specs, diagnostics) = decoded(trials)
        diagnostics += SweepEffects(sweep: sweep, base: tree, trials: all)
            .diagnostics(settings: settings)
        var checks = SweepChecks(catalog: catalog, sweep: sweep, tree: root)
        let objective = checks.objective(of: specs)
        diagnostics += checks.diagnostics.errors
        guard diagnostics.isEmpty else { throw SpecError(diagnostics.ordered) }
        return ExperimentFile(
            path: path, base: base, sweep: sweep, objective: objective, trials: specs,
            sweepWarnings: checks.diagnostics.warnings)
    }

    /// The trials' specs, and what is wrong with any of them.
    private func decoded(
        _ trials: [SweepTrial]
    ) -> (specs: [(trial: SweepTrial, spec: ExperimentSpec)], diagnostics: [Diagnostic]) {
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
        return (specs, diagnostics)
    }

    /// A spec's tree in its parts: the experiment, its sweep, and the tree without the sweep.
    ///
    /// - Throws: ``SpecError`` with all that is wrong with both.
    func parts(
        of root: YAMLNode
    ) throws(SpecError) -> (base: ExperimentSpec, sweep: SweepSpec?, rest: YAMLNode) {
        let entry = root.mapping?.entry(SweepSection.field.name)
        var rest = root
        var diagnostics: [Diagnostic] = []
        var sweep: SweepSpec?
        if let mapping = root.mapping, let entry {
            var others = YAMLMapping()
            for other in mapping.entries where other.key.text != entry.key.text {
                others.append(other)
            }
            rest.content = .mapping(others)
            if entry.value.scalar?.value != .null {
                var decoder = SweepDecoder(catalog: catalog)
                sweep = decoder.decode(entry)
                diagnostics = decoder.diagnostics
            }
        }
        do throws(SpecError) {
            let base = try spec(of: rest, isRun: sweep == nil && diagnostics.isEmpty)
            guard diagnostics.isEmpty else { throw SpecError(diagnostics.ordered) }
            return (base, sweep, rest)
        } catch {
            guard !diagnostics.isEmpty, error.diagnostics != diagnostics.ordered else {
                throw error
            }
            throw SpecError((diagnostics + error.diagnostics).ordered)
        }
    }
}
