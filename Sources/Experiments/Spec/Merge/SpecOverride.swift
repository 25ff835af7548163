import ResultsFormat
import Retrieval
import YAMLTree

/// A value to put into a spec's tree at a dotted path with list positions: a `--set KEY=VALUE`, or
/// what a sweep varies.
struct SpecOverride {
    private enum Step {
        case key(YAMLKey)
        case position(Int, SourceRange)
    }

    let source: SourceFile
    private let steps: [Step]
    private let value: YAMLNode

    /// - Throws: a diagnostic that points into the argument.
    init(_ argument: String) throws(Diagnostic) {
        source = SourceFile(name: SpecReader.settingName, text: argument)
        let whole = SourceRange(
            start: .start, end: SourceMark(line: 1, column: argument.unicodeScalars.count + 1))
        guard let equals = argument.firstIndex(of: "=") else {
            throw Diagnostic(
                message: "a setting requires KEY=VALUE, such as train.epochs=10", source: source,
                range: whole)
        }
        steps = try Self.steps(argument[..<equals], source)
        let text = String(argument[argument.index(after: equals)...])
        let offset = argument[...equals].unicodeScalars.count
        do {
            value = try YAMLReader.read(text: text, name: SpecReader.settingName).moved(
                to: source, by: offset)
        } catch {
            var diagnostic = error.diagnostic
            diagnostic.source = source
            diagnostic.range = error.diagnostic.range.moved(by: offset)
            if error.kind == .emptyFile {
                diagnostic.message = "a setting requires a value; null is written 'null'"
            }
            throw diagnostic
        }
    }

    /// What a sweep says of a path; its key is blamed for every step.
    init(_ setting: SpecSetting) {
        let key = setting.key
        source = key.source
        steps = setting.path.components.map { (component: JSONPath.Component) -> Step in
            switch component {
            case .key(let name):
                .key(YAMLKey(text: name, range: key.range, source: key.source))
            case .index(let index): .position(index, key.range)
            }
        }
        value = setting.value
    }

