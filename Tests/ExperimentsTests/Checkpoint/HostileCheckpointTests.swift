import Experiments
import Foundation
import ResultsFormat
import Retrieval
import Synchronization
import TestSupport
import Testing

/// A checkpoint is a file that may have been cut short, changed, or made up: a run that finds one
/// goes on from one that is whole, or refuses, and never crashes.
///
/// `TFRS_CHECKPOINT_MUTATIONS=20000` asks for more than a test run has time for, and
/// `TFRS_MODEL_SEED=12` for others.
struct HostileCheckpointTests {
    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap(Int.init)
    }

    /// Every kind of state that a training has.
    private static let train = """
        {epochs: 3, batch_size: 48, gradient_accumulation_steps: 2, optimizer: {type: adam, \
        amsgrad: true}, early_stopping: {monitor: test_loss, patience: 2}}
        """
    private static let more = """
        evaluate: {every: 1, on: test}
        task: {candidate_sampling_probability: streaming_estimate}
        """

    /// A file of a checkpoint.
    private struct Part {
        var path: String
        var bytes: [UInt8]
    }

    @Test func mutatedCheckpointsAreNoticedOrRefused() throws {
        let folder = try TemporaryFolder()
        let directory = folder.path + "/a"
        let text =
            SmallSpec.text(train: Self.train, more: Self.more)
            + "\ncheckpoint: {every: 2 steps, directory: \(directory)}\n"
        let whole = try run(SmallSpec.text(train: Self.train, more: Self.more)).digest
        let last = try leave(text)
        let parts = try files(below: directory)
        #expect(parts.count == 4)
        var random = SeededGenerator(seed: UInt64(Self.number("TFRS_MODEL_SEED") ?? 5))
        var (same, refused) = (0, 0)
        for number in 0..<(Self.number("TFRS_CHECKPOINT_MUTATIONS") ?? 40) {
            let name = ["checkpoint.json", "training.safetensors"].randomElement(using: &random)!
            let state = parts.first { $0.path == "\(directory)/\(last)/\(name)" }!
            let record = parts.first { $0.path == "\(directory)/\(last)/checkpoint.json" }!
            try FileManager.default.removeItem(atPath: directory)
            try parts.forEach(restore)
            var bytes = state.bytes
            FileMutation.mutate(&bytes, named: name, &random)
            try restore(Part(path: state.path, bytes: bytes))
            let isSealed = number.isMultiple(of: 2)
            if isSealed {
                let isRecord = name == "checkpoint.json"
                let sealed = try FileMutation.sealed(
                    isRecord ? bytes : record.bytes, file: isRecord ? nil : name, bytes)
                if let sealed { try restore(Part(path: record.path, bytes: sealed)) }
            }
            do {
                let digest = try run(text).digest
                // What states no digest of its own is noticed, and changes nothing.
                #expect(digest == whole || isSealed)
                same += digest == whole ? 1 : 0
            } catch {
                refused += 1
                #expect(!"\(error)".isEmpty)
            }
        }
        #expect(same > refused)
    }

    /// Leaves a run with two checkpoints; answers the name of the last.
    private func leave(_ text: String) throws -> String {
        let count = Mutex(0)
        let stop = StopRequest {
            count.withLock {
                $0 += 1
                return $0 > 9
            }
        }
        let results = try run(text, stop: stop)
        #expect(results.record.status == .interrupted)
        let directory = try #require(try decode(text).checkpoint?.directory)
        return try #require(
            try FileManager.default.contentsOfDirectory(atPath: directory).max())
    }

    private func files(below directory: String) throws -> [Part] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
            .filter { $0.contains("/") }
            .map { name in
                let path = directory + "/" + name
                return Part(path: path, bytes: [UInt8](try Data(contentsOf: URL(filePath: path))))
            }
    }

    private func restore(_ part: Part) throws {
        let file = URL(filePath: part.path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(part.bytes).write(to: file)
    }
}
