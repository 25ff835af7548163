import Foundation
import Testing

/// Holds the layers of numbers to recorded outputs and gradients of Keras and TFRS.
@Suite("GoldenVectors of layers")
struct NumericGoldenVectors {
    @Test("Layers equal Keras's", arguments: VectorFiles.numeric)
    func layers(file: String) throws {
        try Tally(of: file) { value in
            let vector = try NumericCase(value)
            return Tally.Outcome(
                name: vector.header.name, isInformational: vector.header.isInformational,
                differences: try vector.run(),
                deliberateDifference: try vector.deliberateDifference?.rawValue)
        }.expectNoFailures()
    }
}
