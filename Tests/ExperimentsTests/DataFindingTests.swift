import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing
import YAMLTree

/// What the data make of a spec that is right in itself: an error or a warning, at its place.
struct DataFindingTests {
    /// A plan of a log, or what is wrong with it.
    private func planned(
        _ log: String, split: String = "{strategy: column}", query: String = "",
        columns: String = "[]", more: String = ""
    ) throws -> (plan: ExperimentPlan?, errors: [String]) {
        try withTemporaryFolder { folder in
            try Data(log.utf8).write(to: URL(filePath: folder + "/log.csv"))
            var made: ExperimentPlan?
            let errors = planErrors {
                let plan = try plan(
                    """
                    name: sample
                    data:
                      source: csv
                      interactions: {path: log.csv, columns: \(columns)}
                      split: \(split)
                    towers:
                      query:
                        features:
                          - {type: string_lookup, column: user_id, embedding: {output_dim: 4}}
                          \(query)
                        layers: [{type: dense, units: 4}]
                      candidate:
                        features:
                          - {type: string_lookup, column: item_id, embedding: {output_dim: 4}}
                    \(more)
                    """, in: isolated(folder))
                made = plan
                return plan
            }
            return (made, errors)
        }
    }

    private static let log = """
        user_id,item_id,split,title,weight,zero,late,device
        u,a,train,A,1,0,1,phone
        v,b,train,B,1,0,1,phone
        w,a,train,A,1,0,1,web
        w,b,train,B,1,0,1,web
        u,b,test,B,1,0,0,phone
        v,a,test,A,1,0,0,web

        """
    private static let numbers =
        "[{name: weight, type: float}, {name: zero, type: float}, {name: late, type: integer}]"

    /// What a plan warns of, but for cut-offs, which are larger than so small a corpus.
    private func warnings(_ plan: ExperimentPlan?) -> [Diagnostic] {
        (plan?.warnings ?? []).filter { $0.path?.hasPrefix("metrics") == false }
    }

