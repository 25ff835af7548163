import Foundation
import Safeguards
import Testing

/// Control groups as files of a made-up machine of 8 GB and 8 processors.
@Suite struct MachineLimitTests {
    private func limits(_ files: [String: String]) throws -> MachineLimits {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return MachineLimits(memory: 8_000_000_000, processors: 8, root: root.path)
    }

    @Test func nothingLimitsWithoutGroups() throws {
        let found = try limits([:])
        #expect(found.memory == 8_000_000_000 && found.threads == 8 && !found.isConfined)
    }

    @Test func versionTwo() throws {
        let found = try limits([
            "proc/self/cgroup": "0::/system.slice/job.service\n",
            "sys/fs/cgroup/system.slice/job.service/memory.max": "2000000000\n",
            "sys/fs/cgroup/system.slice/job.service/cpu.max": "150000 100000\n",
        ])
        #expect(found.memory == 2_000_000_000 && found.isConfined)
        #expect(found.processors == 1.5 && found.threads == 2)
    }

    /// A group above limits those below; `max` is no limit.
    @Test func groupsAbove() throws {
        let found = try limits([
            "proc/self/cgroup": "0::/a/b\n",
            "sys/fs/cgroup/a/memory.max": "1000000000\n",
            "sys/fs/cgroup/a/b/memory.max": "max\n",
            "sys/fs/cgroup/a/cpu.max": "max 100000\n",
            "sys/fs/cgroup/a/b/cpu.max": "50000 100000\n",
        ])
        #expect(found.memory == 1_000_000_000)
        #expect(found.processors == 0.5 && found.threads == 1)
    }

    /// In a container the group's folder is what is mounted, whatever its path outside.
    @Test func versionOneInAContainer() throws {
        let found = try limits([
            "proc/self/cgroup": "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "3000000000\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ])
        #expect(found.memory == 3_000_000_000 && found.threads == 2)
    }

    @Test func versionOneWithoutLimits() throws {
        let found = try limits([
            "proc/self/cgroup": "5:memory:/\n4:cpu,cpuacct:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ])
        #expect(found.memory == 8_000_000_000 && found.threads == 8)
    }
}
