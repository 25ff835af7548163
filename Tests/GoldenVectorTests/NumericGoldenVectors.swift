import Foundation
import Testing

/// Holds the layers of numbers to recorded outputs and gradients of Keras and TFRS.
@Suite(
    "GoldenVectors of layers",
    .enabled(if: !VectorFiles.names.isEmpty, "\(VectorFiles.areAbsent)"))
struct NumericGoldenVectors {
    @Test("Layers equal Keras's", arguments: VectorFiles.numeric)
    func layers(file: String) throws {
        guard let values = try VectorFiles.load(file) as? [Any] else {
            throw VectorProblem("\(file): not a list of cases")
        }
        var informational: [String] = []
        var different: [String] = []
        var failures: [String] = []
        for (index, value) in values.enumerated() {
            do {
                let vector = try NumericCase(value)
                if let difference = try vector.deliberateDifference {
                    different.append("\(vector.name) (\(difference.rawValue))")
                }
                let differences = try vector.run()
                if vector.isInformational {
                    let outcome = differences.isEmpty ? "agrees" : "differs"
                    informational.append("\(vector.name) (\(outcome))")
                } else {
                    failures += differences.map { "\(vector.name): \($0)" }
                }
            } catch {
                failures.append("case \(index): \(error)")
            }
        }
        print(
            "GoldenVectors: \(file): \(values.count) cases checked (\(informational.count) "
                + "informational, \(different.count) deliberately different), "
                + "\(failures.count) failures")
        for (title, names) in [
            ("informational", informational), ("deliberately different", different),
        ] where !names.isEmpty {
            print("  \(title): \(names.joined(separator: ", "))")
        }
        for failure in failures.prefix(20) { Issue.record("\(file): \(failure)") }
        #expect(failures.isEmpty)
        #expect(!values.isEmpty, "\(file) holds no case")
    }
}