    private static func steps(
        _ path: Substring, _ source: SourceFile
    ) throws(Diagnostic) -> [Step] {
        var steps: [Step] = []
        var column = 1
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let start = column
            column += part.unicodeScalars.count + 1
            let range = SourceRange(
                start: SourceMark(line: 1, column: start),
                end: SourceMark(line: 1, column: column - 1))
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            let positions = pieces.dropFirst().map { piece in
                piece.last == "]" ? Int(piece.dropLast()).flatMap { $0 >= 0 ? $0 : nil } : nil
            }
            guard let name = pieces.first, !name.isEmpty, !positions.contains(nil) else {
                throw Diagnostic(
                    message: "a key requires names and positions, such as metrics.factorized[0].ks",
                    source: source, range: range)
            }
            steps.append(
                .key(YAMLKey(text: String(name), range: range, source: source)))
            steps += positions.compactMap { $0 }.map { .position($0, range) }
        }
        return steps
    }

    /// Where in the spec the value goes.
    var path: JSONPath {
        JSONPath(
            steps.map { step -> JSONPath.Component in
                switch step {
                case .key(let key): .key(key.text)
                case .position(let index, _): .index(index)
                }
            })
    }

    /// Where the path is written.
    var keyRange: SourceRange {
        let ranges = steps.map { step -> SourceRange in
            switch step {
            case .key(let key): key.range
            case .position(_, let range): range
            }
        }
        guard let first = ranges.first, let last = ranges.last else { return .wholeFile }
        return SourceRange(start: first.start, end: last.end)
    }

    /// - Throws: where the value goes into a key of the user's own that nothing refers to.
    func checkReferences(in root: YAMLNode) throws(Diagnostic) {
        guard case .key(let name)? = path.components.first, ExperimentSpec.isExtension(name),
            !SpecReferences.names(in: root).contains(name)
        else { return }
        throw problem(
            "'\(name)' changes nothing: no value of the spec is ${\(name)}, and an alias has the "
                + "value that its anchor had when the file was read",
            at: keyRange)
    }

    // MARK: Applying

    /// The spec with the value in its place.
    ///
    /// - Throws: where the path leads through something that has no such place. A key that no
    ///   spec has is left to the decoder, which knows what was meant.
    func applied(to root: YAMLNode, _ scope: SpecScope) throws(Diagnostic) -> YAMLNode {
        try apply(
            steps[...], to: root, as: .object(ExperimentSpec.description), default: nil, scope)
    }

    private func apply(
        _ steps: ArraySlice<Step>, to node: YAMLNode?, as type: FieldType,
        default: FieldValue?, _ scope: SpecScope
    ) throws(Diagnostic) -> YAMLNode {
        guard let step = steps.first else {
            // A mapping is laid over what is there, as a spec over its base.
            guard let node, value.mapping != nil else { return value }
            return SpecMerger(scope: scope, lists: .replace).merge(value, over: node, as: type)
        }
        let place = place(of: step)
        let there = node ?? `default`.map { YAMLNode($0, at: place) }
        switch step {
        case .key(let key):
            let base = there ?? YAMLNode(.mapping(YAMLMapping()), range: key.range, source: source)
            guard var mapping = scope.mapping(base, type) else {
                throw problem(
                    "no key '\(key.text)' can be set here: "
                        + (base.items == nil
                            ? "there is a single value" : "this is a list; give a position, [0]"),
                    at: key.range)
            }
            let field = scope.field(key.text, in: type, of: base)
            let value = try apply(
                steps.dropFirst(), to: mapping[key.text], as: field?.type ?? .string,
                default: field?.defaultValue, scope)
            mapping.set(YAMLMapping.Entry(key: key, value: value))
            return base.with(.mapping(mapping))
        case .position(let index, let range):
            guard var items = there?.items else {
                throw problem("there is no list here to take [\(index)] of", at: range)
            }
            guard index < items.count else {
                let count = items.count == 1 ? "1 item" : "\(items.count) items"
                throw problem("there is no [\(index)]: the list has \(count)", at: range)
            }
            var element = FieldType.string
            if case .list(let type, _) = scope.core(type, of: there) { element = type }
            items[index] = try apply(
                steps.dropFirst(), to: items[index], as: element, default: nil, scope)
            return (there ?? value).with(.sequence(items))
        }
    }

    private func place(of step: Step) -> YAMLKey {
        switch step {
        case .key(let key): key
        case .position(_, let range): YAMLKey(text: "", range: range, source: source)
        }
    }

    private func problem(_ message: String, at range: SourceRange) -> Diagnostic {
        Diagnostic(message: message, source: source, range: range)
    }
}

extension SourceRange {
    /// The range when the text's first line stands further right.
    fileprivate func moved(by columns: Int) -> SourceRange {
        var copy = self
        if start.line <= 1 {
            copy.start = SourceMark(line: 1, column: max(1, start.column) + columns)
        }
        if end.line <= 1 { copy.end = SourceMark(line: 1, column: max(1, end.column) + columns) }
        return copy
    }
}

extension YAMLNode {
    /// The tree as part of another text.
    fileprivate func moved(to source: SourceFile, by columns: Int) -> YAMLNode {
        var copy = self
        copy.source = source
        copy.range = range.moved(by: columns)
        switch content {
        case .scalar: break
        case .sequence(let items):
            copy.content = .sequence(items.map { $0.moved(to: source, by: columns) })
        case .mapping(let mapping):
            var moved = YAMLMapping()
            for entry in mapping.entries {
                var key = entry.key
                key.source = source
                key.range = key.range.moved(by: columns)
                moved.append(
                    YAMLMapping.Entry(
                        key: key, value: entry.value.moved(to: source, by: columns)))
            }
            copy.content = .mapping(moved)
        }
        return copy
    }
}
