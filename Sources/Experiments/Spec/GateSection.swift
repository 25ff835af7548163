import ResultsFormat
import Retrieval

/// `gate:` what `tfrs-run check` holds against a baseline. It says nothing about what is computed,
/// so it stands outside the hashes of the spec and of the results.
enum GateSection {
    static let significanceField = Field<Double>(
        "significance", default: GateRules().significance,
        Bounds(lower: .exclusive(0), upper: .exclusive(0.5)),
        """
        The share of checks that may fail although nothing got worse, over all metrics and \
        configurations together.
        """)
    static let partField = Field<String>(
        "on", type: .choice(["test", "validation"]), default: .string("test"),
        "The part of the data whose metrics count.")
    static let metricsField = Field<[FieldValues]?>(
        "metrics", type: .optional(.list(.object(rule), count: .atLeast(1))), default: .null,
        "The rules; null: the default one for every metric that says which way it is better.")
    static let timeRatioField = Field<Double?>(
        "time_ratio", optional: .greaterThan(0),
        "How many times the seconds of --reference, a run of the same job, are allowed; null: any.")
    static let memoryRatioField = Field<Double?>(
        "memory_ratio", optional: .greaterThan(0),
        "The same for the peak of memory.")

    static let nameField = Field(
        "name", required: String.self,
        "The metric by its name in the results; loss for the mean loss per example.")
    static let directionField = Field<String?>(
        "direction", type: .optional(.choice(MetricDirection.allCases.map(\.rawValue))),
        default: .null, "Which way the metric is better; null: as the metric says.")
    static let absoluteToleranceField = Field<Double>(
        "absolute_tolerance", default: 0, .atLeast(0),
        """
        How much worse the mean may be, the larger of this and relative_tolerance; what equals it \
        passes, and a 10^12th of the numbers is rounding.
        """)
    static let relativeToleranceField = Field<Double>(
        "relative_tolerance", default: MetricRule.defaultRelativeTolerance, .atLeast(0),
        "The same as a share of the baseline's value; of a baseline of 0, nothing.")
    static let floorField = Field<Double?>(
        "floor", optional: .any, "A mean below it fails, whatever the baseline; null: none.")
    static let ceilingField = Field<Double?>(
        "ceiling", optional: .any, "A mean above it fails, whatever the baseline; null: none.")
    static let requiredField = Field<Bool>(
        "required", default: true,
        "Whether results without the metric are not comparable, rather than pass without it.")

    static let rule = ObjectDescription(
        name: "gate rule",
        fields: [
            nameField.description, directionField.description, absoluteToleranceField.description,
            relativeToleranceField.description, floorField.description,
            ceilingField.description, requiredField.description,
        ])

    static let description = ObjectDescription(
        name: "gate",
        fields: [
            significanceField.description, partField.description, metricsField.description,
            timeRatioField.description, memoryRatioField.description,
        ])
}
