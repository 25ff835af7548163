import Retrieval
import YAMLTree

/// What rules across the fields of a spec find: errors, and warnings of what is legal but surely
/// not meant. No rule touches data; what takes data to know is the planner's to say.
struct SpecFindings {
    let spec: ExperimentSpec
    let catalog: Catalog
    private(set) var diagnostics: [Diagnostic] = []

    /// All findings, in the order of the file.
    static func of(_ spec: ExperimentSpec, catalog: Catalog) -> [Diagnostic] {
        var findings = SpecFindings(spec: spec, catalog: catalog)
        findings.checkComponents()
        // The other rules look into components that can be made.
        guard findings.diagnostics.errors.isEmpty else {
            return findings.diagnostics.errors.ordered
        }
        findings.checkData()
        findings.checkTowers()
        findings.checkTask()
        findings.checkTraining()
        findings.checkEarlyStopping()
        findings.checkMetrics()
        findings.checkEvaluation()
        findings.checkGate()
        return findings.diagnostics.ordered
    }

    init(spec: ExperimentSpec, catalog: Catalog) {
        self.spec = spec
        self.catalog = catalog
    }

    /// A component, if the catalogue has it: one of few components may lack what is a default.
    func made<Product>(_ choice: ComponentChoice, in registry: Registry<Product>) -> Product? {
        registry[choice.name] == nil ? nil : try? catalog.make(registry.kind, choice)
    }

    mutating func error(at path: String, _ message: String) {
        diagnostics += [spec.marks.diagnostic(.error, at: path, message)].compactMap { $0 }
    }

    mutating func warn(at path: String, _ message: String) {
        diagnostics += [spec.marks.diagnostic(.warning, at: path, message)].compactMap { $0 }
    }

    /// Whether the spec says anything at the path of a section's field that its default does not
    /// say: a spec with every default spelt out, as `plan` prints it, means what it meant without.
    func isWritten(_ path: String) -> Bool {
        guard spec.marks.isWritten(path) else { return false }
        var type = FieldType.object(ExperimentSpec.description)
        var value = FieldValue.object(spec.resolved)
        var defaultValue: FieldValue?
        for name in path.split(separator: ".") {
            guard case .object(let object) = type, case .object(let values) = value,
                let field = object.fields.first(where: { $0.name == name })
            else { return true }
            type = field.type
            value = values[field.name] ?? .null
            defaultValue = field.defaultValue
        }
        return value != defaultValue.map { catalog.resolving($0, as: type) }
    }
}

extension [Diagnostic] {
    /// Compiler style: each with its line and a caret.
    public var rendered: String { rendered(width: nil) }

    /// - Parameter width: of the terminal; nil where there is none.
    public func rendered(width: Int?) -> String {
        map { $0.rendered(width: width) }.joined()
    }

    var errors: [Diagnostic] { filter { $0.severity == .error } }
    var warnings: [Diagnostic] { filter { $0.severity == .warning } }

    /// File by file, as they were come to, and by place in each. What is said of several paths that
    /// get their value at one place, as by `${x-name}`, is said once.
    var ordered: [Diagnostic] {
        var files: [SourceFile] = []
        for diagnostic in self where !files.contains(diagnostic.source) {
            files.append(diagnostic.source)
        }
        var said: Set<Diagnostic> = []
        return files.flatMap { file in
            filter { $0.source == file }.enumerated().sorted {
                ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
            }.map(\.element)
        }.filter { diagnostic in
            var placed = diagnostic
            placed.path = nil
            return said.insert(placed).inserted
        }
    }
}
