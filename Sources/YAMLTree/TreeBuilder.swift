/// Builds the tree of a text from its events, and refuses what would make it unreasonably large.
///
/// Open collections stand on a stack of its own, so that nesting costs no call stack.
struct TreeBuilder: ~Copyable {
    private struct Frame {
        let range: SourceRange
        let isBlock: Bool
        let anchor: String?
        let serial: Int
        var size = 1
        var height = 1
        var items: [YAMLNode] = []
        /// Nil for a sequence.
        var draft: MappingDraft?
    }

    private let source: SourceFile
    private let limits: YAMLReader.Limits
    private var frames: [Frame] = []
    private var anchors = AnchorTable()
    private var hasDocument = false
    private var root: YAMLNode?
    /// Nodes so far, aliases expanded.
    private var size = 0
    private var serial = 0
    /// What is looked at, where an error would point.
    private var place = SourceRange(at: .start)

    init(_ source: SourceFile, limits: YAMLReader.Limits) {
        self.source = source
        self.limits = limits
    }

    /// The only document's value.
    consuming func build() throws(YAMLError) -> YAMLNode {
        var events = try EventStream(source)
        while true {
            let event = try events.next()
            if case .streamEnd = event.kind { break }
            let range = source.range(fromScalar: event.start, to: event.end)
            place = range
            do {
                try take(event.kind, range)
            } catch {
                throw YAMLError(error, at: place, in: source)
            }
        }
        guard let root else {
            let isBlank = source.bytes.allSatisfy { $0 <= 0x20 }
            throw YAMLError(
                isBlank ? .emptyFile : .noContent, at: SourceRange(at: .start), in: source)
        }
        return root
    }

    private mutating func take(
        _ event: Event.Kind, _ range: SourceRange
    ) throws(YAMLError.Kind) {
        serial += 1
        switch event {
        case .documentStart:
            guard !hasDocument else { throw .severalDocuments }
            hasDocument = true
        case .scalar(let text, let style, let properties):
            try takeScalar(text, style, properties, range)
        case .alias(let name):
            try takeAlias(name, range)
        case .sequenceStart(let isBlock, let properties):
            try open(nil, fitting: .sequence, isBlock: isBlock, properties, range)
        case .mappingStart(let isBlock, let properties):
            try open(MappingDraft(), fitting: .mapping, isBlock: isBlock, properties, range)
        case .sequenceEnd, .mappingEnd:
            try close(range)
        case .streamEnd, .other:
            break
        }
    }

    // MARK: Leaves

    private mutating func takeScalar(
        _ text: String, _ style: Scalar.Style, _ properties: Event.Properties, _ range: SourceRange
    ) throws(YAMLError.Kind) {
        let value: ScalarValue
        if let written = properties.tag {
            let tag = try Self.tag(written)
            guard let resolved = tag.resolve(text) else {
                throw .tagMismatch(tag: Tag.written(written), text: text)
            }
            value = resolved
        } else {
            value = style == .plain ? CoreSchema.resolve(text) : .string(text)
        }
        let scalar = Scalar(text: text, style: style, value: value)
        let subtree = Subtree(scalar: YAMLNode(.scalar(scalar), range: range, source: source))
        anchors.define(properties.anchor, subtree)
        if expectsKey {
            let isMerge = text == "<<" && style == .plain && properties.tag == nil
            try addKey(text, range, isMerge: isMerge)
        } else if frames.isEmpty, text.isEmpty, style == .plain, properties.tag == nil {
            // What libyaml makes of a document without content.
            return
        } else {
            try add(subtree)
        }
    }

    private mutating func takeAlias(
        _ name: String, _ range: SourceRange
    ) throws(YAMLError.Kind) {
        var subtree = try anchors.resolve(name)
        if expectsKey {
            guard let scalar = subtree.node.scalar else { throw .keyIsCollection }
            return try addKey(scalar.text, range, isMerge: false)
        }
        guard frames.count + subtree.height <= limits.maximumDepth else {
            throw .tooDeep(maximumDepth: limits.maximumDepth)
        }
        subtree.node.aliasRange = range
        try add(subtree)
    }

    // MARK: Collections

    private mutating func open(
        _ draft: MappingDraft?, fitting required: Tag, isBlock: Bool,
        _ properties: Event.Properties, _ range: SourceRange
    ) throws(YAMLError.Kind) {
        guard !expectsKey else { throw .keyIsCollection }
        if let written = properties.tag {
            let tag = try Self.tag(written)
            guard tag == required || tag == .nonSpecific else {
                throw .tagMismatch(tag: Tag.written(written), text: nil)
            }
        }
        guard frames.count < limits.maximumDepth else {
            throw .tooDeep(maximumDepth: limits.maximumDepth)
        }
        try count(1)
        anchors.open(properties.anchor, serial: serial)
        frames.append(
            Frame(
                range: range, isBlock: isBlock, anchor: properties.anchor, serial: serial,
                draft: draft))
    }

    private mutating func close(_ range: SourceRange) throws(YAMLError.Kind) {
        guard let frame = frames.popLast() else { return }
        // The end of a block is noticed only where something else begins.
        let end = frame.isBlock ? frame.range.start : range.end
        let content: YAMLNode.Content =
            if let draft = frame.draft {
                .mapping(draft.finished())
            } else {
                .sequence(frame.items)
            }
        let node = YAMLNode(
            content, range: SourceRange(start: frame.range.start, end: end), source: source)
        let subtree = Subtree(node, size: frame.size, height: frame.height)
        anchors.close(frame.anchor, serial: frame.serial, subtree)
        place = node.range
        // Its nodes were counted as they came.
        try attach(subtree)
    }

    // MARK: Putting things together

    /// Whether what comes next is the key of a mapping.
    private var expectsKey: Bool { frames.last?.draft?.expectsKey ?? false }

    private mutating func addKey(
        _ text: String, _ range: SourceRange, isMerge: Bool
    ) throws(YAMLError.Kind) {
        let key = YAMLKey(text: text, range: range, source: source)
        try frames[frames.count - 1].draft?.add(key: MappingDraft.Key(key: key, isMerge: isMerge))
    }

    /// Adds a leaf or what an alias stands for.
    private mutating func add(_ subtree: Subtree) throws(YAMLError.Kind) {
        try count(subtree.size)
        try attach(subtree)
    }

    private mutating func attach(_ subtree: Subtree) throws(YAMLError.Kind) {
        guard !frames.isEmpty else {
            root = subtree.node
            return
        }
        let last = frames.count - 1
        frames[last].size += subtree.size
        frames[last].height = max(frames[last].height, subtree.height + 1)
        if frames[last].draft == nil {
            frames[last].items.append(subtree.node)
        } else {
            try frames[last].draft?.add(value: subtree.node)
        }
    }

    private mutating func count(_ nodes: Int) throws(YAMLError.Kind) {
        size += nodes
        guard size <= limits.maximumNodes else {
            throw .tooManyNodes(maximumNodes: limits.maximumNodes)
        }
    }

    private static func tag(_ written: String) throws(YAMLError.Kind) -> Tag {
        guard let tag = Tag(written) else { throw .unknownTag(Tag.written(written)) }
        return tag
    }
}