    @Test func valuesThatNameNoPartAreToldOf() throws {
        let log = Self.log.replacingOccurrences(of: "w,a,train", with: "w,a,Train")
            .replacingOccurrences(of: "w,b,train", with: "w,b,valid")
        let (plan, errors) = try planned(log)
        #expect(errors == [])
        let found = warnings(plan)
        #expect(
            found.map(\.message) == [
                "'split' holds 'Train' (1 rows), 'valid' (1 rows), which name no part: those rows "
                    + "are in none; parts are 'train', 'test'"
            ])
        #expect(plan?.notes == found.map(\.message))
        #expect(found.first?.path == "data.split")
        #expect(found.first?.severity == .note)
        #expect(warnings(try planned(Self.log).plan) == [])
    }

    @Test func theAnswerAmongTheQuestionsFeatures() throws {
        let feature = { (column: String) in
            "- {type: string_lookup, column: \(column), embedding: {output_dim: 4}}"
        }
        let errors = try planned(Self.log, query: feature("item_id")).errors
        #expect(errors.count == 1)
        #expect(errors[0].hasPrefix("10:") && errors[0].contains("'item_id' is what is retrieved"))
        let copied = try planned(Self.log, query: feature("title")).plan
        #expect(
            warnings(copied).map(\.message) == [
                "every value of 'title' goes with one item_id alone: the question may hold its answer"
            ])
        #expect(warnings(copied).first?.path == "towers.query.features[1].column")
        let context = try planned(Self.log, query: feature("device")).plan
        #expect(warnings(context) == [])
        // Before there are data, it may be a column of the users.
        let spec = try decode(
            Sample.minimal.replacingOccurrences(of: "column: user_id", with: "column: item_id"))
        #expect(
            spec.warnings.contains {
                $0.message.hasSuffix("the question holds its answer")
                    && $0.path == "towers.query.features[0].column"
            })
    }

    @Test(arguments: [
        ("task: {sample_weight: {column: zero}}", "all 4 training interactions weigh 0"),
        ("task: {sample_weight: {column: late}}", "all 2 test interactions weigh 0"),
        (
            "metrics: {factorized: [{type: ndcg, gain: zero}]}",
            "gains require a number above 0 in every part that is evaluated; found none in the 2 "
                + "rows of 'zero'"
        ),
    ])
    func whatWeighsNothingIsAnError(more: String, words: String) throws {
        let errors = try planned(Self.log, columns: Self.numbers, more: more).errors
        #expect(errors.count == 1 && errors[0].contains(words), "\(errors)")
        #expect(errors.first?.hasPrefix("15:") == true)
    }

    @Test func negativeWeightsAreAnError() throws {
        let log = Self.log.replacingOccurrences(of: "v,b,train,B,1", with: "v,b,train,B,-1")
        let errors = try planned(
            log, columns: Self.numbers, more: "task: {sample_weight: {column: weight}}"
        ).errors
        #expect(errors.count == 1 && errors[0].contains("at least 0"))
    }

    @Test func idsThatAreMissingEndARunOrAreLeftOut() throws {
        let log = Self.log + "\"\",a,train,A,1,0,1,web\n"
        let errors = try planned(log).errors
        #expect(
            errors.first?.hasPrefix("log.csv:8:1: required user_id, an id, found nothing") == true)
    }

    /// Epochs with fractions order as they stand, in a file of RecBole's too, and are described.
    @Test func timesOfAtomicFilesByAnyName() throws {
        try withTemporaryFolder { folder in
            let rows = [
                ("i1", "1500000000.0"), ("i3", "1500000060.0"), ("i2", "1500000030.5"),
            ]
            let text =
                "user_id:token\titem_id:token\tevent_time:float\n"
                + rows.map { "a\t\($0.0)\t\($0.1)\n" }.joined()
            try Data(text.utf8).write(to: URL(filePath: folder + "/d.inter"))
            let spec = """
                name: sample
                data:
                  source: recbole
                  path: d
                  split: {strategy: leave_n_last_out, order_by: event_time}
                """
            let plan = try plan(spec + "\n" + Sample.towers, in: isolated(folder))
            #expect(plan.evaluation.test.candidateNames[0] == "i3")
            let description = try DataDescription.of(
                try decode(spec + "\n" + Sample.towers), catalog: .builtIn,
                options: RunOptions(environment: isolated(folder)))
            #expect(description.time?.first.utc == "2017-07-14T02:40:00Z")
            #expect(description.time?.last.utc == "2017-07-14T02:41:00Z")
            #expect(description.text.contains("2017-07-14T02:40:00Z to 2017-07-14T02:41:00Z"))
        }
    }

    /// What exists is what begins no later than the question, to the fraction of a second.
    @Test func availabilityIsExact() throws {
        try withTemporaryFolder { folder in
            try Data(
                "user_id,item_id,t\nu,a,1000\nv,b,1000\nw,c,1000\nu,b,1500\nv,a,1501\n".utf8
            ).write(to: URL(filePath: folder + "/log.csv"))
            try Data("item_id,since\na,0\nb,0.5\nc,1.501\n".utf8).write(
                to: URL(filePath: folder + "/items.csv"))
            let plan = try plan(
                """
                name: sample
                data:
                  source: csv
                  interactions:
                    path: log.csv
                    columns: [{name: t, type: timestamp, unit: milliseconds}]
                  items: {path: items.csv, columns: [{name: since, type: timestamp}]}
                  split: {strategy: temporal, order_by: t, test: 2}
                \(Sample.towers)
                metrics: {factorized: [{type: mean_rank}]}
                evaluate:
                  available_at: {candidate: since, interaction: t}
                  slices: [{column: t}]
                """, in: isolated(folder))
            let availability = try #require(plan.evaluation.test.rules.availability)
            #expect(availability.limit(of: 0) == 2)
            #expect(availability.limit(of: 1) == 3)
            #expect(plan.evaluation.test.slices.map(\.name) == ["t=1.5", "t=1.501"])
        }
    }
}

/// What an error in data says beside itself.
struct DataErrorContextTests {
    private func message(_ table: String, _ files: [String: String]) throws -> String {
        try withTemporaryFolder { folder in
            for (name, text) in files {
                try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
            }
            let errors = planErrors {
                try plan(
                    """
                    name: sample
                    data:
                      source: csv
                      interactions: \(table)
                    \(Sample.towers)
                    """, in: isolated(folder))
            }
            return (errors.first ?? "no error").replacingOccurrences(of: folder, with: "FOLDER")
        }
    }

