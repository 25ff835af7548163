import ArgumentParser
import Experiments
import Platform

struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tfrs-run",
        abstract: "Run two-tower retrieval experiments declared in YAML.",
        discussion: """
            tfrs-run SPEC is short for tfrs-run run SPEC. Standard output carries the path of each \
            results file and nothing else; progress and the summary go to standard error.

            EXAMPLES
              tfrs-run init --from ratings.csv          a spec for your own data
              tfrs-run validate experiment.yaml         every mistake, without data
              tfrs-run plan experiment.yaml             model, batches, time and memory
              tfrs-run experiment.yaml                  train, evaluate, write the results
              tfrs-run experiment.yaml --set train.epochs=10 --seed 7
              tfrs-run list losses; tfrs-run explain loss.temperature

            tfrs-run --generate-completion-script bash (or zsh, fish) completes in your shell.

            Exit codes: 0 done; 1 a run failed; 2 a spec or the command line is wrong; 3 check \
            found a regression; 4 check could not compare; 5 the data cannot be had; 130 or 143 \
            interrupted, with the finished epochs written.
            """,
        version: ToolVersion.current + (TFRSRun.commit.map { " (\($0))" } ?? ""),
        subcommands: [
            RunCommand.self, CollectCommand.self, CheckCommand.self, AcceptCommand.self,
            DiffCommand.self, ReportCommand.self,
            RunsCommand.self, PublishCommand.self, ValidateCommand.self, PlanCommand.self,
            DescribeCommand.self,
            InitCommand.self, ListCommand.self, ExplainCommand.self, ReferenceCommand.self,
            SchemaCommand.self, GenerateCommand.self, InspectCommand.self, RecommendCommand.self,
            SimilarCommand.self, EmbedCommand.self, EvaluateCommand.self, ExportCommand.self,
            FiguresCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}

extension RootCommand {
    /// What the argument parser would not say of mistyped words, or would say of something else;
    /// nil where it is to judge.
    static func objection(to words: [String]) -> String? {
        guard let first = words.first else { return nil }
        let names = configuration.subcommands.map { $0._commandName } + ["help"]
        if first == "help", let word = words.dropFirst().first {
            return objection(toHelpOn: word, names)
        }
        if first.hasPrefix("-") { return words.count == 1 ? objection(toOption: first) : nil }
        guard !names.contains(first), FileKind(of: first) == nil else { return nil }
        return Suggestion.closest(to: first, among: names).map { meant in
            "there is no command '\(first)', and no file of that name; did you mean '\(meant)'?"
        }
    }

    private static func objection(toHelpOn word: String, _ names: [String]) -> String? {
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let meant = Suggestion.closest(to: word, among: names)
        return "there is no command '\(word)'; "
            + (meant.map { "did you mean '\($0)'?" }
                ?? "what stands in a spec is told by: tfrs-run explain \(word)")
    }

    /// Of an option that stands alone, which the default command would not know either and would
    /// miss a spec before it says so.
    private static func objection(toOption word: String) -> String? {
        let names = ["--version", "--help", "--generate-completion-script"]
        guard !(names + ["-h", "--help-hidden", "--"]).contains(word) else { return nil }
        let short = ["-v": "--version", "-V": "--version", "-?": "--help"]
        return (short[word] ?? Suggestion.closest(to: word, among: names)).map { meant in
            "there is no option '\(word)'; did you mean '\(meant)'?"
        }
    }
}
