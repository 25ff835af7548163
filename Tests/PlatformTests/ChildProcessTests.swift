import Foundation
import Platform
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String) -> ChildProgram {
        ChildProgram("/bin/sh", ["-c", script], variables: ["PATH": "/usr/bin:/bin"])
    }

    @Test(arguments: [0, 1, 77, 255])
    func theStatusIsTold(status: Int) throws {
        #expect(try shell("exit \(status)").start().wait() == .exited(status: status))
    }

    @Test func aSignalIsTold() throws {
        let process = try shell("kill -9 $$").start()
        #expect(process.wait() == .signalled(9))
        // Asked again it says the same, and the signal goes to nobody.
        #expect(process.ending == .signalled(9))
        process.send(SIGTERM)
    }

    @Test func whatItTookIsKnownAtItsEnd() throws {
        let process = try shell("sleep 0.05").start()
        #expect(process.ending == nil)
        #expect(process.wait() == .exited(status: 0))
        let seconds = process.seconds
        #expect(seconds >= 0.05)
        #expect(process.seconds == seconds)
        #expect(process.peakBytes > 100_000)
    }

    @Test func itsOutputAndItsVariables() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tfrs-child-\(UUID())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var program = shell("read line; echo \"$A-$1$line\"; echo wrong >&2")
        // No shell sees what the words hold.
        program.arguments += ["sh", "$(exit 1) '\" *"]
        program.variables["A"] = "a b"
        program.outputFile = folder + "/out"
        program.errorFile = folder + "/err"
        #expect(try program.start().wait() == .exited(status: 0))
        let text = try ["out", "err"].map {
            try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
        }
        #expect(text == ["a b-$(exit 1) '\" *\n", "wrong\n"])
    }

    @Test func aProgramThereIsNot() throws {
        let error = #expect(throws: ChildFailure.self) {
            try ChildProgram("/no/such/program", []).start()
        }
        #expect(error?.description.hasPrefix("/no/such/program: No such file") == true)
        #expect(ChildProgram.find("no such program", in: "/usr/bin:/bin") == nil)
        #expect(ChildProgram.find("sh", in: "/nowhere:/bin") == "/bin/sh")
        #expect(ChildProgram.find("bin", in: "/:/usr") == nil, "a folder is no program")
    }

    @Test func theProcessKnowsItself() throws {
        #expect(ProcessEnvironment.executablePath.hasPrefix("/"))
        #expect(FileKind(of: ProcessEnvironment.executablePath) == .file)
        #expect(ProcessEnvironment.variable("TFRS_NO_SUCH_VARIABLE") == nil)
        #expect(ProcessEnvironment.identifier == ProcessInfo.processInfo.processIdentifier)
    }
}
