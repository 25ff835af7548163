import ResultsFormat
import Retrieval
import Safeguards

/// The rows of `candidates.jsonl` or `queries.jsonl`: one JSON object each, its id first. They are
/// parsed when they are asked for.
final class EntityRows: Sendable {
    private let file: String
    private let id: String
    private let bytes: [UInt8]
    /// Where each line starts, and the end.
    private let offsets: [Int]
    private let rowOfID = Guarded<[UTF8Token: Int32]?>(nil)

    /// - Parameters:
    ///   - file: as messages name it.
    ///   - id: the member that identifies a row.
    ///   - count: rows that there have to be.
    init(_ bytes: [UInt8], file: String, id: String, count: Int) throws(ModelError) {
        self.file = file
        self.id = id
        self.bytes = bytes
        var offsets = [0]
        bytes.withUnsafeBufferPointer { bytes in
            for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
                offsets.append(index + 1)
            }
        }
        guard offsets.last == bytes.count, offsets.count == count + 1 else {
            throw .damaged(
                file: file, place: "the file", required: "\(count) lines that end",
                found: "\(offsets.count - 1)")
        }
        self.offsets = offsets
    }

    var count: Int { offsets.count - 1 }

    /// What is known of a row.
    func row(_ index: Int) throws(ModelError) -> JSONObject {
        let json: JSONValue
        do throws(JSONParseError) {
            json = try JSONValue(
                parsing: Array(bytes[offsets[index]..<offsets[index + 1]]),
                limits: JSONLimits(depth: 16, bytes: 1 << 26))
        } catch {
            throw damaged(index, "a JSON object", "\(error)")
        }
        guard let object = json.objectValue else {
            throw damaged(index, "a JSON object", json.kind)
        }
        return object
    }

    /// The id of a row.
    func id(_ index: Int) throws(ModelError) -> String {
        if let quick = quickID(index) { return quick }
        guard let text = try row(index)[id]?.stringValue else {
            throw damaged(index, "'\(id)', a text", "none")
        }
        return text
    }

    /// The id of a row as it is written here: the first member, mostly without escapes.
    private func quickID(_ index: Int) -> String? {
        let start = Array("{\"\(id)\":\"".utf8)
        let line = bytes[offsets[index]..<offsets[index + 1]]
        guard line.starts(with: start) else { return nil }
        let rest = line.dropFirst(start.count)
        guard
            let end = rest.firstIndex(where: {
                $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
            }), rest[end] == UInt8(ascii: "\"")
        else { return nil }
        return String(validating: rest[..<end], as: UTF8.self)
    }

    /// The row of an id; nil where there is none.
    func row(of id: String) throws(ModelError) -> Int32? {
        try rows(of: [id])[0]
    }

    /// The row of each id.
    func rows(of ids: [String]) throws(ModelError) -> [Int32?] {
        try rowOfID.withLock { known throws(ModelError) in
            if known == nil {
                var made: [UTF8Token: Int32] = [:]
                made.reserveCapacity(count)
                for row in 0..<count {
                    let id = try self.id(row)
                    guard made.updateValue(Int32(row), forKey: UTF8Token(id)) == nil else {
                        throw damaged(row, "an id of its own", "'\(id)' again")
                    }
                }
                known = made
            }
            return ids.map { known?[UTF8Token($0)] }
        }
    }

    private func damaged(_ row: Int, _ required: String, _ found: String) -> ModelError {
        .damaged(file: file, place: "line \(row + 1)", required: required, found: found)
    }
}

extension Column {
    /// A row's value as JSON; null where it is not finite.
    func json(_ row: Int) -> JSONValue {
        switch self {
        case .tokens(let tokens): .string(tokens[row])
        case .tokenLists(let lists): .array(lists[row].map(JSONValue.string))
        case .integers(let values): .integer(Int(values[row]))
        case .numbers(let values): values[row].isFinite ? .number(values[row]) : .null
        case .times(let times):
            times.ticks[row].isMultiple(of: times.perSecond)
                ? .integer(Int(times.ticks[row] / times.perSecond))
                : .number(times.seconds(of: row))
        }
    }

    /// What a saved model says of it.
    func record(_ name: String) -> ModelRecord.InputColumn {
        switch self {
        case .tokens: .init(name: name, kind: "tokens")
        case .tokenLists: .init(name: name, kind: "token_lists")
        case .integers: .init(name: name, kind: "integers")
        case .numbers: .init(name: name, kind: "numbers")
        case .times(let times):
            .init(name: name, kind: "times", ticksPerSecond: Int(times.perSecond))
        }
    }
}

extension ModelRecord.InputColumn {
    /// The column of some values as JSON has them.
    ///
    /// - Parameter place: what is wrong with which value, for messages.
    func column(
        _ values: [JSONValue], place: (Int) -> ModelError
    ) throws(ModelError) -> Column {
        func each<Value>(_ read: (JSONValue) -> Value?) throws(ModelError) -> [Value] {
            var all: [Value] = []
            all.reserveCapacity(values.count)
            for (index, value) in values.enumerated() {
                guard let read = read(value) else { throw place(index) }
                all.append(read)
            }
            return all
        }
        switch kind {
        case "tokens": return .tokens(TokenColumn(distinct: try each(\.token)))
        case "token_lists":
            let lists = try each { value in value.arrayValue?.map(\.token) }
            guard let wrong = lists.firstIndex(where: { $0.contains(nil) }) else {
                return .tokenLists(TokenListColumn(lists.map { $0.compactMap(\.self) }))
            }
            throw place(wrong)
        case "integers": return .integers(try each { $0.integerValue.map(Int64.init) })
        case "numbers": return .numbers(try each { $0.doubleValue })
        default:
            let ticks = Int64(ticksPerSecond ?? 1)
            let times = try each { value -> Int64? in
                if let whole = value.integerValue {
                    let product = Int64(whole).multipliedReportingOverflow(by: ticks)
                    return product.overflow ? nil : product.partialValue
                }
                return value.doubleValue.flatMap { Int64(exactly: ($0 * Double(ticks)).rounded()) }
            }
            return .times(TimeColumn(ticks: times, perSecond: ticks))
        }
    }

    /// What a value has to be, in words.
    var required: String {
        switch kind {
        case "tokens": "a text or a whole number"
        case "token_lists": "a list of texts"
        case "integers": "a whole number"
        case "numbers": "a number"
        default: "a time in seconds since 1970"
        }
    }
}

extension JSONValue {
    /// A token: a text, or a whole number as its digits.
    var token: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}

extension TokenColumn {
    /// Tokens that are told apart by their bytes.
    init(distinct tokens: [String]) {
        var known: [UTF8Token: Int32] = [:]
        self.init(codes: [], dictionary: [])
        for token in tokens {
            if let code = known[UTF8Token(token)] {
                codes.append(code)
            } else {
                known[UTF8Token(token)] = Int32(dictionary.count)
                codes.append(Int32(dictionary.count))
                dictionary.append(token)
            }
        }
    }
}

extension TokenListColumn {
    init(_ lists: [[String]]) {
        let tokens = TokenColumn(distinct: lists.flatMap { $0 })
        self.init(dictionary: tokens.dictionary)
        var start = 0
        for list in lists {
            append(tokens.codes[start..<start + list.count])
            start += list.count
        }
    }
}
