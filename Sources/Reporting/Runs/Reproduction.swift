import ResultsFormat

/// What it takes to find the same again.
struct Reproduction {
    let input: RunInput

    var markup: Markup {
        let document = input.document
        let environment = document.environment
        let file = input.path.split(separator: "/").last.map(String.init) ?? input.path
        var text = Markup.paragraph(
            .text(
                "The same spec, seed and data give the same digest on every machine and with "
                    + "any number of threads. The spec stands in the results file:"))
        text += .element(
            "pre", ["tabindex": "0"],
            .element(
                "code", [:],
                .text("tfrs-run run \(ShellWord.quoted(file)) --output again.json"), .lineBreak,
                .text("tfrs-run diff \(ShellWord.quoted(file)) again.json")))
        var entries: [(String, Markup)] = [
            ("digest", .element("code", [:], .text(document.digest ?? "none"))),
            ("seed", .number(document.seed)),
            ("spec", .element("code", [:], .text(document.experiment.specSHA256))),
        ]
        if let data = document.data {
            entries.append(("data and split", .element("code", [:], .text(data.fingerprint))))
            if let content = data.contentSHA256 {
                entries.append(("data alone", .element("code", [:], .text(content))))
            }
        }
        if let commit = environment.commit {
            entries.append(("commit", .element("code", [:], .text(commit))))
        }
        if let started = environment.started { entries.append(("started", .text(started))) }
        if let host = environment.host { entries.append(("host", .name(host))) }
        entries += [
            ("tfrs-run", .text(environment.toolVersion)), ("system", .text(environment.os)),
            (
                "processor",
                .text(
                    "\(environment.cpu), \(environment.instructionSet), "
                        + "\(environment.threads) threads")
            ),
        ]
        if let peak = document.peakMemoryBytes {
            entries.append(("memory", .text(NumberText.bytes(peak))))
        }
        if let parameters = document.profile?.parameters {
            entries.append(("parameters", .number(parameters)))
        }
        return text + .definitions(entries)
    }
}

/// A word of a command line as a shell takes it.
enum ShellWord {
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/")]
                    .contains($0)
        }
        if isPlain, !word.isEmpty, !word.hasPrefix("-") { return word }
        return "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}
