import Benchmarks
import CKernels
import Retrieval
import Testing

/// What is timed is right: every case against its plain version, at every level of instructions.
/// The level is one per process, so the tests run one after the other.
@Suite(.serialized) struct BenchmarkCaseTests {
    private static let levels = [TK_ISA_PLAIN, TK_ISA_AVX2, TK_ISA_AVX512]
        .filter { tk_isa_supported($0) }.map { String(cString: tk_isa_name($0)) }

    @Test(arguments: levels, BenchmarkCase.all.map(\.name))
    func agreesWithItsPlainVersion(level: String, name: String) throws {
        #expect(tk_isa_request(level) == Int32(TK_ISA_OK.rawValue))
        defer { _ = tk_isa_request("auto") }
        let test = try #require(BenchmarkCase.all.first { $0.name == name })
        try test.checkSmallShapes(rounds: test.group == .kernel ? 12 : 4)
    }

    /// A check that finds nothing proves something only if it would find an error.
    @Test func aWrongResultIsFound() {
        let wrong = Work.Outcome(found: [1, 2], expected: [1, 2.1], tolerance: 1e-3)
        #expect(!wrong.agrees)
        #expect(Work.Outcome(found: [1, .nan], expected: [1, .nan], tolerance: 0).agrees)
        #expect(!Work.Outcome(found: [1], expected: [1, 2], tolerance: 1).agrees)
    }
}
