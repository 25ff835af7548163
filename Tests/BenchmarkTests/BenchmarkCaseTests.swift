import Benchmarks
import Retrieval
import Testing

/// What is timed is right: every case against its plain version. At which level of instructions is
/// left alone, for it is one per process and other tests run beside these;
/// `TFRS_ISA=plain scripts/bench --check` checks another one.
struct BenchmarkCaseTests {
    @Test(arguments: BenchmarkCase.all.map(\.name))
    func agreesWithItsPlainVersion(name: String) throws {
        let test = try #require(BenchmarkCase.all.first { $0.name == name })
        try test.checkSmallShapes(rounds: test.group == .kernel ? 12 : 4)
    }

    @Test func everyLossOfTheCatalogueHasACase() {
        let names = Set(BenchmarkCase.all.map(\.name))
        for loss in Catalog.builtIn.names(of: .loss) {
            #expect(names.contains("step/loss/\(loss)"))
        }
    }

    @Test func everyOptionOfTheTaskHasACase() {
        #expect(StepOption.missingKeys == [])
    }

    @Test func casesAreStatedAgainstCases() {
        let names = BenchmarkCase.all.map(\.name)
        #expect(Set(names).count == names.count)
        for reference in BenchmarkCase.all.compactMap(\.reference) {
            #expect(names.contains(reference))
        }
    }

    /// A check that finds nothing proves something only if it would find an error.
    @Test func aWrongResultIsFound() {
        let wrong = Work.Outcome(found: [1, 2], expected: [1, 2.1], tolerance: 1e-3)
        #expect(!wrong.agrees)
        #expect(Work.Outcome(found: [1, .nan], expected: [1, .nan], tolerance: 0).agrees)
        #expect(!Work.Outcome(found: [1], expected: [1, 2], tolerance: 1).agrees)
    }
}
