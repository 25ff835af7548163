import Foundation
import Testing

/// Holds the preprocessing layers to recorded outputs of Keras.
@Suite(
    "GoldenVectors of preprocessing layers",
    .enabled(if: !VectorFiles.names.isEmpty, "\(VectorFiles.areAbsent)"))
struct PreprocessingGoldenVectors {
    @Test("Preprocessing equals Keras's", arguments: VectorFiles.preprocessing)
    func preprocessing(file: String) throws {
        guard let values = try VectorFiles.load(file) as? [Any] else {
            throw VectorProblem("\(file): not a list of cases")
        }
        var checked = 0
        var informational: [String] = []
        var inapplicable: [String] = []
        var failures: [String] = []
        for (index, value) in values.enumerated() {
            do {
                let vector = try PreprocessingCase(value)
                if let reason = try vector.inapplicable {
                    inapplicable.append("\(vector.name) (\(reason))")
                    continue
                }
                checked += 1
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
            "GoldenVectors: \(file): \(checked) cases checked (\(informational.count) "
                + "informational), \(inapplicable.count) not applicable, "
                + "\(failures.count) failures")
        for (title, names) in [("informational", informational), ("not applicable", inapplicable)]
        where !names.isEmpty {
            print("  \(title): \(names.joined(separator: ", "))")
        }
        for failure in failures.prefix(20) { Issue.record("\(file): \(failure)") }
        #expect(failures.isEmpty)
        #expect(checked > 0, "\(file) holds no case")
    }
}
