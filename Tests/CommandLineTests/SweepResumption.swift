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
