import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// Specs that were made to exhaust time or memory get an answer all the same, and soon.
@Suite(.timeLimit(.minutes(1))) struct HostileSpecTests {
    /// Reads a spec and says how long that took and what was told of it.
    private static func read(_ text: String) -> (seconds: Double, told: [String]) {
        let start = ContinuousClock.now
        let told = errors(text)
        let duration = ContinuousClock.now - start
        return (duration / .seconds(1), told)
    }

    /// Far above what it takes, and far below what would be noticed as a hang.
    private static let limit = 20.0

    private static func repeated(_ unit: String, _ count: Int) -> String {
        String(repeating: unit, count: count)
    }

    private static let keys = (0..<60_000).map { "  key\($0): 1\n" }.joined()
    private static let many: [(what: String, text: String)] = [
        ("unknown keys", keys.replacing("  ", with: "")),
        ("unknown keys of a section", "train:\n" + keys),
        ("wrong values", "metrics: {batch: [" + repeated("{typ: x}, ", 30_000) + "]}\n"),
        ("wrong names", "metrics: {batch: [" + repeated("aucc, ", 60_000) + "]}\n"),
        (
            "wrong integers",
            "metrics: {factorized: [{type: hit_rate, ks: [" + repeated("0, ", 60_000) + "]}]}\n"
        ),
    ]

    @Test(arguments: many)
    func manyErrors(what: String, text: String) {
        let (seconds, told) = Self.read(text + Sample.minimal)
        #expect(seconds < Self.limit, "\(what)")
        #expect(told.count == 101, "\(what)")
        #expect(told.last?.hasSuffix("more errors are not shown") == true, "\(told.last ?? "")")
    }

    @Test(arguments: [
        "name": "1:7: ", "loss": "1:7: no loss is called",
        "seed": "1:7: 'seed' requires an integer",
    ])
    func hugeScalars(key: String, expected: String) {
        let text = "\(key): \(String(repeating: "x", count: 900_000))\n"
        let rest = Sample.minimal.replacing(key == "name" ? "name: sample\n" : "", with: "")
        let (seconds, told) = Self.read(text + rest)
        #expect(seconds < Self.limit)
        // A long name is none.
        #expect(told.count == (key == "name" ? 0 : 1))
        #expect(told.allSatisfy { $0.count < 1000 && $0.hasPrefix(expected) }, "\(key)")
    }

    @Test func longKeys() {
        let key = String(repeating: "k", count: 900)
        let (seconds, told) = Self.read("\(key): 1\n? \(key)\(key)\n: 1\n" + Sample.minimal)
        #expect(seconds < Self.limit)
        #expect(told.count == 2)
        #expect(told.allSatisfy { $0.count < 1000 })
    }

    @Test func deepNestingThroughBlocksLayers() {
        let depth = 25
        let layers =
            String(repeating: "{type: residual, layers: [", count: depth) + "dens"
            + String(repeating: "]}", count: depth)
        let text = Sample.minimal.replacing(
            "embedding: {output_dim: 4}}]}\n  candidate",
            with: "embedding: {output_dim: 4}}], layers: [\(layers)]}\n  candidate")
        let (seconds, told) = Self.read(text)
        #expect(seconds < Self.limit)
        #expect(told.count == 1)
        #expect(told.first?.contains("no layer is called 'dens'") == true, "\(told)")
    }

    /// A sweep multiplies what it is given.
    @Test func sweepsOfLargeValues() throws {
        try withTemporaryFolder { folder in
            let tokens = (0..<20_000).map { "t\($0)" }.joined(separator: ", ")
            let text =
                Sample.minimal + """
                    sweep:
                      grid: {"towers.query.features[0].vocabulary": [[\(tokens)]]}
                      seeds: [\((0..<1000).map(String.init).joined(separator: ", "))]

                    """
            let path = folder + "/spec.yaml"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: SpecError.self) {
                _ = try SpecReader(catalog: .builtIn).readFile(path: path)
            }
            #expect(
                error?.diagnostics.first?.message.hasPrefix("1000 trials of 20020") == true,
                "\(error?.diagnostics.first?.message ?? "none")")
        }
    }

    @Test func aSweepOfMistakesEnds() throws {
        try withTemporaryFolder { folder in
            let text =
                Sample.minimal + """
                    sweep:
                      grid: {train.epochs: [\((0..<900).map { "-\($0)" }.joined(separator: ", "))]}

                    """
            let path = folder + "/spec.yaml"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: SpecError.self) {
                _ = try SpecReader(catalog: .builtIn).readFile(path: path)
            }
            #expect(error?.diagnostics.count == 100)
        }
    }
}
