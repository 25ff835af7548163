import Benchmarks
import Foundation
import Platform
import ResultsFormat
import Testing

/// Two builds compared: here the same one twice, and programs that stand in for others.
struct ComparisonTests {
    private static let cases = ["gemm/scores, 1 thread(s)", "row/count_greater, 1 thread(s)"]

    private static let tool: String = {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            let products = (bundle ?? .main).bundleURL.deletingLastPathComponent()
        #else
            let products = (Bundle.main.executableURL ?? Bundle.main.bundleURL)
                .deletingLastPathComponent()
        #endif
        return products.appending(path: "tfrs-bench").path(percentEncoded: false)
    }()

    @Test func everyCaseIsComparedInEveryRound() throws {
        let found = try Comparison(
            ours: Self.tool, theirs: Self.tool,
            arguments: ["--filter", "row/count", "--filter", "gemm/scores", "--seconds", "0.001"],
            rounds: 3)
        #expect(found.ratios.keys == Self.cases)
        for ratios in found.ratios.values {
            #expect(ratios.count == 3)
            #expect(ratios.allSatisfy { $0 > 0 && $0.isFinite })
        }
        #expect(found.onlyOurs.isEmpty && found.onlyTheirs.isEmpty)
        let lines = found.table.split(separator: "\n")
        #expect(lines.first == "| case | other / this, median | least | most |")
        #expect(lines.count == 2 + Self.cases.count)
        #expect(lines.last?.hasPrefix("| row/count_greater, 1 thread(s) | ") == true)
    }

    @Test func ratiosAreOfTheOtherToThis() throws {
        let found = try Comparison(
            ours: standIn(reporting: [("a", 2), ("b", 3)]),
            theirs: standIn(reporting: [("b", 1.5), ("a", 8)]), arguments: [], rounds: 2)
        #expect(found.ratios.keys == ["a, 1 thread(s)", "b, 1 thread(s)"])
        #expect(found.ratios.values == [[4, 4], [0.5, 0.5]])
        #expect(found.table.hasSuffix("| b, 1 thread(s) | 0.500 | 0.500 | 0.500 |"))
    }

    @Test func casesOfOneBuildAloneAreNamed() throws {
        let found = try Comparison(
            ours: standIn(reporting: [("a", 2), ("new", 3)]),
            theirs: standIn(reporting: [("a", 2), ("old", 3), ("older", 3)]), arguments: [],
            rounds: 1)
        #expect(found.ratios.keys == ["a, 1 thread(s)"])
        #expect(
            found.table.hasSuffix(
                """
                Only in this build: new, 1 thread(s)

                Only in the other build: old, 1 thread(s); older, 1 thread(s)
                """))
    }

    @Test func aBuildThatFailsOrReportsNothingIsNamed() throws {
        let good = try standIn(reporting: [("a", 2)])
        let failing = try standIn("exit 3")
        let silent = try standIn("exit 0")
        for (other, complaint) in [
            (failing, "ended with status"), (silent, "reports no case"),
            (try standIn(reporting: []), "reports no case"),
            (Self.tool + "-that-is-not-there", "No such file"),
        ] {
            let error = #expect(throws: BuildFailure.self) {
                try Comparison(ours: good, theirs: other, arguments: [], rounds: 1)
            }
            let found = error?.description ?? ""
            #expect(found.contains(complaint), "\(found)")
            #expect(found.contains(other), "\(found)")
        }
    }

    /// A program that writes a report with these cases to the last of its arguments.
    private func standIn(reporting cases: [(name: String, seconds: Double)]) throws -> String {
        let members = cases.map {
            #"{"name": "\#($0.name)", "threads": 1, "seconds": \#($0.seconds)}"#
        }
        return try standIn(
            """
            for last; do :; done
            echo '{"cases": [\(members.joined(separator: ", "))]}' > "$last"
            """)
    }

    /// Written by a program of its own: while this one writes it, a child that another test starts
    /// may hold the file open too, and what is open for writing cannot be run.
    private func standIn(_ script: String) throws -> String {
        let path = NSTemporaryDirectory() + "tfrs-bench-stand-in-\(UUID().uuidString)"
        _ = try ChildProgram.run([
            "/bin/sh", "-c", #"printf '%s\n' "$1" >"$0" && chmod 755 "$0""#, path,
            "#!/bin/sh\n\(script)",
        ])
        return path
    }
}
