import Testing

/// What was checked of one file of recorded cases.
struct Tally {
    /// A case that ran.
    struct Outcome {
        var name: String
        /// Its differences are told, and are no failures.
        var isInformational = false
        var differences: [String] = []
        var isExtreme = false
        /// Why the case was held to something else than was recorded, if it was.
        var deliberateDifference: String?
        /// Why it was not checked; nil where it was.
        var inapplicable: String?
    }

    private let file: String
    private var checked = 0
    private var extreme = 0
    private var informational: [String] = []
    private var different: [String] = []
    private var inapplicable: [String] = []
    private var failures: [String] = []

    /// Runs all cases of a file.
    init(of file: String, run: (Any) throws -> Outcome) throws {
        self.file = file
        for (index, value) in try VectorFiles.cases(file).enumerated() {
            do {
                add(try run(value))
            } catch {
                failures.append("case \(index): \(error)")
            }
        }
    }

    private mutating func add(_ outcome: Outcome) {
        let name = outcome.name
        if let reason = outcome.inapplicable {
            inapplicable.append("\(name) (\(reason))")
            return
        }
        checked += 1
        if outcome.isExtreme { extreme += 1 }
        if let why = outcome.deliberateDifference { different.append("\(name) (\(why))") }
        if outcome.isInformational {
            informational.append("\(name) (\(outcome.differences.isEmpty ? "agrees" : "differs"))")
        } else {
            failures += outcome.differences.map { "\(name): \($0)" }
        }
    }

    /// Prints what was checked, and records what fails as issues.
    func expectNoFailures() {
        print(
            "GoldenVectors: \(file): \(checked) cases checked (\(extreme) extreme, "
                + "\(informational.count) informational, \(different.count) deliberately "
                + "different), \(inapplicable.count) not applicable, \(failures.count) failures")
        for (title, names) in [
            ("informational", informational), ("deliberately different", different),
            ("not applicable", inapplicable),
        ] where !names.isEmpty {
            print("  \(title): \(names.joined(separator: ", "))")
        }
        for failure in failures.prefix(20) { Issue.record("\(file): \(failure)") }
        #expect(failures.isEmpty)
        #expect(checked > 0, "\(file) holds no case")
    }
}
