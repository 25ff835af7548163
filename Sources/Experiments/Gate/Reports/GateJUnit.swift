import Platform
import ResultsFormat
import Safeguards

/// The report as JUnit XML, which every CI reads: a suite for each experiment, a case for each
/// metric of each configuration. A regression is a failure, a broken run an error; what was not
/// compared is skipped. It has all that the schema of Ant's JUnit task requires and nothing that
/// it or Jenkins's refuses: `Schemas/junit.xsd`.
extension GateReport {
    /// - Parameter date: when the check was made.
    public func junit(date: Date = Date()) -> String {
        var suites: OrderedMap<[GateCase]> = [:]
        for item in cases { suites.update(item.experiment, default: []) { $0.append(item) } }
        let stamp = date.ISO8601Format().prefix { $0 != "Z" }
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<testsuites>\n"
        for (id, suite) in suites.enumerated() {
            let (name, own) = (suite.key, suite.value)
            text += "  <testsuite id=\"\(id)\" package=\"tfrs-run\" name=\"\(Self.escaped(name))\""
            text += " timestamp=\"\(stamp)\" hostname=\"localhost\" time=\"0\""
            text += Self.counts(own) + ">\n    <properties/>\n"
            for item in own { text += Self.testCase(item) }
            text += "    <system-out>\(Self.lines(own))</system-out>\n    <system-err/>\n"
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func counts(_ cases: [GateCase]) -> String {
        let counts: [(String, Int)] = [
            ("tests", cases.count), ("failures", cases.count { $0.junitOutcome == .failure }),
            ("errors", cases.count { $0.junitOutcome == .error }),
            ("skipped", cases.count { $0.junitOutcome == .skipped }),
        ]
        return counts.map { " \($0)=\"\($1)\"" }.joined()
    }

    private static func testCase(_ item: GateCase) -> String {
        var text = "    <testcase classname=\"\(escaped(item.place))\""
        text += " name=\"\(escaped(item.metric ?? "runs"))\" time=\"0\""
        let message = escaped("\(item.verdictWords): \(item.details)")
        let type = item.verdict.rawValue
        switch item.junitOutcome {
        case .passed: return text + "/>\n"
        case .skipped: text += ">\n      <skipped message=\"\(message)\"/>\n"
        case .failure: text += ">\n      <failure type=\"\(type)\" message=\"\(message)\"/>\n"
        case .error: text += ">\n      <error type=\"\(type)\" message=\"\(message)\"/>\n"
        }
        return text + "    </testcase>\n"
    }

    /// What was found of each case, passed ones among them.
    private static func lines(_ cases: [GateCase]) -> String {
        cases.map { item in
            let name = [item.place, item.metric].compactMap { $0 }.joined(separator: " ")
            return escaped("\(item.verdictWords): \(name) \(item.details)") + "\n"
        }.joined()
    }

    /// Text for an attribute or an element. Characters that XML 1.0 has no way to write, or
    /// that act on a terminal, become U+FFFD.
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
            case _ where VisibleText.isHarmful(scalar): result.append("\u{FFFD}")
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
        case .notComparable, .skipped, .notJudged: .skipped
        case .identical, .unchanged, .tolerated, .uncertain, .improved: .passed
        }
    }
}
