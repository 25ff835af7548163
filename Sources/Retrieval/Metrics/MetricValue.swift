/// One named figure of a metric.
public struct MetricValue: Hashable, Sendable {
    public var name: String
    public var value: Double
    /// What the figure is; nil: as the metric's ``DescribedMetric/figure`` says.
    public var figure: FigureDescription?

    public init(name: String, value: Double, figure: FigureDescription? = nil) {
        self.name = name
        self.value = value
        self.figure = figure
    }
}
