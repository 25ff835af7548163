import ResultsFormat
import SchemaValidation
import Testing

/// The schema of results says what the documents write and what their reader needs.
@Suite struct ResultsSchemaTests {
    static let schema = JSONSchema(ResultsSchema.document)

    static func documents() throws -> [JSONValue] {
        var full = try Sample.full()
        full.data?.fingerprint = String(repeating: "0a", count: 32)
        full.data?.contentSHA256 = String(repeating: "b1", count: 32)
        full.data?.filters = [
            FilterRecord(name: "f", removed: 1, interactions: 5, queries: 2, candidates: 3)
        ]
        full.data?.unseen = ["test": ["queries": 1]]
        full.training?.epochs[0].regularizationLoss = 0.5
        full.training?.figures = ["loss": FigureRecord(better: .lower)]
        full.training?.earlyStopping = EarlyStoppingRecord(
            monitor: "val_loss", direction: .minimize, bestEpoch: 1, bestValue: 0.5,
            stoppedEpoch: 2, restoredEpoch: 1, reason: "it got no better")
        full.training?.warmStart = WarmStartRecord(
            modelDigest: String(repeating: "c2", count: 32), frozen: false,
            continuedOptimizers: 1,
            parameters: ["query/user_id": .init(kept: 2, new: 1, dropped: 0)])
        full.model = ModelReference(path: "m", digest: String(repeating: "d3", count: 32))
        full.evaluation["test"]?.regularizationLoss = 0.5
        full.evaluation["test"]?.totalLoss = 3000.75
        full.profile = RunProfileTests.profile
        full.environment.started = "2026-11-26T19:15:00Z"
        full.environment.host = "vm"
        full.environment.commit = String(repeating: "a", count: 40)
        return [try full.sealed().json, try Sample.minimal().json]
    }

    @Test func documentsAreValid() throws {
        for document in try Self.documents() {
            #expect(Self.schema.violations(of: document) == [])
        }
    }

    /// Whatever the reader needs is required, and nothing else is.
    @Test func requiredIsWhatTheReaderNeeds() throws {
        for document in try Self.documents() {
            for path in Self.members(of: document, ResultsSchema.document, at: []) {
                let less = document.removing(path)
                let isReadable = (try? ResultsDocument(json: less)) != nil
                #expect(Self.schema.violations(of: less).isEmpty == isReadable, "\(path.text)")
            }
        }
    }

    @Test func everyDeclaredMemberIsWritten() throws {
        let full = try #require(try Self.documents().first)
        let written = Set(Self.members(of: full, ResultsSchema.document, at: []).map(\.text))
        for path in Self.declared(ResultsSchema.document, full, at: []) {
            #expect(written.contains(path.text), "\(path.text)")
        }
    }

    @Test func otherMembersAreNone() throws {
        for document in try Self.documents() {
            guard case .object(var members) = document else { continue }
            members["later"] = 1
            #expect(Self.schema.violations(of: .object(members)) == ["$: 'later' is unknown"])
        }
    }

    /// The paths of the members of a document that the schema describes one by one.
    private static func members(
        of value: JSONValue, _ schema: JSONValue, at path: JSONPath
    ) -> [JSONPath] {
        if let items = schema["items"], let values = value.arrayValue {
            return values.enumerated().flatMap {
                members(of: $1, items, at: path.appending(.index($0)))
            }
        }
        guard let object = value.objectValue else { return [] }
        return object.flatMap { member -> [JSONPath] in
            let here = path.appending(.key(member.key))
            if let property = schema["properties"]?[member.key] {
                return [here] + members(of: member.value, property, at: here)
            }
            return schema["additionalProperties"].map { members(of: member.value, $0, at: here) }
                ?? []
        }
    }

    /// The paths that the schema describes, along one document.
    private static func declared(
        _ schema: JSONValue, _ value: JSONValue, at path: JSONPath
    ) -> [JSONPath] {
        (schema["properties"]?.objectValue ?? [:]).flatMap { member -> [JSONPath] in
            let here = path.appending(.key(member.key))
            return [here] + declared(member.value, value[member.key] ?? .null, at: here)
        }
    }
}
