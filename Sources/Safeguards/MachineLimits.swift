/// What this process may take of the machine: the machine's own, or less where a container or a
/// service holds it in a control group (version 1 or 2).
package struct MachineLimits: Hashable, Sendable {
    /// Bytes of physical memory.
    package var memory: Int
    /// Processors' worth of time; may be a fraction.
    package var processors: Double
    /// Whether a control group allows less memory than the machine has.
    package var isConfined: Bool

    package static let current = MachineLimits(
        memory: min(physicalMemory, addressSpace), processors: Double(onlineProcessors), root: "")

    /// Threads that are worth running.
    package var threads: Int { max(1, Int(processors.rounded(.up))) }

    /// - Parameters:
    ///   - memory: the machine's.
    ///   - processors: those that the process may run on.
    ///   - root: where `proc` and `sys` are looked for, for tests.
    package init(memory: Int, processors: Double, root: String) {
        let groups = ControlGroups(root: root)
        let least = groups.memoryLimit.map { min($0, memory) } ?? memory
        self.memory = least
        isConfined = least < memory
        self.processors = min(processors, groups.processorQuota ?? processors)
    }

    /// Bytes of this process that are in physical memory now; nil where the system does not tell.
    package static var residentMemory: Int? {
        let parts = ControlGroups.text("/proc/self/statm").split(separator: " ")
        guard parts.count > 1, let pages = Int(parts[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What `ulimit -v` leaves of the address space.
    private static var addressSpace: Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let code = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        #else
            let code = getrlimit(RLIMIT_AS, &limit)
        #endif
        guard code == 0, limit.rlim_cur < rlim_t(Int.max) else { return .max }
        let pages = ControlGroups.text("/proc/self/statm").split(separator: " ").first
        let taken = pages.flatMap { Int($0) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
        return max(0, Int(limit.rlim_cur) - taken)
    }

    private static var physicalMemory: Int {
        Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static var onlineProcessors: Int {
        let line = ControlGroups.text("/proc/self/status").split(separator: "\n").first {
            $0.hasPrefix("Cpus_allowed_list:")
        }
        // 0-3,8
        let parts = line?.split(separator: ":").last?.split(separator: ",") ?? []
        let allowed = parts.reduce(0) { sum, part in
            let ends = part.split(separator: "-").map {
                Int($0.drop { $0 == " " || $0 == "\t" }) ?? -1
            }
            guard let first = ends.first, let last = ends.last, first >= 0, last >= first else {
                return sum
            }
            return sum + last - first + 1
        }
        if allowed > 0 { return allowed }
        return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}

/// The control groups that a process is in, as Linux shows them.
private struct ControlGroups {
    /// The folders of the process's group in each hierarchy, and of those above it.
    private var unified: [String] = []
    private var memory: [String] = []
    private var processor: [String] = []

    /// - Parameter root: before `/proc` and `/sys`.
    init(root: String) {
        let base = root + "/sys/fs/cgroup"
        for line in Self.text(root + "/proc/self/cgroup").split(separator: "\n") {
            // ID:CONTROLLERS:PATH
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            let path = String(parts[2])
            if parts[0] == "0", controllers.isEmpty {
                // Beside version 1 it is mounted below.
                unified += Self.chain(path, in: base) + Self.chain(path, in: base + "/unified")
            }
            if controllers.contains("memory") {
                memory += Self.chain(path, in: base + "/memory")
            }
            if controllers.contains("cpu") {
                for name in ["cpu", "cpu,cpuacct"] {
                    processor += Self.chain(path, in: base + "/" + name)
                }
            }
        }
    }

    /// A group's folder and those above it, which limit it too. In a container the folder that is
    /// mounted is the group itself, whatever its path is outside.
    private static func chain(_ path: String, in base: String) -> [String] {
        var folders = [base]
        var folder = base
        for part in path.split(separator: "/") where part != ".." {
            folder += "/" + part
            folders.append(folder)
        }
        return folders
    }

    var memoryLimit: Int? {
        let limits =
            unified.compactMap { Int(Self.text($0 + "/memory.max")) }
            + memory.compactMap { Int(Self.text($0 + "/memory.limit_in_bytes")) }
        return limits.filter { $0 > 0 }.min()
    }

    /// Processors' worth of time.
    var processorQuota: Double? {
        var quotas: [Double] = []
        for folder in unified {
            let parts = Self.text(folder + "/cpu.max").split(separator: " ")
            if parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]) {
                quotas.append(quota / period)
            }
        }
        for folder in processor {
            guard let quota = Double(Self.text(folder + "/cpu.cfs_quota_us")),
                let period = Double(Self.text(folder + "/cpu.cfs_period_us")), quota > 0
            else { continue }
            quotas.append(quota / period)
        }
        return quotas.filter { $0 > 0 && $0.isFinite }.min()
    }

    /// The text of a small file of the system, without the line end; empty where there is none.
    static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = bytes.withUnsafeMutableBytes { readOnce(descriptor, $0) }
        guard count > 0 else { return "" }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}

private func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
