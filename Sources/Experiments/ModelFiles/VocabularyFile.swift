import ResultsFormat
import Retrieval

/// A file of `vocabularies/`: what one part of a model learned from data.
enum VocabularyFile {
    /// A name for the file of a part: its path as far as every system takes it, and its number.
    static func name(of path: String, number: Int) -> String {
        let plain = path.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        return "vocabularies/\(number)-\(String(plain.prefix(80))).json"
    }

    static func json(_ fact: LearnedFact, of path: String) -> JSONValue {
        var members: JSONObject = ["path": .string(path)]
        switch fact {
        case .tokens(let tokens, let weights):
            members["tokens"] = .array(tokens.map(JSONValue.string))
            if !weights.isEmpty { members["weights"] = .array(weights.map { JSONValue($0) }) }
        case .statistics(let mean, let variance):
            members["mean"] = .array(mean.map { JSONValue($0) })
            members["variance"] = .array(variance.map { JSONValue($0) })
        case .boundaries(let boundaries):
            members["boundaries"] = .array(boundaries.map { JSONValue($0) })
        }
        return .object(members)
    }

    static func fact(
        _ json: JSONValue, of path: String, in file: String
    ) throws(ModelError) -> LearnedFact {
        func wrong(_ place: String, _ required: String, _ found: JSONValue?) -> ModelError {
            .damaged(
                file: file, place: "'\(place)'", required: required,
                found: found?.shortText ?? "nothing")
        }
        guard json["path"]?.stringValue == path else {
            throw wrong("path", "'\(path)'", json["path"])
        }
        func floats(_ name: String) throws(ModelError) -> [Float] {
            let values = json[name]?.arrayValue?.map(\.floatValue) ?? [nil]
            let numbers = values.compactMap(\.self)
            guard numbers.count == values.count else {
                throw wrong(name, "numbers", json[name])
            }
            return numbers
        }
        if let tokens = json["tokens"] {
            let texts = tokens.arrayValue?.map(\.stringValue) ?? [nil]
            guard texts.allSatisfy({ $0 != nil }) else { throw wrong("tokens", "texts", tokens) }
            return .tokens(
                texts.compactMap(\.self),
                weights: json["weights"] == nil ? [] : try floats("weights"))
        }
        if json["boundaries"] != nil { return .boundaries(try floats("boundaries")) }
        return .statistics(mean: try floats("mean"), variance: try floats("variance"))
    }
}
