import ResultsFormat
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
    ///
    /// Of a sweep that proposes trials these are the first ones; ``search`` has those after them.
    public let trials: [(trial: SweepTrial, spec: ExperimentSpec)]
    /// Proposes further trials, having proposed ``trials``; nil where these are all.
    public var search: SweepSearch?
    /// What the sweep itself surely did not mean.
    var sweepWarnings: [Diagnostic] = []

    /// What its specs may say, but surely did not mean: each warning once.
    public var warnings: [Diagnostic] {
        var ofTrials = TrialFindings()
        for (trial, spec) in trials { ofTrials.add(spec.warnings, of: trial) }
        var seen: Set<Diagnostic> = []
        return (base.warnings + sweepWarnings + ofTrials.diagnostics)
            .filter { seen.insert($0).inserted }.ordered
    }

    /// The same file with other specs for its base and its trials.
    public func mapSpecs(_ change: (ExperimentSpec) -> ExperimentSpec) -> ExperimentFile {
        ExperimentFile(
            path: path, base: change(base), sweep: sweep, objective: objective,
            trials: trials.map { ($0.trial, change($0.spec)) }, search: search,
            sweepWarnings: sweepWarnings)
    }

    /// The same file with another seed for its base and its trials; nil leaves theirs.
    public func settingSeed(_ seed: Int?) -> ExperimentFile {
        guard let seed else { return self }
        var file = mapSpecs { $0.settingSeed(seed) }
        file.search?.seed = seed
        return file
    }

    /// All trials there are going to be, at the most.
    public var trialLimit: Int { search?.trialLimit ?? trials.count }
}

extension ExperimentSpec {
    /// The line of a value in the spec's file, or of the nearest one around it.
    public func line(of path: String) -> Int? {
        marks.diagnostic(at: path, "")?.range.start.line
    }
}

extension JSONValue {
    /// The value as a spec file, for JSON is YAML. What is no number in JSON is a text, which no
    /// field for numbers takes.
    fileprivate var specText: String {
        (try? jsonText(.pretty)) ?? (try? withTextsForNonNumbers.jsonText(.pretty)) ?? "null"
    }

