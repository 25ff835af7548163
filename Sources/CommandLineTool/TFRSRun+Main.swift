import ArgumentParser
import Retrieval

extension TFRSRun {
    /// Parses the process's arguments, does what they say and exits with an ``ExitStatus``.
    ///
    /// - Parameters:
    ///   - commit: what `--version` says beside the version.
    ///   - arguments: the process's, its name first.
    public static func main(
        catalog: Catalog, commit: String? = nil, arguments: [String] = CommandLine.arguments
    ) -> Never {
        FreedMemory.keep()
        let job = Job.ofProcess()
        SignalWatch.install()
        let status = $catalog.withValue(catalog) {
            $commit.withValue(commit) {
                $ranks.withValue(job.ranks) {
                    job.objection ?? run(arguments: Array(arguments.dropFirst()))
                }
            }
        }
        exitProcess(job.leave(status))
    }

    private static func run(arguments: [String]) -> ExitStatus {
        if let script = CompletionScript.requested(by: arguments) { return told(script) }
        if let objection = RootCommand.objection(to: arguments) {
            StandardError.writeLine("tfrs-run: \(objection)")
            return .usage
        }
        do {
            var command = try RootCommand.parseAsRoot(arguments)
            if !ranks.isAlone, let objection = objection(toRanksOf: type(of: command)) {
                StandardError.writeLine("tfrs-run: \(objection)")
                return .usage
            }
            try command.run()
            return .success
        } catch let status as ExitStatus {
            return status
        } catch {
            return report(error)
        }
    }

    /// Why several ranks cannot run a command; nil for run and plan, and for help.
    private static func objection(toRanksOf command: any ParsableCommand.Type) -> String? {
        guard command != RunCommand.self, command != PlanCommand.self,
            RootCommand.configuration.subcommands.contains(where: { $0 == command })
        else { return nil }
        return "\(command._commandName) is for one process, without mpirun; of all commands run "
            + "and plan alone are for several ranks"
    }

    /// Help and version go to standard output; a mistake in the arguments to standard error.
    private static func report(_ error: any Error) -> ExitStatus {
        let message = RootCommand.fullMessage(for: error)
        guard RootCommand.exitCode(for: error).isSuccess else {
            StandardError.write(message + "\n")
            return .usage
        }
        return told(message)
    }

    private static func told(_ text: String) -> ExitStatus {
        do throws(ExitStatus) {
            try StandardOutput.write(text + "\n")
            return .success
        } catch {
            return error
        }
    }
}
