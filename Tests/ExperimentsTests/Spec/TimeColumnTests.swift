import Experiments
import ResultsFormat
import Retrieval
import Testing

/// `data.time`: the column of times has one name, and is named once.
struct TimeColumnTests {
    private static func spec(_ data: String, baseline: String = "") throws -> ExperimentSpec {
        try decode(
            """
            name: sample
            data:
              source: csv
              interactions: {path: log.csv, columns: [{name: at, type: timestamp}]}
            \(data)
            towers:
              query:
                features:
                  - {type: string_lookup, column: user_id, embedding: {output_dim: 4}}
                  - type: history
                    column: item_id
                    encoder: average
                    embedding: {output_dim: 4}
              candidate:
                features: [{type: string_lookup, column: item_id, embedding: {output_dim: 8}}]
            \(baseline)
            """)
    }

    /// Whatever follows the column is told of it, except for what says otherwise.
    @Test func isNamedOnce() throws {
        let spec = try Self.spec(
            """
              time: at
              filters:
                - {type: date_range, from: 2020-01-01}
                - {type: last_per_user, count: 3, order_by: other}
                - drop_duplicates
              split: temporal
            """)
        #expect(spec.data.time == "at")
        #expect(spec.data.split.values["order_by"] == .string("at"))
        #expect(spec.data.filters[0].values["order_by"] == .string("at"))
        #expect(spec.data.filters[1].values["order_by"] == .string("other"))
        // Those that order by nothing go on doing so.
        #expect(spec.data.filters[2].values["order_by"] == .null)
        #expect(spec.towers.query.features[1].values["order_by"] == .string("at"))
        let rest = try Self.spec("  split: temporal")
        #expect(rest.data.time == "timestamp")
        #expect(rest.data.split.values["order_by"] == .string("timestamp"))
        #expect(rest.towers.query.features[1].values["order_by"] == .string("timestamp"))
    }

    /// The recorded spec says it in each place, and is the same however it was said.
    @Test func theRecordedSpecIsTheSame() throws {
        let once = try Self.spec(
            "  time: at\n  split: temporal",
            baseline: "baseline: {type: recent_popular, half_life: 9}")
        let record = try once.record(catalog: .builtIn)
        #expect(record.spec["data"]?["time"] == nil)
        #expect(record.spec["baseline"]?["order_by"] == "at")
        let again = try SpecReader(catalog: .builtIn).read(record.spec)
        #expect(try again.record(catalog: .builtIn).specSHA256 == record.specSHA256)
    }

    /// A name that no column has is blamed where it is given.
    @Test func aColumnThatThereIsNot() {
        let text = Sample.minimal.replacing(
            "{source: synthetic}", with: "{source: synthetic, time: when}")
        let errors = planErrors { try plan(text) }
        #expect(errors.count == 1)
        #expect(
            errors.first?.hasPrefix("2:33: the interactions have no column 'when'") == true,
            "\(errors)")
    }

    /// What earlier versions called `column` may be called so still.
    @Test func formerNamesAreTaken() throws {
        let spec = try Self.spec(
            "  filters: [{type: date_range, column: at, from: 2020-01-01}]",
            baseline: "baseline: {type: recent_popular, column: at, half_life: 9}")
        #expect(spec.data.filters[0].values["order_by"] == .string("at"))
        #expect(spec.data.filters[0].values["column"] == nil)
        #expect(spec.baseline?.values["order_by"] == .string("at"))
    }
}

/// Specs that a program makes.
struct SpecValueTests {
    private static func value(epochs: JSONValue) -> JSONValue {
        let tower: (String) -> JSONValue = { column in
            [
                "features": [
                    [
                        "type": "string_lookup", "column": .string(column),
                        "embedding": ["output_dim": 4],
                    ]
                ]
            ]
        }
        return [
            "name": "made", "data": ["source": "synthetic"],
            "towers": ["query": tower("user_id"), "candidate": tower("item_id")],
            "train": ["epochs": epochs],
        ]
    }

    @Test func areReadAsFilesAre() throws {
        let reader = SpecReader(catalog: .builtIn)
        let spec = try reader.read(Self.value(epochs: 3))
        #expect(spec.train.epochs == 3)
        let text = try Self.value(epochs: 3).jsonText(.pretty)
        let file = try reader.read(text: text, name: "made.json")
        #expect(spec.resolved == file.resolved)
    }

    @Test func mistakesAreTold() {
        let wrong: [(JSONValue, String)] = [("three", "'three'"), (.number(.nan), "'nan'")]
        for (epochs, found) in wrong {
            let error = #expect(throws: SpecError.self) {
                try SpecReader(catalog: .builtIn).read(Self.value(epochs: epochs))
            }
            #expect(
                error?.description.contains(
                    "'epochs' requires an integer, at least 1; found \(found)") == true,
                "\(error?.description ?? "no error")")
        }
    }
}
