import ArgumentParser

/// The completion scripts of shells: those of the argument parser, which know of no default
/// command. As `tfrs-run SPEC` is short for `tfrs-run run SPEC`, the scripts here offer specs beside
/// the commands, and after a spec what `run` takes.
enum CompletionScript {
    /// The script that the command line asks for; nil where it asks for something else.
    static func requested(by arguments: [String]) -> String? {
        let option = "--generate-completion-script"
        guard let first = arguments.first, first.hasPrefix(option) else { return nil }
        let name =
            first == option
            ? arguments.dropFirst().first : String(first.dropFirst(option.count + 1))
        return name.flatMap(CompletionShell.init(rawValue:)).map(text)
    }

    /// What `help` tells more of.
    private static var commands: String {
        RootCommand.configuration.subcommands.filter { $0.configuration.shouldDisplay }
            .map { $0._commandName }.joined(separator: " ")
    }

    private static func text(for shell: CompletionShell) -> String {
        let script = RootCommand.completionScript(for: shell)
        switch shell {
        case .bash:
            return script.adding(
                """
                        if [[ "${#unparsed_words[@]}" -gt 0 ]]; then
                            _tfrs-run_run
                            return
                        fi
                        __tfrs-run_add_completions -o plusdirs -fX '!*.@(yaml|yml|json)'

                """, after: "    *)\n        # Offer subcommand completions\n"
            ).adding(
                """
                    COMPREPLY+=($(compgen -W '\(commands)' -- "${cur}"))

                """,
                after: """
                    _tfrs-run_help() {
                        repeating_flags=()
                        non_repeating_flags=(--version)
                        repeating_options=()
                        non_repeating_options=()
                        __tfrs-run_offer_flags_options -1

                    """)
        case .zsh:
            return script.adding(
                """
                        _files -g '*.yaml *.yml *.json' && ret=0

                """, after: "        _describe -V subcommand subcommands && ret=0\n"
            ).adding(
                """
                        *)
                            _tfrs-run_run && ret=0
                            ;;

                """, after: "            \"_tfrs-run_${words[1]}\" && ret=0\n            ;;\n"
            ).replacing("'*:subcommands:'", with: "'*:subcommands:(\(commands))'")
        case .fish:
            // What is offered to `run` is offered to the command itself; after a spec, no command.
            let own = script.split(separator: "\n").filter { $0.contains(#" "tfrs-run run""#) }
            let lines = own.map { $0.replacing(#" "tfrs-run run""#, with: #" "tfrs-run""#) }
            return script.adding(
                """
                        case '*'
                            if test (count $unparsed_tokens) -gt 0
                                set positional_index 2
                            end

                """,
                after:
                    "        case 'help'\n            __tfrs-run_parse_subcommand -r 1 'version'\n"
            ) + "\n" + lines.joined(separator: "\n")
                + "\ncomplete -c 'tfrs-run' -n '__tfrs-run_should_offer_completions_for_positional "
                + "\"tfrs-run help\" -ge 1' -fa '\(commands)'\n"
        default: return script
        }
    }
}

extension String {
    /// The text with lines added where another text stands first.
    fileprivate func adding(_ lines: String, after place: String) -> String {
        guard let found = firstRange(of: place) else { return self }
        return self[..<found.upperBound] + lines + self[found.upperBound...]
    }
}
