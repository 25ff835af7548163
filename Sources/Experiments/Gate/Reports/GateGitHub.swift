import ResultsFormat
import Safeguards

/// The report for GitHub Actions: annotations at the spec's line, and the job's summary.
extension GateReport {
    /// GitHub shows ten annotations of a kind for each step.
    private static let cap = 10

    /// Workflow commands, a line each: errors for what fails, warnings for what was not compared or
    /// got worse within its tolerance.
    public func gitHubAnnotations() -> String {
        let errors = cases.filter { [.regressed, .broken].contains($0.verdict) }
        let warnings = cases.filter {
            [.notComparable, .tolerated, .uncertain].contains($0.verdict)
        }
        var text = ""
        for (kind, items) in [("error", errors), ("warning", warnings)] {
            // The last place is for how many there are beyond.
            let shown = items.count > Self.cap ? Self.cap - 1 : items.count
            for item in items.prefix(shown) { text += Self.annotation(kind, item) }
            if items.count > shown {
                text += "::\(kind)::and \(items.count - shown) more; see the job's summary\n"
            }
        }
        return text
    }

    private static func annotation(_ kind: String, _ item: GateCase) -> String {
        var properties: [(String, String)] = []
        if let path = item.specPath {
            properties = [("file", path), ("line", "\(max(item.line ?? 1, 1))")]
        }
        let title = [item.place, item.metric].compactMap { $0 }.joined(separator: ": ")
        properties.append(("title", "\(item.verdictWords): \(title)"))
        let details = item.details.isEmpty ? item.verdictWords : item.details
        return WorkflowCommand(kind, properties, details).line
    }

    /// A summary in Markdown, at most some 500 lines.
    public func markdown() -> String {
        var text = "### tfrs-run check: \(summary)\n\n"
        let quiet: Set<GateVerdict> = [.identical, .unchanged, .skipped, .notJudged]
        let ordered =
            cases.filter { !quiet.contains($0.verdict) }
            + cases.filter {
                quiet.contains($0.verdict)
            }
        if let advice { text += Self.cell(advice) + "\n\n" }
        guard !ordered.isEmpty else { return text }
        text += "| verdict | experiment | metric | details |\n|---|---|---|---|\n"
        for item in ordered.prefix(500) {
            let cells = [item.verdictWords, item.place, item.metric ?? "", item.details]
            text += "| " + cells.map(Self.cell).joined(separator: " | ") + " |\n"
        }
        if ordered.count > 500 { text += "\nand \(ordered.count - 500) more\n" }
        for difference in differences.prefix(50) {
            let place = [difference.experiment, difference.configuration]
                .filter { !$0.isEmpty }.map(Self.cell).joined(separator: ", ")
            text += "\nSpec of \(place), baseline -> now:\n\n"
            for change in difference.spec.prefix(20) { text += "- \(Self.cell(change.line))\n" }
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        var result = ""
        // By scalars: what is combined with a mark is a mark still.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|", "\\", "`", "*", "_", "[", "]", "#", "~", "@", "!":
                result += "\\" + String(scalar)
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\n": result += " "
            case "&": result += "&amp;"
            case _ where VisibleText.isHarmful(scalar):
                result += "\\" + VisibleText.line(String(scalar))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
