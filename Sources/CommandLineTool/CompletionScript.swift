import ArgumentParser
import Platform

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

                    """
            ).replacing("complete -o filenames -F _tfrs-run tfrs-run", with: wholeWords)
        case .zsh:
            return withJoinedValues(script).adding(
                """
                        _files -g '*.yaml *.yml *.json' && ret=0
                        if [[ "${ret}" -ne 0 && "${PREFIX}" = [a-z]## ]]; then
                            # None begins so: those with these letters in this order.
                            local letter pattern=''
                            for letter in ${(s::)PREFIX}; do pattern+="${letter}*"; done
                            local -a near=(${(M)${subcommands[@]%%:*}:#${~pattern}})
                            [[ "${#near}" -gt 0 ]] && compadd -U -- "${near[@]}" && ret=0
                        fi

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

    /// What bash calls. It ends words at '=' and ':' too, and replaces the last of them alone: the
    /// script's functions are given words that end at blanks, with the value of '--option=value' as
    /// a word of its own, and of what they offer the part before the last word is left out.
    private static let wholeWords = #"""
        # Offers the commands that have a word's letters in its order, where none begins with it.
        _tfrs-run_near_commands() {
            local pattern='' name
            local -i place
            for ((place = 0; place < ${#1}; place++)); do pattern+="${1:place:1}*"; done
            for name in "${@:2}"; do
                [[ "${name}" = ${pattern} ]] && COMPREPLY+=("${name}")
            done
        }

        _tfrs-run_whole_words() {
            local rest="${COMP_LINE}" piece=''
            local -a words=()
            local -i index count=0 current=0
            for index in "${!COMP_WORDS[@]}"; do
                piece="${COMP_WORDS[index]}"
                if [[ "${count}" -eq 0 || "${rest}" = [[:space:]]* ]]; then
                    words[count++]=''
                fi
                rest="${rest#"${rest%%[![:space:]]*}"}"
                rest="${rest#"${piece}"}"
                words[count - 1]+="${piece}"
                [[ "${index}" -eq "${COMP_CWORD}" ]] && current=count-1
            done

            local word="${words[current]}"
            local -i point="${COMP_POINT}"
            local line="${COMP_LINE}"
            if [[ "${word}" = --?*=* ]]; then
                words=("${words[@]::current}" "${word%%=*}" "${word#*=}" "${words[@]:current + 1}")
                line="${line/"${word%%=*}="/"${word%%=*} "}"
                current+=1
            fi
            # Words are completed at their end.
            local -r own="${words[current]}" before="${words[current - 1]}"
            local given="${2}"
            [[ "${given}" = [=:] ]] && given=''
            local -a COMP_WORDS=("${words[@]}")
            local -i COMP_CWORD="${current}" COMP_POINT="${point}"
            local COMP_LINE="${line}"
            _tfrs-run "${1}" "${own}" "${before}"
            if [[ "${#COMPREPLY[@]}" -eq 0 && "${current}" -eq 1 && "${own}" =~ ^[a-z]+$ ]]; then
                _tfrs-run_near_commands "${own}" \#(commands)
            fi

            local -r left="${own%"${given}"}"
            for index in "${!COMPREPLY[@]}"; do
                if [[ "${own}" = *"${given}" ]]; then
                    COMPREPLY[index]="${COMPREPLY[index]#"${left}"}"
                else
                    COMPREPLY[index]="${given%"${own}"}${COMPREPLY[index]}"
                fi
            done
            if [[ "${before}" = --set ]]; then
                # No file, and more to come behind its '='.
                compopt +o filenames 2>/dev/null
                [[ "${COMPREPLY[0]-}" = *= ]] && compopt -o nospace 2>/dev/null
            fi
        }

        complete -o filenames -F _tfrs-run_whole_words tfrs-run
        """#

    /// The script of zsh, in which the values of options may also stand behind '='.
    private static func withJoinedValues(_ script: String) -> String {
        script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.trimming(while: \.isWhitespace)
            guard text.contains("]:"), let end = text.firstIndex(of: "[") else {
                return String(line)
            }
            var name = text[..<end]
            // '(-o --output)'{-o,--output}'[…]:file:…' or '*--set[…]:key=value:…'
            if name.hasSuffix("}'") {
                name.removeLast(2)
                return String(line).replacing("\(name)}'[", with: "\(name)=}'[")
            }
            guard name.hasPrefix("'--") || name.hasPrefix("'*--") else { return String(line) }
            return String(line).replacing("\(name)[", with: "\(name)=[")
        }.joined(separator: "\n")
    }
}

extension String {
    /// The text with lines added where another text stands first.
    fileprivate func adding(_ lines: String, after place: String) -> String {
        guard let found = firstRange(of: place) else { return self }
        return self[..<found.upperBound] + lines + self[found.upperBound...]
    }
}
