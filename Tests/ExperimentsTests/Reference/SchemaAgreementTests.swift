import Experiments
import Foundation
import ResultsFormat
import Retrieval
import SchemaValidation
import Testing
import YAMLTree

/// The schema that an editor checks by and the decoder give the same verdict.
@Suite struct SchemaAgreementTests {
    static let document = SpecSchema.document(for: .builtIn)
    static let schema = JSONSchema(document)

    /// The decoder's errors; those of rules across fields are no matter of the schema.
    static func errors(_ spec: JSONValue) throws -> [String] {
        var reader = SpecReader(catalog: .builtIn, environment: [:])
        reader.checksAcrossFields = false
        // JSON is YAML.
        let text = try spec.jsonText(.compact)
        do throws(SpecError) {
            _ = try reader.read(text: text, name: "spec.json")
            return []
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    /// Compares the verdicts of some specs, and leaves them to an independent validator where
    /// `TFRS_VERDICTS_DIR` asks for them.
    static func compare(_ specs: [JSONValue], name: String) throws -> (valid: Int, invalid: Int) {
        var counts = (valid: 0, invalid: 0)
        var lines = ""
        for spec in specs {
            let errors = try errors(spec)
            let text = try spec.jsonText(.compact)
            let violations = schema.violations(of: spec)
            #expect(
                errors.isEmpty == violations.isEmpty,
                "\(text)\ndecoder: \(errors)\nschema: \(violations)")
            if errors.isEmpty { counts.valid += 1 } else { counts.invalid += 1 }
            let verdict: JSONValue = ["spec": spec, "valid": .bool(errors.isEmpty)]
            lines += try verdict.jsonText(.compact) + "\n"
        }
        if let folder = ProcessInfo.processInfo.environment["TFRS_VERDICTS_DIR"] {
            try lines.write(
                toFile: "\(folder)/\(name).jsonl", atomically: true, encoding: .utf8)
        }
        return counts
    }

    @Test func rightSpecsAreRightForBoth() throws {
        var generator = SpecGenerator(
            catalog: .builtIn, mischief: 0, random: RandomStream(seed: 1, stream: "right specs"))
        let counts = try Self.compare((0..<200).map { _ in generator.spec() }, name: "right")
        // What is left out here and there is implied by something else; most are right.
        #expect(counts.valid >= 150)
    }

    @Test func wrongSpecsAreWrongForBoth() throws {
        var generator = SpecGenerator(
            catalog: .builtIn, mischief: 0.01, random: RandomStream(seed: 1, stream: "wrong specs"))
        let counts = try Self.compare((0..<400).map { _ in generator.spec() }, name: "wrong")
        #expect(counts.invalid >= 100)
        #expect(counts.valid >= 20)
    }

    /// Every field of the catalogue, wrong in every way that its type knows.
    @Test func everyFieldIsJudgedAlike() throws {
        let mutations = FieldMutations(catalog: .builtIn).mutations
        #expect(mutations.count > 2000)
        let counts = try Self.compare(mutations.map(\.spec), name: "fields")
        // Some of what is tried is right after all: null where there may be none, a number within
        // its bounds.
        #expect(counts.invalid > mutations.count * 3 / 4)
        #expect(counts.valid > 100)
    }

    /// The one difference: JSON Schema takes 2.0 for an integer.
    @Test func wholeNumbersAreTheException() throws {
        var spec = try #require(Self.minimal.objectValue)
        spec["seed"] = .number(2)
        #expect(Self.schema.violations(of: .object(spec)) == [])
        #expect(try Self.errors(.object(spec)).count == 1)
    }

    /// Whatever the schema and `explain` give as an example is accepted.
    @Test func examplesAndDefaultsAreRight() throws {
        for (path, schema) in Self.schemas(in: Self.document, at: "$") {
            let values =
                (schema["examples"]?.arrayValue ?? []) + (schema["default"].map { [$0] } ?? [])
            var members = try #require(schema.objectValue)
            members["definitions"] = Self.document["definitions"]
            for value in values {
                #expect(JSONSchema(.object(members)).violations(of: value) == [], "\(path)")
            }
        }
    }

    @Test func aSpecThatExtendsMayLeaveOutTheRest() {
        let parts: JSONValue = ["extends": "base.yaml", "train": ["optimizer": ["epsilon": 1]]]
        #expect(Self.schema.violations(of: parts) == [])
        #expect(Self.schema.violations(of: ["train": [:]]).count == 3)
        let wrong: JSONValue = ["extends": "base.yaml", "trian": [:]]
        #expect(Self.schema.violations(of: wrong) == ["$: 'trian' is unknown"])
        let none: JSONValue = ["extends": .null]
        #expect(!Self.schema.violations(of: none).isEmpty)
    }

    private static let minimal: JSONValue = {
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
            "name": "sample", "data": "synthetic",
            "towers": ["query": tower("user_id"), "candidate": tower("item_id")],
        ]
    }()

    /// Every schema that describes a value, with its place.
    private static func schemas(
        in value: JSONValue, at path: String
    ) -> [(path: String, schema: JSONValue)] {
        var found: [(path: String, schema: JSONValue)] = []
        if value["description"]?.stringValue != nil { found.append((path, value)) }
        for member in value.objectValue ?? [:] where !["examples", "default"].contains(member.key) {
            found += schemas(in: member.value, at: "\(path).\(member.key)")
        }
        for (index, item) in (value.arrayValue ?? []).enumerated() {
            found += schemas(in: item, at: "\(path)[\(index)]")
        }
        return found
    }
}
