import CLibYAML

/// The events of a text, by libyaml. It owns the parser and a copy of the text.
struct EventStream: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>
    private let source: SourceFile

    /// - Parameter source: text that ``InputText`` has checked.
    init(_ source: SourceFile) throws(YAMLError) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) != 0 else {
            parser.deallocate()
            throw YAMLError(.outOfMemory, at: .wholeFile, in: source)
        }
        text = .allocate(capacity: source.bytes.count)
        _ = text.initialize(from: source.bytes)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
        self.parser = parser
        self.source = source
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event; none may be asked for after the stream's end.
    mutating func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) != 0 else {
            throw ParserFailure(parser.pointee).error(in: source)
        }
        defer { yaml_event_delete(&event) }
        return Event(
            kind: Self.kind(event), start: Int(event.start_mark.index),
            end: Int(event.end_mark.index))
    }

    private static func kind(_ event: yaml_event_t) -> Event.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            return .documentStart
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT:
            return .streamEnd
        case YAML_ALIAS_EVENT:
            return .alias(name: string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            // By its length: an escaped NUL is part of the text.
            let value = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
            return .scalar(
                text: String(decoding: value, as: UTF8.self), style: style(scalar.style),
                Event.Properties(anchor: string(scalar.anchor), tag: string(scalar.tag)))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            return .sequenceStart(
                isBlock: sequence.style == YAML_BLOCK_SEQUENCE_STYLE,
                Event.Properties(anchor: string(sequence.anchor), tag: string(sequence.tag)))
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            return .mappingStart(
                isBlock: mapping.style == YAML_BLOCK_MAPPING_STYLE,
                Event.Properties(anchor: string(mapping.anchor), tag: string(mapping.tag)))
        case YAML_SEQUENCE_END_EVENT:
            return .sequenceEnd
        case YAML_MAPPING_END_EVENT:
            return .mappingEnd
        default:
            return .other
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> Scalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }
}
