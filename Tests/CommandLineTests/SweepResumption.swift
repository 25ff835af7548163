import Foundation
import ResultsFormat
import Testing

extension Tool {
    /// Runs a sweep undisturbed, and again with a signal once a text shows, which must end it with
    /// a code; going on from there finds what the undisturbed one did.
    func expectResumption(
        of spec: String, after text: String, signal: Int32, code: Int32?
    ) throws {
        #expect(try self(spec, "-q", "--output", "whole").code == 0)
        let command = try start([spec, "--output", "cut", "--jobs", "1"])
        try command.waitForErrors(text)
        command.send(signal)
        #expect(try command.wait().code == code)
        let resumed = try self(spec, "--output", "cut")
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("finished before"))
        #expect(try json("cut/sweep.json")["digest"] == json("whole/sweep.json")["digest"])
        #expect(try json("cut/sweep.json") == json("whole/sweep.json"))
    }
}

extension RunningCommand {
    /// The trials that a sweep is running.
    var trials: [pid_t] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { pid_t($0) }.filter { process in
            func text(_ name: String) -> String {
                (try? String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)) ?? ""
            }
            return text("status").contains("\nPPid:\t\(identifier)\n")
                && text("cmdline").contains("--trial")
        }
    }
}
