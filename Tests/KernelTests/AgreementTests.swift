import CKernels
import Testing

extension Kernels {
    /// The same bits on every machine that fuses multiply-adds.
    struct AgreementTests {
        @Test func fusedLevelsAgree() {
            for kernel in KernelCase.all {
                let results = Level.fused.map { level in level.run { bits(kernel.run()) } }
                #expect(Set(results).count <= 1, "\(kernel.name)")
            }
        }

        /// A change of these is a change of every result that was ever recorded.
        @Test(.enabled(if: !Level.fused.isEmpty)) func fusedResultsAreTheRecordedOnes() throws {
            let level = try #require(Level.fused.last)
            for kernel in KernelCase.all {
                let found = String(digest(level.run { bits(kernel.run()) }), radix: 16)
                #expect(found == recordedDigests[kernel.name], "\"\(kernel.name)\": \"\(found)\",")
            }
        }

        @Test func thePlainLevelRepeatsItself() {
            for kernel in KernelCase.all {
                let results = Level.supported[0].run { (bits(kernel.run()), bits(kernel.run())) }
                #expect(results.0 == results.1, "\(kernel.name)")
            }
        }
    }
}
