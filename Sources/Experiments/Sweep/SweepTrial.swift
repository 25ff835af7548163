import Hashing
import ResultsFormat
import YAMLTree

/// One trial of a sweep: the base with settings laid over it.
public struct SweepTrial: Sendable {
    /// Unique in the sweep, the same in whatever order its parts are written:
    /// `batch_size=64,learning_rate=0.1,seed=2`. Also a file name.
    public let name: String
    /// The name without seed and fold; empty where nothing else varies.
    public let configuration: String
    /// The settings by path, but for seed and fold.
    public let settings: OrderedMap<JSONValue>
    public let seed: Int?
    public let fold: Int?
    /// The epochs of the rung of successive halving that this is; nil without halving.
    public let rungEpochs: Int?
    /// The merged tree.
    let tree: YAMLNode
}

/// Which trials of a sweep one of several machines runs: `2/4`.
public struct SweepShard: Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    public let count: Int

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
            count >= 1, count <= 100_000, (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    public var description: String { "\(number)/\(count)" }

    /// Every `count`-th trial in the order of the names, so that the shards of one sweep are
    /// disjoint, complete and equally large to within one.
    public func select(_ trials: [SweepTrial]) -> [SweepTrial] {
        trials.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
    }
}

/// Names for trials, made of their settings.
struct TrialNaming {
    /// The least of each path's end that no other path has.
    private let shortNames: [JSONPath: String]

    init(_ paths: [JSONPath]) {
        let distinct = Set(paths)
        /// How many paths end with so many words.
        var ends: [ArraySlice<String>: Int] = [:]
        for path in distinct {
            let own = Self.words(path)
            for length in 1...max(own.count, 1) { ends[own.suffix(length), default: 0] += 1 }
        }
        var names: [JSONPath: String] = [:]
        for path in distinct {
            let own = Self.words(path)
            let length = (1...max(own.count, 1)).first { ends[own.suffix($0)] == 1 }
            names[path] = Self.harmlessPath(
                own.suffix(length ?? own.count).joined(separator: "."))
        }
        shortNames = names
    }

    /// The settings' part of a name, in the order of the paths.
    func configuration(_ settings: [(path: JSONPath, value: JSONValue)]) -> String {
        let full = settings.map {
            "\(shortNames[$0.path] ?? Self.harmlessPath($0.path.text))=\(Self.label($0.value))"
        }
        .joined(separator: ",")
        // A file name has its limits, and so has patience.
        guard full.utf8.count > 120 else { return full }
        return full.prefix(80) + "~" + Self.hash(full)
    }

    /// A path as part of a name: itself where it is harmless, as every path of the catalogue's
    /// fields is, else with a hash. A key may hold whatever a string can, such as `/../`.
    private static func harmlessPath(_ text: String) -> String {
        harmless(text) == text && !text.hasPrefix(".")
            ? text : harmless(text) + "~" + hash(text)
    }

    private static func words(_ path: JSONPath) -> [String] {
        path.components.map {
            switch $0 {
            case .key(let key): key
            case .index(let index): "\(index)"
            }
        }
    }

    /// A value as part of a name: itself where it is short and harmless, else with a hash.
    private static func label(_ value: JSONValue) -> String {
        let text: String
        switch value {
        case .string(let string):
            text = string
            // Not to be taken for the number or the boolean of the same look.
            let isAmbiguous = Double(string) != nil || ["true", "false", "null"].contains(string)
            if isAmbiguous { return harmless(string) + "~" + hash(value) }
        case .object(let members):
            let kind = members["type"] ?? members["source"] ?? members["strategy"]
            return (kind?.stringValue.map(harmless) ?? "") + "~" + hash(value)
        default: text = (try? value.jsonText(.compact)) ?? ""
        }
        let isHarmless =
            !text.isEmpty && text.utf8.count <= 40 && harmless(text) == text
            && !text.hasPrefix(".")
        return isHarmless ? text : harmless(String(text.prefix(20))) + "~" + hash(value)
    }

    private static func harmless(_ text: String) -> String {
        String(
            text.map {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) ? $0 : "-"
            })
    }

    private static func hash(_ value: JSONValue) -> String {
        hash((try? value.jsonText(.canonical)) ?? "")
    }

    private static func hash(_ text: String) -> String {
        String(SHA256.hexadecimal(of: text).prefix(8))
    }
}
