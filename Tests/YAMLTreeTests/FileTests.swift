import Foundation
import TestSupport
import Testing
import YAMLTree

/// Files that are not what was hoped for.
struct FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ name: String) throws -> String {
        try folder.write(name, text)
    }

    private func failure(_ path: String, limits: YAMLReader.Limits = .init()) -> YAMLError? {
        do {
            _ = try YAMLReader.read(path: path, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func aFileIsReadUnderItsName() throws {
        let path = try write("a: [1]\n", "good.yaml")
        let root = try YAMLReader.read(path: path)
        #expect(outline(root) == "{a: [1]}")
        #expect(root.source.name == path)
        let bad = try write("a: [1\n", "bad.yaml")
        #expect(failure(bad)?.description.hasPrefix("\(bad):1:6: error: ") == true)
    }

    @Test func aFileLargerThanItsBuffer() throws {
        let path = try write(String(repeating: "- 12345\n", count: 20_000), "large.yaml")
        #expect(try YAMLReader.read(path: path).items?.count == 20_000)
    }

    @Test func missing() {
        for path in ["\(folder.path)/none.yaml", "\(folder.path)/none/none.yaml", ""] {
            #expect(failure(path)?.description == "\(path): error: there is no such file")
            #expect(failure(path)?.kind == .missingFile)
            #expect(failure(path)?.diagnostic.range == .wholeFile)
        }
    }

    @Test func aNULEndsNoPath() throws {
        let path = try write("a: 1\n", "good.yaml")
        #expect(
            failure(path + "\0.yaml")?.description
                == "\(path)\\u{0}.yaml: error: there is no such file")
    }

    @Test func directory() {
        #expect(
            failure(folder.path)?.description
                == "\(folder.path): error: this is a directory, not a file")
    }

    @Test func devicesAndPipes() {
        let pipe = "\(folder.path)/pipe.yaml"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in ["/dev/zero", "/dev/null", pipe] {
            #expect(
                failure(path)?.description
                    == "\(path): error: this is not a regular file but a device, pipe or socket")
        }
    }

    @Test func tooLarge() throws {
        let path = try write("a: 1234\n", "large.yaml")
        #expect(failure(path, limits: .init(maximumBytes: 8)) == nil)
        #expect(
            failure(path, limits: .init(maximumBytes: 7))?.description
                == "\(path): error: the text is longer than 7 bytes")
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
    func unreadable() throws {
        let path = try write("a: 1\n", "secret.yaml")
        #expect(chmod(path, 0) == 0)
        #expect(
            failure(path)?.description
                == "\(path): error: the file cannot be read: permission denied")
    }

    #if os(Linux)
        /// A regular file that claims to be empty and cannot be read at its beginning.
        @Test func readingFails() {
            #expect(
                failure("/proc/self/mem")?.description
                    == "/proc/self/mem: error: the file cannot be read: Input/output error")
        }

        /// A regular file that claims to be empty and is not.
        @Test func claimedSizeIsNotTrusted() {
            #expect(
                failure("/proc/self/status", limits: .init(maximumBytes: 10))?.kind
                    == .tooLarge(maximumBytes: 10))
        }
    #endif
}