    @Test func aFileThatIsNotThere() throws {
        #expect(
            try message("{path: x.csv}", [:]) == """
                cannot read 'x.csv': No such file or directory
                  declared at spec.yaml:4:24, 'data.interactions.path'
                  'x.csv' is relative to FOLDER
                """)
    }

    @Test func rowsThatDoNotFit() throws {
        let quoted = ["x.csv": "user_id\titem_id\nu\t\"Al\" B\n"]
        #expect(
            try message("{path: x.csv, delimiter: \"\\t\"}", quoted) == """
                x.csv:2:7: required the end of the field after its quote, found ' B'
                  declared at spec.yaml:4:24, 'data.interactions.path'
                  'quote: null' reads quotes as text; 'on_bad_row: skip' leaves such rows out
                """)
        #expect(
            try message("{path: x.csv}", ["x.csv": "user_id,item_id\nu,i\n,j\n"]) == """
                x.csv:3:1: required user_id, an id, found nothing
                  declared at spec.yaml:4:24, 'data.interactions.path'
                  'on_bad_row: skip' leaves such rows out and counts them
                """)
    }

    /// A question is evaluated by what counts as a hit, and by what training knows.
    @Test func someHeldOutRowsAreNotEvaluated() throws {
        let rows = "u,a,train,5\nv,b,train,1\nu,b,test,4\nw,a,test,5\nv,c,test,5\nv,a,test,3\n"
        try withTemporaryFolder { folder in
            try Data(("user_id,item_id,split,rating\n" + rows).utf8).write(
                to: URL(filePath: folder + "/x.csv"))
            func evaluated(_ evaluate: String) throws -> (rows: [String], notes: [String]) {
                let plan = try plan(
                    """
                    name: sample
                    data:
                      source: csv
                      interactions: {path: x.csv, columns: [{name: rating, type: float}]}
                      split: {strategy: column}
                    \(Sample.towers)
                    evaluate: \(evaluate)
                    """, in: isolated(folder))
                #expect(plan.train.count == 2)
                let part = plan.evaluation.test
                let names = (0..<part.queryNames.count).map {
                    part.queryNames[$0] + part.candidateNames[$0]
                }
                return (names, plan.notes)
            }
            #expect(try evaluated("{}").rows == ["ub", "wa", "vc", "va"])
            let relevant = try evaluated("{relevance: {min: 4}}")
            #expect(relevant.rows == ["ub", "wa", "vc"])
            #expect(relevant.notes.contains("3 of 4 test interactions are evaluated"))
            #expect(
                try evaluated("{leave_out: [unseen_queries, unseen_candidates]}").rows == [
                    "ub", "va",
                ])
            #expect(throws: SpecError.self) { try evaluated("{relevance: {min: 9}}") }
            #expect(throws: SpecError.self) { try evaluated("{relevance: {column: user_id}}") }
        }
    }

    /// The mean that normalization learns is that of the values that there are.
    @Test func standInsTeachNothing() throws {
        try withTemporaryFolder { folder in
            try Data("user_id,item_id\nu,a\nv,b\nu,c\nv,a\n".utf8).write(
                to: URL(filePath: folder + "/x.csv"))
            func values(_ years: String, _ column: String) throws -> [Float] {
                try Data("item_id,year\n\(years)".utf8).write(
                    to: URL(filePath: folder + "/items.csv"))
                let plan = try plan(
                    """
                    name: sample
                    data:
                      source: csv
                      interactions: {path: x.csv}
                      items: {path: items.csv, columns: [\(column)]}
                      split: {strategy: random, train: 3, test: 1}
                    towers:
                      query:
                        features:
                          - {type: string_lookup, column: user_id, embedding: {output_dim: 1}}
                      candidate: {features: [{type: normalization, column: year}]}
                    """, in: isolated(folder))
                let rows = plan.model.encodeCandidates([0, 1, 2], .inference).embeddings
                return (0..<3).map { Array(rows.row($0))[0] }
            }
            let known = try values("a,1990\nb,1980\nc,1985\n", "{name: year, type: float}")
            let filled = try values(
                "a,1990\nb,1980\nc,\n", "{name: year, type: float, fill: 0}")
            // Two values on either side of their mean.
            #expect(known[0] > 0 && known[1] < 0)
            #expect(abs(filled[0]) <= 1.5 && abs(filled[1]) <= 1.5 && filled[2] < -100)
        }
    }
}
