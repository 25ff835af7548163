/// The field by which a spec renames a metric.
enum MetricName {
    static func field(default name: String) -> Field<String> {
        Field("name", default: name, "What the results call the metric.")
    }

    /// For metrics whose name says their options unless they are given one.
    static let optionalField = Field<String?>(
        "name", type: .optional(.string), default: .null,
        "What the results call the metric; null: a name made of its type and options.")
}
