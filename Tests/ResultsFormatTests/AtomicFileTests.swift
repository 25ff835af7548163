import Foundation
import ResultsFormat
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    static func reason(of write: () throws -> Void) -> AtomicFileError.Reason? {
        do {
            try write()
            return nil
        } catch {
            return (error as? AtomicFileError)?.reason
        }
    }

    @Test func aFileIsCreatedAndReplaced() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        try AtomicFile.write(Array("old".utf8), to: path)
        #expect(try TemporaryFolder.text(path) == "old")
        try AtomicFile.write([], to: path)
        #expect(try TemporaryFolder.text(path) == "")
        let large = [UInt8](repeating: 65, count: 3_000_000)
        try AtomicFile.write(large, to: path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(large))
        #expect(folder.names == ["results.json"])
    }

    @Test func permissionsFollowTheUmask() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        try AtomicFile.write([1], to: path)
        try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/other"))
        let modes = try [path, folder.path + "/other"].map {
            try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
        }
        #expect(modes[0] == modes[1])
    }

    @Test func aFailureMidwayLeavesTheOldContentAndNoTemporary() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        try AtomicFile.write(Array("old".utf8), to: path)
        let full = AtomicFileError(path: path, reason: .noSpace)
        #expect(throws: full) {
            try AtomicFile.replace(path) { file throws(AtomicFileError) in
                try file.append(Array("half of the n".utf8))
                throw full
            }
        }
        #expect(try TemporaryFolder.text(path) == "old")
        #expect(folder.names == ["results.json"])
    }

    @Test func aNameThatIsTooLongLeavesNoTemporary() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/" + String(repeating: "n", count: 300)
        #expect(
            Self.reason { try AtomicFile.write([1], to: path) }
                == .system(operation: "looking for the file", message: "File name too long"))
        #expect(folder.names == [])
    }

    @Test func aMissingFolderIsNamedOrMade() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a/b/results.json"
        let error = #expect(throws: AtomicFileError.self) { try AtomicFile.write([1], to: path) }
        #expect(
            error?.description
                == "cannot write '\(path)': the folder '\(folder.path)/a/b' does not exist")
        try AtomicFile.write(Array("new".utf8), to: path, createDirectories: true)
        #expect(try TemporaryFolder.text(path) == "new")
        try AtomicFile.write(Array("again".utf8), to: path, createDirectories: true)
        #expect(try TemporaryFolder.text(path) == "again")
    }

    @Test func whatIsInTheWayIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        try AtomicFile.write(Array("old".utf8), to: file)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/dir", withIntermediateDirectories: false)
        #expect(Self.reason { try AtomicFile.write([1], to: folder.path + "/dir") } == .isDirectory)
        #expect(
            Self.reason { try AtomicFile.write([1], to: folder.path + "/new/") } == .isDirectory)
        #expect(
            Self.reason { try AtomicFile.write([1], to: file + "/below") } == .notADirectory(file))
        for path in ["/below/it", "/it"] {
            let place = file + path
            #expect(
                Self.reason { try AtomicFile.write([1], to: place, createDirectories: true) }
                    == .notADirectory(path == "/it" ? file : file + "/below"))
        }
        #expect(Self.reason { try AtomicFile.write([1], to: "") } == .invalidPath)
        #expect(Self.reason { try AtomicFile.write([1], to: file + "\u{0}x") } == .invalidPath)
        #expect(Self.reason { try AtomicFile.write([1], to: "/dev/null") } == .notARegularFile)
        #expect(try TemporaryFolder.text(file) == "old")
        #expect(folder.names == ["dir", "file"])
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may write anywhere"))
    func aFolderWithoutPermissionIsNamed() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o555], ofItemAtPath: folder.path)
        let path = folder.path + "/results.json"
        #expect(
            Self.reason { try AtomicFile.write([1], to: path) } == .noPermission(folder.path))
    }

    @Test func aSymbolicLinkStays() throws {
        let folder = try TemporaryFolder()
        let real = folder.path + "/real"
        let link = folder.path + "/link"
        try AtomicFile.write(Array("old".utf8), to: real)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
        try AtomicFile.write(Array("new".utf8), to: link)
        #expect(try TemporaryFolder.text(real) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
    }

    @Test func ofSeveralWritersOneWinsAndReadersSeeWholeFiles() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.json"
        let letters = Array("abcd".utf8)
        let size = 100_000
        try AtomicFile.write([UInt8](repeating: letters[0], count: size), to: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for letter in letters {
                group.addTask {
                    let content = [UInt8](repeating: letter, count: size)
                    for _ in 0..<5 { try AtomicFile.write(content, to: path) }
                }
            }
            group.addTask {
                for _ in 0..<20 {
                    let seen = try Data(contentsOf: URL(fileURLWithPath: path))
                    #expect(seen.count == size)
                    #expect(Set(seen).count == 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(folder.names == ["results.json"])
    }
}
