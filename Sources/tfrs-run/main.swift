import CBuild
import CommandLineTool
import Retrieval

let commit = String(cString: tfrs_build_commit())
TFRSRun.main(catalog: .builtIn, commit: commit.isEmpty ? nil : commit)
