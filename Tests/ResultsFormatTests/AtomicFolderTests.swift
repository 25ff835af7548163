import Foundation
import ResultsFormat
import TestSupport
import Testing

/// A folder is wholly there or not at all.
struct AtomicFolderTests {
    private func write(_ text: String, to path: String) throws {
        let folder = try AtomicFolder(path) { _ in true }
        let content = try folder.write("in/side.txt") { file throws(AtomicFileError) in
            try file.append(text)
        }
        #expect(content.bytes == text.utf8.count)
        try folder.finish()
    }

    @Test func aFolderIsWrittenAndReplaced() throws {
        let scratch = try TemporaryFolder()
        for text in ["old", "new"] {
            try write(text, to: scratch.path + "/folder/")
            #expect(try TemporaryFolder.text(scratch.path + "/folder/in/side.txt") == text)
            #expect(scratch.names == ["folder"])
        }
    }

    @Test func whatIsDiscardedLeavesNothing() throws {
        let scratch = try TemporaryFolder()
        try write("old", to: scratch.path + "/folder")
        do {
            let folder = try AtomicFolder(scratch.path + "/folder") { _ in true }
            _ = try folder.write("x") { file throws(AtomicFileError) in try file.append("new") }
            #expect(scratch.names.count == 2)
            folder.discard()
        }
        #expect(scratch.names == ["folder"])
        #expect(try TemporaryFolder.text(scratch.path + "/folder/in/side.txt") == "old")
    }

    @Test func whatIsNotToBeReplacedStays() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("mine/file", "mine")
        #expect {
            _ = try AtomicFolder(scratch.path + "/mine") { _ in false }
        } throws: {
            "\($0)".contains("holds something else, which is not replaced")
        }
        #expect {
            _ = try AtomicFolder(scratch.path + "/mine/file") { _ in true }
        } throws: {
            "\($0)".contains("what stands there is not a folder")
        }
        #expect(scratch.names == ["mine"])
    }

    /// Who was killed between two names has left the old folder beside.
    @Test func aReplacedFolderIsRecovered() throws {
        let scratch = try TemporaryFolder()
        try scratch.write("folder.replaced/in/side.txt", "old")
        let folder = try AtomicFolder(scratch.path + "/folder") { _ in true }
        #expect(try TemporaryFolder.text(scratch.path + "/folder/in/side.txt") == "old")
        folder.discard()
        #expect(scratch.names == ["folder"])
    }

    /// Large pieces go straight to the disk, small ones are gathered: the content is the same.
    @Test func piecesOfAnySizeMakeOneFile() throws {
        let scratch = try TemporaryFolder()
        let folder = try AtomicFolder(scratch.path + "/folder") { _ in true }
        var expected: [UInt8] = []
        _ = try folder.write("file") { file throws(AtomicFileError) in
            for size in [0, 1, 5000, 1 << 20, 3 << 20, 7, (1 << 20) - 1, 2] {
                let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
                expected += piece
                var failure: AtomicFileError?
                piece.withUnsafeBytes { bytes in
                    do throws(AtomicFileError) { try file.append(bytes) } catch { failure = error }
                }
                if let failure { throw failure }
            }
        }
        try folder.finish()
        let found = [UInt8](try Data(contentsOf: URL(filePath: scratch.path + "/folder/file")))
        #expect(found == expected)
    }
}
