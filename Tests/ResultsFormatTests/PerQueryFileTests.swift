import Foundation
import ResultsFormat
import TestSupport
import Testing

struct PerQueryFileTests {
    private let figures = PerQueryFigures(
        experiment: "e", specSHA256: "s", dataFingerprint: "d", seed: 7, part: "test",
        interactions: FigureTable(
            rowCount: 3,
            columns: [
                "query": .strings(["u1", "", "ü3"]), "candidate": .strings(["a", "b", "c"]),
                "rank": .float32([1, .infinity, 2.5]), "ties": .int32([0, -1, .max]),
            ]),
        queries: FigureTable(
            rowCount: 2,
            columns: [
                "query": .strings(["u1", "ü3"]), "recall@10": .float32([0.25, 1]),
                "weight:recall@10": .float32([2, 1]),
            ]))

    private func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test func readsWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/figures.bin"
        try PerQueryFile.write(figures, to: path)
        let read = try PerQueryFile.read(from: path)
        #expect(read == figures)
        #expect(read.valueNames == ["recall@10"])
        #expect(read.interactions.numbers("ties") == [0, -1, Float(Int32.max)])
        #expect(read.queries.strings("query") == ["u1", "ü3"])
    }

    @Test func nothingThatIsCutOffCrashes() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/figures.bin"
        try PerQueryFile.write(figures, to: path)
        let whole = try bytes(path)
        for length in 0..<whole.count {
            try AtomicFile.write(Array(whole[..<length]), to: folder.path + "/cut.bin")
            #expect(throws: PerQueryFileError.self, "\(length) bytes") {
                try PerQueryFile.read(from: folder.path + "/cut.bin")
            }
        }
    }

    @Test func sizesThatAreNotTheFilesAreErrors() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/figures.bin"
        try PerQueryFile.write(figures, to: path)
        let whole = try bytes(path)
        for index in 8..<whole.count {
            for value: UInt8 in [0, 0x39, 0xFF] {
                var broken = whole
                broken[index] = value
                try AtomicFile.write(broken, to: folder.path + "/broken.bin")
                // An error or other figures, but no crash.
                _ = try? PerQueryFile.read(from: folder.path + "/broken.bin")
            }
        }
    }

    @Test func otherFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Array("{}".utf8), to: folder.path + "/a.json")
        let error = #expect(throws: PerQueryFileError.self) {
            try PerQueryFile.read(from: folder.path + "/a.json")
        }
        #expect(
            error?.description
                == "\(folder.path)/a.json is no file of per-query figures: it is no such file")
    }
}
