import Foundation
import Testing

/// Holds the preprocessing layers to recorded outputs of Keras.
@Suite("GoldenVectors of preprocessing layers")
struct PreprocessingGoldenVectors {
    @Test("Preprocessing equals Keras's", arguments: VectorFiles.preprocessing)
    func preprocessing(file: String) throws {
        try Tally(of: file) { value in
            let vector = try PreprocessingCase(value)
            if let reason = try vector.inapplicable {
                return Tally.Outcome(name: vector.header.name, inapplicable: reason)
            }
            return Tally.Outcome(
                name: vector.header.name, isInformational: vector.header.isInformational,
                differences: try vector.run())
        }.expectNoFailures()
    }
}
