import ResultsFormat

/// A page of whatever was named: of one thing alone a page of its own, of several one after the
/// other, runs beside each other.
package enum Report {
    package static func page(of inputs: [ReportInput]) -> Page {
        let runs = inputs.compactMap { input in
            if case .run(let run) = input { run } else { nil }
        }
        var pages: [Page] = []
        if runs.count == 1 { pages.append(RunReport(runs[0]).page) }
        if runs.count > 1 { pages.append(RunsReport(runs).page) }
        for input in inputs {
            switch input {
            case .run: break
            case .sweep(let sweep): pages.append(SweepReport(sweep).page)
            case .gate(let path, let json): pages.append(GateSummary(path: path, json).page)
            case .queries(let path, let figures):
                pages.append(QueriesReport(path: path, figures: figures).page)
            }
        }
        guard pages.count != 1 else { return pages[0] }
        return Page(
            title: pages.map(\.title).prefix(3).joined(separator: ", ")
                + (pages.count > 3 ? " and \(pages.count - 3) more" : ""),
            lead: Markup(),
            sections: pages.flatMap { page in
                [Page.Section(page.title, page.lead)] + page.sections
            }, footer: pages.map(\.footer).last ?? "")
    }
}
