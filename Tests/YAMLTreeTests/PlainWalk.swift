import CLibYAML
import YAMLTree

/// A YAML document straight from libyaml's events, by a walk that shares nothing with the reader:
/// recursive, without limits, without checks.
indirect enum PlainNode {
    case scalar(text: String, isPlain: Bool, tag: String?, at: String)
    case sequence([PlainNode], at: String)
    case mapping([(key: PlainNode, value: PlainNode)], at: String)
}

/// Where a document of a stream begins, `LINE:COLUMN`, and what it holds.
struct PlainDocument {
    var start: String
    var root: PlainNode
}

/// Walks the events of a text.
struct PlainWalk {
    private var events: [yaml_event_t] = []
    private var next = 0
    private var anchors: [String: PlainNode] = [:]

    /// The documents of a text, or the place of libyaml's complaint, `LINE:COLUMN`.
    static func documents(_ bytes: [UInt8]) -> (documents: [PlainDocument], problem: String?) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) != 0 else { return ([], "no memory") }
        defer { yaml_parser_delete(&parser) }
        return bytes.withUnsafeBufferPointer { bytes in
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            var walk = PlainWalk()
            defer { for index in walk.events.indices { yaml_event_delete(&walk.events[index]) } }
            while true {
                var event = yaml_event_t()
                guard yaml_parser_parse(&parser, &event) != 0 else {
                    return ([], place(parser.problem_mark))
                }
                walk.events.append(event)
                if event.type == YAML_STREAM_END_EVENT { break }
            }
            return (walk.documents(), nil)
        }
    }

    private static func place(_ mark: yaml_mark_t) -> String {
        "\(mark.line + 1):\(mark.column + 1)"
    }

    private mutating func documents() -> [PlainDocument] {
        var documents: [PlainDocument] = []
        while next < events.count {
            let event = take()
            guard event.type == YAML_DOCUMENT_START_EVENT else { continue }
            anchors = [:]
            documents.append(PlainDocument(start: Self.place(event.start_mark), root: node()))
        }
        return documents
    }

    private mutating func take() -> yaml_event_t {
        defer { next += 1 }
        return events[next]
    }

    private mutating func node() -> PlainNode {
        let event = take()
        let place = Self.place(event.start_mark)
        switch event.type {
        case YAML_ALIAS_EVENT:
            return anchors[Self.string(event.data.alias.anchor) ?? ""]
                ?? .scalar(text: "no such anchor", isPlain: false, tag: nil, at: place)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
            return anchored(
                .scalar(
                    text: String(decoding: bytes, as: UTF8.self),
                    isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                    tag: Self.string(scalar.tag), at: place), scalar.anchor)
        case YAML_SEQUENCE_START_EVENT:
            var items: [PlainNode] = []
            while events[next].type != YAML_SEQUENCE_END_EVENT { items.append(node()) }
            next += 1
            return anchored(.sequence(items, at: place), event.data.sequence_start.anchor)
        default:
            var members: [(key: PlainNode, value: PlainNode)] = []
            while events[next].type != YAML_MAPPING_END_EVENT { members.append((node(), node())) }
            next += 1
            return anchored(
                .mapping(Self.merged(members), at: place), event.data.mapping_start.anchor)
        }
    }

    private mutating func anchored(
        _ node: PlainNode, _ anchor: UnsafeMutablePointer<yaml_char_t>?
    ) -> PlainNode {
        if let name = Self.string(anchor) { anchors[name] = node }
        return node
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    /// Members with what `<<` merges behind them, the first of a name before the others.
    private static func merged(
        _ members: [(key: PlainNode, value: PlainNode)]
    ) -> [(key: PlainNode, value: PlainNode)] {
        var own: [(key: PlainNode, value: PlainNode)] = []
        var below: [(key: PlainNode, value: PlainNode)] = []
        for member in members {
            guard case .scalar("<<", true, nil, _) = member.key else {
                own.append(member)
                continue
            }
            switch member.value {
            case .mapping(let merged, _): below += merged
            case .sequence(let items, _):
                for case .mapping(let merged, _) in items { below += merged }
            case .scalar: break
            }
        }
        for member in below where !own.contains(where: { $0.key.text == member.key.text }) {
            own.append(member)
        }
        return own
    }
}

extension PlainNode {
    /// The text of a scalar.
    var text: String {
        if case .scalar(let text, _, _, _) = self { text } else { "" }
    }

    /// A line for every value and key in order: what it is and where it begins.
    var lines: [String] {
        switch self {
        case .scalar(let text, let isPlain, _, let place):
            ["\(place) \(isPlain ? "plain" : "quoted") \(text)"]
        case .sequence(let items, let place):
            ["\(place) sequence of \(items.count)"] + items.flatMap(\.lines)
        case .mapping(let members, let place):
            ["\(place) mapping of \(members.count)"]
                + members.flatMap { member in ["key \(member.key.text)"] + member.value.lines }
        }
    }
}