    private var withTextsForNonNumbers: JSONValue {
        switch self {
        case .number(let value) where !value.isFinite: .string("\(value)")
        case .array(let items): .array(items.map(\.withTextsForNonNumbers))
        case .object(let members): .object(members.mapValues(\.withTextsForNonNumbers))
        default: self
        }
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

    /// Reads a spec that a program made, as a file with the same content is read.
    ///
    /// ```swift
    /// let spec = try SpecReader(catalog: .builtIn).read([
    ///     "name": "small", "data": ["source": "synthetic"], "towers": towers,
    ///     "train": ["epochs": .integer(epochs)],
    /// ])
    /// ```
    ///
    /// - Parameter name: what errors call the value; they show its lines as they would stand in a
    ///   file.
    public func read(_ value: JSONValue, name: String = "the spec") throws(SpecError)
        -> ExperimentSpec
    {
        try read(text: value.specText, name: name)
    }

    /// - Parameter name: what errors call the bytes.
    public func read(bytes: [UInt8], name: String) throws(SpecError) -> ExperimentSpec {
        try parts(of: tree(bytes: bytes, name: name)).base
    }

    /// Reads a file with all trials of its sweep.
    ///
    /// - Parameters:
    ///   - name: the only trial that is wanted; nil: all are.
    ///   - proposal: what ``SweepSearch/proposal(of:)`` said of that trial.
    /// - Throws: ``SpecError`` with all that is wrong with the file or with any trial, at the line
    ///   that says it.
    public func readFile(
        path: String, trial name: String? = nil, proposal: [Double]? = nil
    ) throws(SpecError) -> ExperimentFile {
        let root = try tree(path: path)
        let (base, sweep, tree) = try parts(of: root)
        guard let sweep else {
            return ExperimentFile(
                path: path, base: base, sweep: nil, objective: nil, trials: [])
        }
        var search = proposal == nil ? SweepSearch(sweep, base: tree, reader: self) : nil
        let all: [SweepTrial]
        var specs: [(trial: SweepTrial, spec: ExperimentSpec)]
        var diagnostics: [Diagnostic] = []
        if search != nil {
            specs = try search?.next(after: [], by: nil) ?? []
            all = specs.map(\.trial)
        } else {
            var expansion = SweepExpansion(
                sweep, base: tree, scope: SpecScope(catalog: catalog),
                proposals: proposal.map { [$0] } ?? [])
            guard let trials = expansion.trials() else {
                throw SpecError(expansion.diagnostics.ordered)
            }
            all = trials
            (specs, diagnostics) = decoded(
                name.map { name in trials.filter { $0.name == name } } ?? trials)
        }
        diagnostics += SweepEffects(sweep: sweep, base: tree, trials: all)
            .diagnostics(settings: settings)
        var checks = SweepChecks(catalog: catalog, sweep: sweep, tree: root)
        let objective = checks.objective(of: specs)
        diagnostics += checks.diagnostics.errors
        guard diagnostics.isEmpty else { throw SpecError(diagnostics.ordered) }
        return ExperimentFile(
            path: path, base: base, sweep: sweep, objective: objective, trials: specs,
            search: search, sweepWarnings: checks.diagnostics.warnings)
    }

    /// The trials of one proposal: its seeds and folds.
    func trials(
        of sweep: SweepSpec, base: YAMLNode, proposal: [Double]
    ) throws(SpecError) -> [(trial: SweepTrial, spec: ExperimentSpec)] {
        var expansion = SweepExpansion(
            sweep, base: base, scope: SpecScope(catalog: catalog), proposals: [proposal])
        guard let trials = expansion.trials() else {
            throw SpecError(expansion.diagnostics.ordered)
        }
        let (specs, diagnostics) = decoded(trials)
        guard diagnostics.isEmpty else { throw SpecError(diagnostics.ordered) }
        return specs
    }

    /// The trials' specs, and what is wrong with any of them.
    private func decoded(
        _ trials: [SweepTrial]
    ) -> (specs: [(trial: SweepTrial, spec: ExperimentSpec)], diagnostics: [Diagnostic]) {
        var specs: [(trial: SweepTrial, spec: ExperimentSpec)] = []
        var findings = TrialFindings()
        for trial in trials {
            do throws(SpecError) {
                specs.append((trial, try spec(of: trial.tree)))
                findings.add([], of: trial)
            } catch {
                findings.add(error.diagnostics, of: trial)
                if findings.count >= SpecDecoder.maximumDiagnostics { break }
            }
        }
        return (specs, findings.diagnostics)
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
        var read: SweepSpec?
        if let mapping = root.mapping, let entry {
            var others = YAMLMapping()
            for other in mapping.entries where other.key.text != entry.key.text {
                others.append(other)
            }
            rest.content = .mapping(others)
            if entry.value.scalar?.value != .null {
                var decoder = SweepDecoder(catalog: catalog)
                read = decoder.decode(entry)
                diagnostics = decoder.diagnostics
            }
        }
        var isBaseRight = false
        do throws(SpecError) {
            let base = try spec(of: rest, isRun: read == nil)
            if diagnostics.isEmpty { return (base, read, rest) }
            isBaseRight = true
        } catch {
            // Without a sweep nothing joins them: the note of how many are not shown stays the last.
            if read == nil { throw error }
            diagnostics += error.diagnostics
        }
        if let read {
            diagnostics += wrongValues(of: read, base: rest, isBaseRight: isBaseRight)
        }
        var seen: Set<Diagnostic> = []
        throw SpecError(diagnostics.filter { seen.insert($0).inserted }.ordered)
    }

    /// What is wrong with any trial of a sweep that is wrong itself or has a wrong base.
    private func wrongValues(
        of sweep: SweepSpec, base: YAMLNode, isBaseRight: Bool
    ) -> [Diagnostic] {
        var probe = sweep
        // What is told to be wrong already says nothing of the rest.
        probe.grid.removeAll { $0.values.isEmpty }
        probe.exclude = []
        let isNatural = { (node: YAMLNode) in (node.plainValue.integerValue ?? -1) >= 0 }
        probe.seeds = sweep.seeds.filter(isNatural)
        probe.folds = sweep.folds.filter(isNatural)
        guard !(probe.list.isEmpty && probe.grid.isEmpty && probe.drawnAxes.isEmpty) else {
            return []
        }
        var expansion = SweepExpansion(
            probe, base: base, scope: SpecScope(catalog: catalog),
            proposals: probe.tpe.map { [$0.axes.map(\.distribution.start)] } ?? [])
        guard let trials = expansion.trials() else {
            return isBaseRight ? expansion.diagnostics : []
        }
        return decoded(trials).diagnostics
            + SweepEffects(sweep: probe, base: base, trials: trials).diagnostics(settings: [])
    }
}
