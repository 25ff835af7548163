import ArgumentParser
import Experiments

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check specs without running them.",
        discussion: """
            Every error of every file is reported, as FILE:LINE:COLUMN: error: MESSAGE, on \
            standard error, and what is legal but surely not meant as a warning. No data is \
            read. Exit codes: 0 all specs are right; 2 one is not.
            """)

    @Argument(help: "Spec files (YAML).")
    var specs: [String]

    @OptionGroup var settings: SettingOptions

    func run() throws {
        for file in try SpecFiles.readFiles(specs, settings: settings.settings) {
            StandardError.write(file.warnings.rendered)
        }
    }
}
