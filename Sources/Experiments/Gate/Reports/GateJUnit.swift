/// The report as JUnit XML, which every CI reads: a suite for each experiment, a case for each
/// metric of each configuration. A regression is a failure, a broken run an error; what was not
/// compared is skipped.
extension GateReport {
    public func junit() -> String {
        var names: [String] = []
        for item in cases where !names.contains(item.experiment) { names.append(item.experiment) }
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        text += "<testsuites name=\"tfrs-run check\" \(Self.counts(cases))>\n"
        for name in names {
            let own = cases.filter { $0.experiment == name }
            text += "  <testsuite name=\"\(Self.escaped(name))\" \(Self.counts(own))"
            text += " skipped=\"\(own.count { $0.junitOutcome == .skipped })\">\n"
            for item in own { text += Self.testCase(item) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func counts(_ cases: [GateCase]) -> String {
        let failures = cases.count { $0.junitOutcome == .failure }
        let errors = cases.count { $0.junitOutcome == .error }
        return "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
    }

    private static func testCase(_ item: GateCase) -> String {
        let className = item.place
        var text = "    <testcase classname=\"\(escaped(className))\""
        text += " name=\"\(escaped(item.metric ?? "runs"))\""
        let message = escaped("\(item.verdictWords): \(item.details)")
        switch item.junitOutcome {
        case .passed:
            return text + ">\n      <system-out>\(message)</system-out>\n    </testcase>\n"
        case .skipped:
            return text + ">\n      <skipped message=\"\(message)\"/>\n    </testcase>\n"
        case .failure, .error:
            let kind = item.junitOutcome == .failure ? "failure" : "error"
            text += ">\n      <\(kind) type=\"\(item.verdict.rawValue)\" message=\"\(message)\"/>\n"
            return text + "    </testcase>\n"
        }
    }

    /// Text for an attribute or an element. Characters that XML 1.0 has no way to write become
    /// U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\n": result.append(contentsOf: "&#10;".unicodeScalars)
            case "\t": result.append(contentsOf: "&#9;".unicodeScalars)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

extension GateCase {
    enum JUnitOutcome {
        case passed
        case failure
        case error
        case skipped
    }

    var junitOutcome: JUnitOutcome {
        switch verdict {
        case .regressed: .failure
        case .broken: .error
        case .notComparable, .skipped: .skipped
        case .identical, .unchanged, .tolerated, .uncertain, .improved: .passed
        }
    }
}
