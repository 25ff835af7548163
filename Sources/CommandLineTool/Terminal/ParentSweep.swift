import Platform
import Safeguards

/// The sweep that started this process for one of its trials, if one did.
enum ParentSweep {
    /// The variable by which a trial knows its sweep's process: where that is gone, so is the
    /// reason to go on.
    static let variable = "TFRS_SWEEP_PROCESS"

    /// Whether this process is a trial's.
    static var isThere: Bool { process != nil }

    static var isGone: Bool { process.map { $0 != getppid() } ?? false }

    private static let process = ProcessEnvironment.variable(variable).flatMap { pid_t($0) }
}
