import Foundation
import Testing

/// What shells offer. The script of zsh is read, that of bash is run, and that of fish where it is
/// installed.
struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) throws {
        try Tool.run { tool in
            let outcome = try tool("--generate-completion-script", shell)
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            for word in ["validate", "plan", "init", "yaml", "format"] {
                #expect(outcome.output.contains(word), "\(word)")
            }
        }
    }

    /// Specs are offered where the command is left out.
    @Test(arguments: [
        ("zsh", ["_files -g '*.yaml *.yml *.json' && ret=0\n", "_tfrs-run_run && ret=0\n"]),
        ("fish", [#"positional "tfrs-run" -ge 1' -fa"#, #"flags_or_options "tfrs-run" seed"#]),
        ("bash", ["        __tfrs-run_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'\n"]),
    ])
    func theDefaultCommandIsCompleted(shell: String, expected: [String]) throws {
        try Tool.run { tool in
            let script = try tool("--generate-completion-script=\(shell)").output
            for text in expected { #expect(script.contains(text), "\(text)") }
        }
    }

    @Test(arguments: [
        ("tfrs-run va", ["validate"]), ("tfrs-run sc", ["schema"]),
        // No command begins so; these have the letters.
        ("tfrs-run sh", ["schema"]), ("tfrs-run vld", ["validate"]),
        ("tfrs-run my", ["my.yaml"]), ("tfrs-run my.yaml --se", ["--set", "--seed"]),
        ("tfrs-run check my", ["my.yaml", "mybase.json"]),
        ("tfrs-run check my.yaml --baseline my", ["mybase.json"]),
        ("tfrs-run accept my", ["mybase.json"]), ("tfrs-run diff my", ["mybase.json"]),
        ("tfrs-run collect pa", ["parts"]), ("tfrs-run list loss", ["losses"]),
        ("tfrs-run explain train.optimizer.learning_r", ["train.optimizer.learning_rate"]),
        ("tfrs-run explain info_n", ["info_nce"]), ("tfrs-run help pl", ["plan"]),
        ("tfrs-run explain loss.info_nce.temp", ["loss.info_nce.temperature"]),
        ("tfrs-run my.yaml --set data.split.te", ["data.split.test="]),
        ("tfrs-run my.yaml --set train.epo", ["train.epochs="]),
        ("tfrs-run plan my.yaml --trial ", ["seed=1", "seed=2"]),
        // Bash replaces what stands behind the last '='.
        ("tfrs-run plan my.yaml --trial seed=", ["1", "2"]),
        ("tfrs-run check my.yaml --baseline=my", ["mybase.json"]),
        ("tfrs-run check my.yaml --baseline=", ["mybase.json"]),
        ("tfrs-run validate my.yaml --format=g", ["github"]),
        ("tfrs-run my.yaml --set train.epochs=", ["1"]),
        ("tfrs-run my.yaml --set=train.epo", ["train.epochs="]),
        ("tfrs-run my.yaml --set=train.optimizer=adam", ["adam", "adamw"]),
        ("tfrs-run my.yaml --set train.optimizer=adag", ["adagrad"]),
        ("tfrs-run my.yaml --seed=3 --set task.remove_accidental_hits=", ["true", "false"]),
        ("tfrs-run my.yaml --set train.epochs=2 --th", ["--threads"]),
    ])
    func bash(line: String, expected: [String]) throws {
        try Tool.run { tool in
            try tool.write(Specs.small() + "\nsweep: {seeds: [1, 2]}\n", to: "my.yaml")
            try tool.write("{}", to: "mybase.json")
            try tool.write("", to: "mynotes.txt")
            try FileManager.default.createDirectory(
                atPath: tool.work + "/parts", withIntermediateDirectories: true)
            try tool.write(tool("--generate-completion-script", "bash").output, to: "completions")
            try tool.write(Self.driver, to: "driver")
            var bash = tool
            bash.executable = "/bin/bash"
            let folder = URL(filePath: Tool.path(of: "tfrs-run")).deletingLastPathComponent().path
            let outcome = try bash(
                "driver", line, environment: ["PATH": folder + ":/usr/bin:/bin"])
            #expect(outcome.errors == "")
            let offered = Set(outcome.output.split(separator: "\n").map(String.init))
            for word in expected { #expect(offered.contains(word), "\(offered)") }
            #expect(!offered.contains("mynotes.txt"))
        }
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/fish")),
        arguments: [
            ("tfrs-run va", ["validate"], []),
            ("tfrs-run ", ["my.yaml", "mybase.json", "validate"], ["mynotes.txt"]),
            ("tfrs-run my", ["my.yaml", "mybase.json"], ["summary"]),
            ("tfrs-run my.yaml ", ["my.yaml"], ["validate", "check"]),
            ("tfrs-run my.yaml --se", ["--set", "--seed"], []),
            ("tfrs-run help pl", ["plan"], []),
            ("tfrs-run check my.yaml --baseline my", ["mybase.json"], ["my.yaml"]),
            ("tfrs-run check my.yaml --baseline=my", ["--baseline=mybase.json"], []),
        ])
    func fish(line: String, expected: [String], others: [String]) throws {
        try Tool.run { tool in
            try tool.write(Specs.small(), to: "my.yaml")
            try tool.write("{}", to: "mybase.json")
            try tool.write("", to: "mynotes.txt")
            try tool.write(tool("--generate-completion-script", "fish").output, to: "completions")
            var fish = tool
            fish.executable = "/usr/bin/fish"
            let outcome = try fish(
                "--no-config", "--command", "source completions; complete --do-complete '\(line)'",
                environment: ["HOME": tool.work])
            #expect(outcome.errors == "")
            let offered = Set(
                outcome.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) })
            for word in expected { #expect(offered.contains(word), "\(offered)") }
            for word in others { #expect(!offered.contains(word), "\(offered)") }
        }
    }

    /// Completes a line as bash does at its end, a choice a line: '=' ends words and is one, and
    /// behind it nothing is written yet.
    private static let driver = """
        shopt -s extglob progcomp
        source ./completions
        COMP_LINE="$1"
        COMP_POINT=${#COMP_LINE}
        read -ra COMP_WORDS <<<"${1//=/ = }"
        if [[ $1 == *' ' ]]; then COMP_WORDS+=(''); fi
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMPREPLY=()
        word="${COMP_WORDS[COMP_CWORD]}"
        if [[ $word == = ]]; then word=''; fi
        registered="$(complete -p tfrs-run)"
        registered="${registered#*-F }"
        "${registered%% *}" tfrs-run "$word" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"

        """
}
