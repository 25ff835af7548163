/// Where a run took place; all of it outside the digest.
public struct EnvironmentRecord: Hashable, Sendable {
    /// The version of this tool.
    public var toolVersion: String
    /// The operating system and its version.
    public var os: String
    /// The processor's name.
    public var cpu: String
    /// The instruction set of the kernels that ran, such as `avx2`.
    public var instructionSet: String
    /// How many threads the run used.
    public var threads: Int
    /// The compiler's version.
    public var swift: String?
    /// When the run began, in UTC as RFC 3339 has it: `2026-11-26T19:15:00Z`.
    public var started: String?
    /// The machine's name.
    public var host: String?
    /// The commit of the Git working tree that the spec lies in; `-dirty` behind it where tracked
    /// files were changed.
    public var commit: String?

    public init(
        toolVersion: String, os: String, cpu: String, instructionSet: String, threads: Int,
        swift: String? = nil, started: String? = nil, host: String? = nil, commit: String? = nil
    ) {
        self.toolVersion = toolVersion
        self.os = os
        self.cpu = cpu
        self.instructionSet = instructionSet
        self.threads = threads
        self.swift = swift
        self.started = started
        self.host = host
        self.commit = commit
    }

    var json: JSONValue {
        .record([
            ("tool_version", .string(toolVersion)),
            ("os", .string(os)),
            ("cpu", .string(cpu)),
            ("instruction_set", .string(instructionSet)),
            ("threads", .integer(threads)),
            ("swift", swift.map(JSONValue.string)),
            ("started", started.map(JSONValue.string)),
            ("host", host.map(JSONValue.string)),
            ("commit", commit.map(JSONValue.string)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        toolVersion = try node.required("tool_version").string()
        os = try node.required("os").string()
        cpu = try node.required("cpu").string()
        instructionSet = try node.required("instruction_set").string()
        threads = try node.required("threads").integer()
        swift = try node.optional("swift")?.string()
        started = try node.optional("started")?.string()
        host = try node.optional("host")?.string()
        commit = try node.optional("commit")?.string()
    }
}

/// Where the wall-clock time went; all of it outside the digest.
public struct TimingRecord: Hashable, Sendable {
    /// Seconds by name of the stage, in the order of the stages.
    public var seconds: OrderedMap<Double>
    /// Seconds of the whole run; at least the sum of the stages.
    public var totalSeconds: Double

    public init(seconds: OrderedMap<Double> = [:], totalSeconds: Double = 0) {
        self.seconds = seconds
        self.totalSeconds = totalSeconds
    }

    var json: JSONValue {
        .record([
            ("seconds", .object(seconds.mapValues(JSONValue.number))),
            ("total_seconds", .number(totalSeconds)),
        ])
    }

    init(_ node: JSONNode) throws(ResultsDecodingError) {
        seconds = try node.required("seconds").doubles()
        totalSeconds = try node.required("total_seconds").double()
    }
}
