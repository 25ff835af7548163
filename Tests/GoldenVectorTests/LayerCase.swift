/// What every recorded case of a layer says.
struct LayerCase {
    let name: String
    let isInformational: Bool
    let layer: String
    let options: Any?
    let expected: Any?

    init(_ fields: inout Fields) throws {
        name = try fields.string("name") ?? ""
        layer = try fields.string("layer") ?? ""
        isInformational = try fields.flag("informational")
        _ = fields.take("extreme")
        _ = fields.take("note")
        options = fields.take("options")
        expected = fields.take("expected")
    }
}
