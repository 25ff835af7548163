import Platform
import ResultsFormat

/// Numbers and names of a report as people read them.
enum GateText {
    /// Four significant digits.
    static func number(_ value: Double) -> String {
        value.significant(4)
    }

    static func percent(_ value: Double) -> String {
        (value.sign == .minus ? "" : "+") + (value * 100).fixed(2) + "%"
    }

    static func pValue(_ value: Double) -> String {
        value < 0.0001 ? "<0.0001" : value.fixed(4)
    }
}

extension GateCase {
    /// `experiment [configuration]`.
    var place: String {
        configuration.isEmpty ? experiment : "\(experiment) [\(configuration)]"
    }

    /// All numbers of the case in a sentence.
    var details: String {
        var parts: [String] = []
        if let baseline, let candidate {
            var text = "\(GateText.number(baseline)) -> \(GateText.number(candidate))"
            if let change = relativeChange { text += " (\(GateText.percent(change)))" }
            parts.append(text)
        }
        if let allowance, verdict != .identical {
            parts.append("\(GateText.number(allowance)) allowed")
        }
        if let pValue { parts.append("p = \(GateText.pValue(pValue))") }
        if let interval = test?.interval {
            parts.append(
                "difference \(GateText.number(interval.lowerBound)) to "
                    + GateText.number(interval.upperBound))
        }
        if runs > 1 { parts.append("\(runs) runs") }
        if !reason.isEmpty { parts.append(reason) }
        return parts.joined(separator: ", ")
    }

    var verdictWords: String { verdict.rawValue.replacing("_", with: " ") }
}
