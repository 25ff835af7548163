import Platform
import ResultsFormat
import Retrieval

/// The most memory that some work holds at a time beyond what there was before it: the data, the
/// parameters and the optimizer's state.
public struct PeakMemory: Sendable {
    public var name: String
    public var bytes: Int

    /// A step on 8,192 examples, all ids distinct, against the batch, and against a corpus of
    /// 100,000 candidates of 64 numbers (a million draws leave out a few); 8,192 queries ranked
    /// over as large a corpus, with the 100 best of each.
    ///
    /// What memory the process has from before and does not use hides what the work takes, so this
    /// is to be measured first. Empty where the system does not tell.
    public static func all(threads: Int) -> [PeakMemory] {
        let shape = Shape(8192, 100_000, 64)
        var random = RandomStream(seed: 1, stream: "memory")
        var found: [PeakMemory] = []
        func measure(_ name: String, _ body: () -> Void) {
            guard let bytes = growth(during: body) else { return }
            found.append(PeakMemory(name: name, bytes: bytes))
        }
        /// The run alone holds the model, so that its first step copies nothing.
        func makeRun(_ change: (inout StepSetting) -> Void) -> StepRun {
            var setting = StepSetting(shape, .distinct, &random)
            change(&setting)
            return StepRun(setting, Lanes(threads: threads))
        }
        func measureSteps(_ name: String, _ change: (inout StepSetting) -> Void) {
            let run = makeRun(change)
            measure(name) { for _ in 0..<2 { _ = run.step() } }
        }
        measureSteps("memory/step") { _ in }
        measureSteps("memory/step_against_corpus") {
            $0.options.extraNegatives = ExtraNegatives(
                count: 1_000_000, distribution: .uniform,
                corpus: (0..<Int32(shape.columns)).map { $0 }, training: $0.examples,
                candidateKeyCount: $0.keyCounts.candidates, seed: 1)
        }
        let evaluation = EvaluationSetting(shape, &random, Lanes(threads: threads))
        measure("memory/evaluation") { _ = evaluation.rank(listDepth: 100) }
        return found
    }

    /// How far the memory of the process grows above what it is now.
    private static func growth(during body: () -> Void) -> Int? {
        // 5: the peak starts anew.
        guard let reset = fopen("/proc/self/clear_refs", "w") else { return nil }
        let isReset = fputs("5", reset) >= 0
        guard fclose(reset) == 0, isReset, let before = bytes("VmRSS") else { return nil }
        body()
        return bytes("VmHWM").map { max(0, $0 - before) }
    }

    private static func bytes(_ field: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field + ":") }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
                Int($0)
            })
        else { return nil }
        return kibibytes * 1024
    }

    /// In millions of bytes.
    public var megabytes: Double { Double(bytes) / 1e6 }

    var json: JSONValue {
        .members([("name", .string(name)), ("peak_memory_bytes", .integer(bytes))])
    }
}
