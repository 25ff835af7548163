import Retrieval

extension SpecFindings {
    /// The results know a metric by its name.
    mutating func checkMetrics() {
        let figures = figures
        checkNames(figures.measured + figures.corpus)
        if spec.evaluate.metrics != nil { checkNames(figures.watched) }
    }

    private mutating func checkNames(_ figures: [SpecFigures.Figure]) {
        var owners: [String: String] = [:]
        var reported: Set<String> = []
        for figure in figures {
            guard let owner = owners[figure.name] else {
                owners[figure.name] = figure.path
                continue
            }
            guard reported.insert(figure.path).inserted else { continue }
            error(
                at: figure.path,
                owner == figure.path
                    ? "this metric has two values called '\(figure.name)': a k is given twice"
                    : "two metrics are called '\(figure.name)'; give one of them another 'name'")
        }
    }

    /// The figures that the spec's runs will have.
    var figures: SpecFigures { SpecFigures(spec, catalog: catalog) }
}
