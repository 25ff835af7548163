import Experiments
import Foundation
import Retrieval
import Testing

/// `tfrs-run list` and `tfrs-run explain`.
@Suite struct CatalogTextTests {
    static let text = CatalogText(catalog: .builtIn)

    static func explain(_ path: String) -> String {
        do throws(CatalogText.Unknown) {
            return try text.explain(path)
        } catch {
            return "\(error)"
        }
    }

    @Test func aFieldSaysAllThatTheCatalogueKnows() {
        #expect(
            Self.explain("loss.info_nce.temperature") == """
                loss.info_nce.temperature
                  What the cosines are divided by, at first if it is learned.
                  value    number, greater than 0
                  default  0.07
                  example  temperature: 0.07

                """)
    }

    /// A sweep is explained as the rest of a spec is.
    @Test func sweepsAreExplained() {
        let text = Self.explain("sweep")
        for part in ["grid", "random", "halving", "max_runs", "objective.on", "when"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(Self.explain("sweep.halving.factor").contains("the best 1/factor go on"))
        #expect(Self.explain("halving").contains("sweep.halving\n"))
        #expect(Self.explain("sweep.grdi").contains("did you mean 'sweep.grid'?"))
    }

    /// A path may begin anywhere, and the key that names a component is one as well.
    @Test(arguments: [
        ("features.history.max_length", "towers.query.features.history.max_length\n"),
        ("split.strategy", "splits\n"), ("data.source", "data sources\n"),
        ("metrics.factorized[0].type", "factorized metrics\n"),
        ("optimizer.type", "optimizers\n"), ("halving.factor", "sweep.halving.factor\n"),
        ("users.columns", "data.users.columns\n"), ("random.trials", "sweep.random.trials\n"),
        ("sweep.tpe.axes.train.epochs.int", "sweep.tpe.axes.int\n"),
        ("sweep.grid.train.epochs", "sweep.grid\n"),
    ])
    func aPathMayBeginAnywhere(path: String, expected: String) {
        #expect(Self.explain(path).hasPrefix(expected), "\(Self.explain(path))")
    }

    @Test func aComponentSaysWhereItStandsAndWhatItTakes() {
        let text = Self.explain("kl_divergence")
        #expect(text.hasPrefix("kl_divergence, a loss\n"))
        #expect(text.contains("\n  where    loss\n"))
        #expect(text.contains("\n  example  kl_divergence\n"))
        #expect(text.contains("\n    reduction  "))
    }

    @Test(arguments: [
        ("loss.temprature", "'loss' has no 'temprature'; did you mean 'loss.temperature'?"),
        ("los", "a spec has no 'los'; did you mean 'loss'?"),
        ("tower.query", "a spec has no 'tower.query'; did you mean 'towers.query'?"),
        (
            "towers.query.features.output_dim",
            "'towers.query.features' has no 'output_dim'; did you mean "
                + "'towers.query.features[].embedding.output_dim'?"
        ), ("evaluate.ks", "'evaluate' has no 'ks'; did you mean 'metrics.factorized[].ks'?"),
        (
            "gate.metrics[].tolerance",
            "'gate.metrics' has no 'tolerance'; did you mean 'gate.metrics.absolute_tolerance' or "
                + "'gate.metrics.relative_tolerance'?"
        ),
        ("task.tempreture", "'task' has no 'tempreture'; did you mean 'task.temperature'?"),
        ("info_nse", "a spec has no 'info_nse'; did you mean 'info_nce'?"),
        ("loss.info_nce.margin", "'loss.info_nce' has no 'margin'"),
        ("train.epochs.x", "'train.epochs' has no fields of its own"),
        ("zebra", "a spec has no 'zebra'"),
        (".", "the path is empty"),
        (
            "optimizer.lr",
            "'train.optimizer' has no 'lr'; did you mean 'train.optimizer.learning_rate'?"
        ),
    ])
    func whatThereIsNot(path: String, expected: String) {
        #expect(Self.explain(path).hasPrefix(expected))
        #expect(throws: CatalogText.Unknown.self) { try Self.text.explain(path) }
    }

    @Test func aBareKeyIsFoundWhereverItStands() {
        let text = Self.explain("temperature")
        #expect(text.contains("task.temperature\n"))
        #expect(text.contains("loss.temperature\n"))
        #expect(Self.explain("lr").contains("optimizer.learning_rate\n"))
    }

    @Test func listPositionsMayBeGiven() {
        #expect(Self.explain("metrics.factorized[0].ks") == Self.explain("metrics.factorized.ks"))
    }

    @Test(arguments: Catalog.builtIn.kinds)
    func everyFamilyIsListedAndExplained(kind: AnyComponentKind) throws {
        let listed = try Self.text.list(kind.pluralNoun.replacing(" ", with: "_"))
        #expect(try listed == Self.text.list(kind.noun))
        #expect(try Self.text.list(nil).contains(listed))
        for description in Catalog.builtIn.descriptions(of: kind) {
            #expect(listed.contains("\n  \(description.name)"))
            #expect(listed.contains(description.summary))
            let explained = Self.explain(description.name)
            for field in description.fields {
                #expect(explained.contains("    \(field.name) ") || field.name == "type")
                #expect(Self.explain("\(description.name).\(field.name)").contains(field.summary))
            }
        }
    }

    @Test func metricsAreAllMetrics() throws {
        let text = try Self.text.list("metrics")
        for name in ["factorized metrics\n", "batch metrics\n", "loss metrics\n"] {
            #expect(text.contains(name))
        }
    }

    @Test func aFamilyThereIsNot() {
        let error = #expect(throws: CatalogText.Unknown.self) { try Self.text.list("lossses") }
        #expect(error?.description == "there is no list of 'lossses'; did you mean 'losses'?")
    }

    /// Every key and every component of the reference page is answered.
    @Test func everyPathOfTheReferenceIsExplained() throws {
        let lookup = Self.text
        #expect(lookup.paths.count > 500)
        for path in lookup.paths {
            #expect(throws: Never.self, "\(path)") { try lookup.explain(path) }
        }
        var section = ""
        for line in ReferencePage.text(for: .builtIn).split(separator: "\n") {
            if line.hasPrefix("## ") { section = "" }
            if let heading = line.wholeMatch(of: /### `(.+)`/) { section = String(heading.1) }
            guard let row = line.prefixMatch(of: /\| `([^`]+)` \|/) else { continue }
            let key = String(row.1)
            // Sections have whole paths, components those within them.
            let isWhole = section.isEmpty || key.hasPrefix(section + ".")
            let path = isWhole ? key : "\(section).\(key)"
            #expect(throws: Never.self, "\(path)") { try lookup.explain(path) }
        }
    }

    @Test(arguments: [
        ("train.optimizer.lr", "did you mean 'train.optimizer.learning_rate'?"),
        ("train.temperature", "did you mean 'task.temperature'?"),
        ("towers.query.features.dim", "did you mean"),
        ("evaluate.batch_sise", "did you mean 'evaluate.batch_size'?"),
        ("task.zebra", "it has "), ("towers.query.zebra", "it has "),
        (
            "gate.metrics[].tolerance",
            "did you mean 'gate.metrics.absolute_tolerance' or 'gate.metrics.relative_tolerance'?"
        ),
        ("gate.tolerance", "'gate.metrics[].absolute_tolerance'"), ("k_core.min", "it has "),
        ("data.filters.date_range.column", "did you mean 'data.filters.date_range.order_by'?"),
        ("sweep.tpe.axes.train.epochs.itn", "did you mean 'sweep.tpe.axes.int'?"),
        ("x-dim", "'x-dim' is a key of your own"),
    ])
    func anUnknownPathIsHelped(path: String, expected: String) {
        #expect(Self.explain(path).contains(expected), "\(Self.explain(path))")
    }

    /// A field that several components declare, with other fields inside, is told for each.
    @Test func likeNamesWithOtherFieldsAreToldApart() {
        let text = Self.explain("data.interactions")
        #expect(text.contains("of       csv\n") || text.contains("of       csv, "))
        #expect(text.contains("delimiter"))
        #expect(text.components(separatedBy: "data.interactions\n").count > 2)
    }

    /// Whatever leads to it.
    @Test func whatComponentsHaveAlikeIsToldOnce() {
        let schedule = Self.explain("train.optimizer.learning_rate.cosine_decay")
        #expect(schedule.components(separatedBy: "cosine_decay, a").count == 2)
        let rows = Self.explain("data.interactions.on_bad_row")
        #expect(rows.contains("\n  of       csv, jsonl, parquet\n"), "\(rows)")
    }

    /// What shells offer: paths through components, and the keys of sections whose component is
    /// chosen by name.
    @Test func whatShellsOfferIsWhole() {
        for path in ["loss.info_nce.temperature", "towers.query.features.history.max_length"] {
            #expect(Self.text.paths.contains(path), "\(path)")
        }
        for key in ["data.split.test", "data.split.strategy", "train.optimizer.learning_rate"] {
            #expect(Self.text.keys.contains(key), "\(key)")
        }
        #expect(Self.text.keys.count == Set(Self.text.keys).count)
    }

    @Test func theOutermostMeaningComesFirst() {
        #expect(Self.explain("split").hasPrefix("data.split\n"))
        #expect(Self.explain("losses").hasPrefix("losses\n"))
    }

    /// Lines end between words, at the terminal's width.
    @Test(arguments: [40, 80, 120])
    func linesFitATerminal(width: Int) throws {
        let narrow = CatalogText(catalog: .builtIn, width: width)
        let wide = Self.text
        for path in ["adagrad", "data.split", "train.early_stopping", "loss", "history"] {
            let text = try narrow.explain(path)
            for line in text.split(separator: "\n") where line.count > width {
                #expect(line.trimmingPrefix { $0 == " " }.split(separator: " ").count == 1)
            }
            // No word is lost.
            let words = { (text: String) in text.split(whereSeparator: \.isWhitespace) }
            #expect(try words(text) == words(wide.explain(path)))
        }
        let list = try narrow.list("losses")
        #expect(list.split(separator: "\n").allSatisfy { $0.count <= width })
    }
}
