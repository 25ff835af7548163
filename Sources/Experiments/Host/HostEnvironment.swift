import Platform
import Retrieval
import Safeguards

/// The machine and the process that a run used: recorded, never part of the digest.
public struct HostEnvironment: Hashable, Sendable {
    /// The tool's version.
    public var toolVersion: String
    /// The system, as it names itself.
    public var os: String
    /// The processor, as it names itself.
    public var cpu: String
    /// The instructions that kernels use.
    public var instructionSet: String
    /// Threads that may run at once.
    public var threads: Int

    /// Of this process.
    public static func current(threads: Int) -> HostEnvironment {
        HostEnvironment(
            toolVersion: ToolVersion.current, os: osName, cpu: cpuName,
            instructionSet: InstructionSet.activeName, threads: threads)
    }

    /// Processors that the process may use, by its affinity and its control group's quota.
    public static var processorCount: Int { MachineLimits.current.threads }

    /// What the machine is called; nil where it does not say.
    static var name: String? {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return nil }
        let name = String(
            decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return name.isEmpty ? nil : name
    }

    /// The most memory the process has had in physical memory so far.
    static var peakMemoryBytes: Int {
        #if os(Linux)
            // What getrusage says of a process counts in the one that started it.
            if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
                let peak = value(of: "VmHWM", in: status, separator: ":"),
                let kilobytes = Int(peak.prefix { $0.isNumber })
            {
                return kilobytes * 1024
            }
        #endif
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        #if canImport(Darwin)
            return usage.ru_maxrss
        #else
            return usage.ru_maxrss * 1024
        #endif
    }

    private static var osName: String {
        if let release = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8),
            let name = value(of: "PRETTY_NAME", in: release, separator: "=")
        {
            return String(name.trimming { $0 == "\"" })
        }
        return ProcessInfo.processInfo.operatingSystemVersionString
    }

    private static var cpuName: String {
        #if canImport(Darwin)
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var name = [UInt8](repeating: 0, count: size)
            sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #else
            let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            return value(of: "model name", in: info, separator: ":") ?? "unknown"
        #endif
    }

    private static func value(of key: String, in text: String, separator: Character) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(key) {
            guard let mark = line.firstIndex(of: separator) else { continue }
            return String(line[line.index(after: mark)...].trimming(while: \.isWhitespace))
        }
        return nil
    }
}
