import ResultsFormat
import Safeguards

/// The report as people read it on a terminal.
extension GateReport {
    /// - Parameter isVerbose: whether identical and unchanged metrics have lines of their own.
    public func table(isVerbose: Bool = false) -> String {
        let quiet: Set<GateVerdict> = [.identical, .unchanged, .skipped]
        let shown = cases.filter {
            $0.verdict != .notJudged && (isVerbose || !quiet.contains($0.verdict))
        }
        let rows = shown.map {
            [$0.verdictWords.uppercased(), $0.place, $0.metric ?? "", $0.details]
                .map(VisibleText.line)
        }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            for column in 0..<3 where widths[column] > 0 {
                text += row[column].padding(to: widths[column]) + "  "
            }
            text += row[3] + "\n"
        }
        for difference in differences {
            let place =
                difference.configuration.isEmpty
                ? difference.experiment : "\(difference.experiment) [\(difference.configuration)]"
            text += "spec of \(VisibleText.line(place)) differs from the baseline's:\n"
            for change in difference.spec.prefix(20) { text += "  \(change.line)\n" }
            if difference.spec.count > 20 { text += "  and \(difference.spec.count - 20) more\n" }
        }
        return text + notJudged.map { $0 + "\n" }.joined() + summary + "\n"
            + (advice.map { $0 + "\n" } ?? "")
    }

    /// The figures that were not judged, a line for each experiment and reason.
    private var notJudged: [String] {
        var lines: [(place: String, reason: String, names: [String])] = []
        var lineOf: [[String]: Int] = [:]
        var seen: Set<[String]> = []
        for item in cases where item.verdict == .notJudged {
            let key = [item.experiment, item.reason]
            let name = item.metric ?? "all figures"
            guard seen.insert(key + [name]).inserted else { continue }
            if let line = lineOf[key] {
                lines[line].names.append(name)
            } else {
                lineOf[key] = lines.count
                lines.append((item.experiment, item.reason, [name]))
            }
        }
        return lines.map { line in
            "not judged in \(line.place): \(line.names.joined(separator: ", ")) (\(line.reason))"
        }
    }

    /// `REGRESSION: 1 regressed, 11 unchanged`.
    public var summary: String {
        let counts = GateVerdict.allCases.reversed().compactMap { verdict -> String? in
            let count = count(of: verdict)
            return count == 0
                ? nil : "\(count) \(verdict.rawValue.replacing("_", with: " "))"
        }
        let head = outcome.rawValue.replacing("_", with: " ").uppercased()
        return "\(head): "
            + (counts.isEmpty ? "nothing was evaluated" : counts.joined(separator: ", "))
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
