/// A step of the parser through a text. Offsets are in Unicode scalars from 0.
struct Event {
    enum Kind {
        case documentStart
        case streamEnd
        case alias(name: String)
        case scalar(text: String, style: Scalar.Style, Properties)
        case sequenceStart(isBlock: Bool, Properties)
        case mappingStart(isBlock: Bool, Properties)
        case sequenceEnd
        case mappingEnd
        /// Something that a tree has no use for.
        case other
    }

    /// What may stand before a value.
    struct Properties {
        var anchor: String?
        /// The tag with its handle expanded.
        var tag: String?
    }

    var kind: Kind
    var start: Int
    var end: Int
}
