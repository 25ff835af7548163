import Benchmarks
import Testing

/// The allocations of a training step, where the build is optimised; `scripts/bench --check`
/// counts them in one that always is.
@Suite(.enabled(if: StepAllocations.isMeaningful, "a build without optimisation allocates more"))
struct StepAllocationTests {
    @Test(arguments: StepAllocations.losses, StepOption.all)
    func areFewAndIndependentOfTheBatch(loss: String, option: StepOption) throws {
        try StepAllocations.check(loss: loss, option)
    }
}
