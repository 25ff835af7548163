/// What a figure of the results is: which way it is better, between which values it lies, and what
/// it means. A figure carries it from the metric that makes it to the results, the gate, early
/// stopping and the ranking of a sweep; nothing reads a figure's name.
public struct FigureDescription: Hashable, Sendable {
    /// Which way a figure is better.
    public enum Better: String, Hashable, Sendable, CaseIterable {
        /// Larger is better.
        case higher
        /// Smaller is better.
        case lower
        /// Neither by itself: it is there to be looked at.
        case neither
    }

    /// What makes the figure, as a spec names it: `ndcg`. Empty where its maker has no such name.
    public var component: String
    /// Nil where the figure's maker does not say: nothing then judges the figure.
    public var better: Better?
    /// The values that the figure can have, infinite ends for those that have none; nil where the
    /// figure's maker does not say.
    public var range: ClosedRange<Double>?
    /// What the figure counts, such as `bits`; nil for a number without a unit.
    public var unit: String?
    /// How many of the best candidates count; nil for a figure without a cut-off.
    public var cutoff: Int?
    /// The formula and its conventions, in words.
    public var definition: String

    public init(
        component: String = "", better: Better? = nil, range: ClosedRange<Double>? = nil,
        unit: String? = nil, cutoff: Int? = nil, definition: String = ""
    ) {
        self.component = component
        self.better = better
        self.range = range
        self.unit = unit
        self.cutoff = cutoff
        self.definition = definition
    }

    /// A figure between 0 and 1 that is better the higher it is.
    public static func share(_ definition: String) -> FigureDescription {
        FigureDescription(better: .higher, range: 0...1, definition: definition)
    }

    /// A loss or a penalty: better the lower it is, of any size.
    public static func loss(_ definition: String) -> FigureDescription {
        FigureDescription(better: .lower, range: .unbounded, definition: definition)
    }

    /// Whether a value can be the figure's; any number can where its maker does not say.
    public func allows(_ value: Double) -> Bool {
        !value.isNaN && (range ?? .unbounded).contains(value)
    }
}

extension ClosedRange<Double> {
    /// All numbers.
    public static var unbounded: Self { -.infinity...(.infinity) }
    /// All numbers from a least one.
    public static func from(_ least: Double) -> Self { least...(.infinity) }
}

/// A metric that says what its values are.
///
/// Both members have defaults: the values of a metric without them can be looked at, and nothing
/// judges them, because nobody said which way they are better.
public protocol DescribedMetric: Sendable {
    /// What each of the metric's values is, but for its cut-off.
    var figure: FigureDescription { get }

    /// The cut-offs of the values, in the values' order; empty for values without one.
    var cutoffs: [Int] { get }
}

extension DescribedMetric {
    public var figure: FigureDescription { FigureDescription() }
    public var cutoffs: [Int] { [] }

    /// The values with what the metric says of them, where they do not say it themselves.
    func describing(_ values: [MetricValue]) -> [MetricValue] {
        var figure = figure
        if figure.component.isEmpty, let component = Self.self as? any CatalogComponent.Type {
            figure.component = component.name
        }
        let cutoffs = cutoffs
        return values.enumerated().map { index, value in
            var value = value
            if value.figure == nil {
                value.figure = figure
                if cutoffs.indices.contains(index) { value.figure?.cutoff = cutoffs[index] }
            }
            return value
        }
    }
}

extension CatalogComponent {
    fileprivate static var name: String { entry.description.name }
}
