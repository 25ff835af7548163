import Foundation
import Safeguards
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RegularFileTests {
    private func refusal(_ path: String) -> RegularFile.Refusal? {
        do throws(RegularFile.Refusal) {
            _ = try RegularFile(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatIsNotRead() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tfrs-\(UUID())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let pipe = folder + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let file = folder + "/file"
        try Data("x".utf8).write(to: URL(filePath: file))
        #expect(refusal(file) == nil)
        #expect(refusal(pipe) == .notRegular)
        #expect(refusal(folder) == .directory)
        #expect(refusal(folder + "/none") == .missing)
        #expect(refusal(file + "\0") == .missing)
        #expect(refusal("/dev/zero") == .notRegular)
        #if os(Linux)
            // Regular by name, and the environment by content.
            #expect(refusal("/proc/self/environ") == .notRegular)
        #endif
    }
}

@Suite struct UnfinishedTests {
    @Test func whatNobodyHoldsIsSwept() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tfrs-\(UUID())"
        try FileManager.default.createDirectory(
            atPath: folder + "/.t-folder.tmp/below", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in [".t-left.tmp", ".t-held.tmp", "other.tmp", ".t-other"] {
            try Data("x".utf8).write(to: URL(filePath: folder + "/" + name))
        }
        let held = open(folder + "/.t-held.tmp", O_RDONLY)
        #expect(Unfinished.hold(held))
        Unfinished.sweep(folder, prefix: ".t-", suffix: ".tmp")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(left == [".t-held.tmp", ".t-other", "other.tmp"])
        close(held)
    }
}
