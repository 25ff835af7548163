import Foundation
import Safeguards
import Testing

/// Control groups as files of a made-up machine of 8 GB and 8 processors.
@Suite struct MachineLimitTests {
    /// A machine and what it allows.
    struct Machine: CustomTestStringConvertible {
        var testDescription: String
        /// By their path.
        var files: [String: String]
        var memory = 8_000_000_000
        var processors = 8.0
        var threads = 8
        var isConfined = false
    }

    static let machines = [
        Machine(testDescription: "without groups", files: [:]),
        Machine(
            testDescription: "version two",
            files: [
                "proc/self/cgroup": "0::/system.slice/job.service\n",
                "sys/fs/cgroup/system.slice/job.service/memory.max": "2000000000\n",
                "sys/fs/cgroup/system.slice/job.service/cpu.max": "150000 100000\n",
            ], memory: 2_000_000_000, processors: 1.5, threads: 2, isConfined: true),
        Machine(
            testDescription: "a group above limits those below; max is no limit",
            files: [
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/memory.max": "1000000000\n",
                "sys/fs/cgroup/a/b/memory.max": "max\n",
                "sys/fs/cgroup/a/cpu.max": "max 100000\n",
                "sys/fs/cgroup/a/b/cpu.max": "50000 100000\n",
            ], memory: 1_000_000_000, processors: 0.5, threads: 1, isConfined: true),
        Machine(
            testDescription: "in a container the group's folder is what is mounted",
            files: [
                "proc/self/cgroup": "5:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "3000000000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            ], memory: 3_000_000_000, processors: 2, threads: 2, isConfined: true),
        Machine(
            testDescription: "version one without limits",
            files: [
                "proc/self/cgroup": "5:memory:/\n4:cpu,cpuacct:/\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            ]),
    ]

    @Test(arguments: machines) func limits(of machine: Machine) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in machine.files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let found = MachineLimits(memory: 8_000_000_000, processors: 8, root: root.path)
        #expect(found.memory == machine.memory)
        #expect(found.processors == machine.processors)
        #expect(found.threads == machine.threads)
        #expect(found.isConfined == machine.isConfined)
    }
}
