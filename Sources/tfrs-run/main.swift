import CBuild
import CommandLineTool
import Retrieval

let commit = String(cString: tfrs_build_commit())
let arguments = (0..<tfrs_argument_count()).map { String(cString: tfrs_argument($0)) }
TFRSRun.main(
    catalog: .builtIn, commit: commit.isEmpty ? nil : commit,
    arguments: arguments.isEmpty ? CommandLine.arguments : arguments)
