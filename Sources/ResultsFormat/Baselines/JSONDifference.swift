/// One place at which two JSON values differ.
public struct JSONDifference: Hashable, Sendable {
    public let path: JSONPath
    /// Nil where only the other has something there.
    public let old: JSONValue?
    public let new: JSONValue?

    /// The places at which two values differ, as deep as they can be told, in the order of the
    /// old one's members, then the new one's others. 1 and 1.0 are the same here.
    public static func between(
        _ old: JSONValue?, _ new: JSONValue?, at path: JSONPath = []
    ) -> [JSONDifference] {
        switch (old, new) {
        case (.object(let left)?, .object(let right)?):
            let added = right.keys.filter { left[$0] == nil }
            return (left.keys + added).flatMap { key in
                between(left[key], right[key], at: path.appending(.key(key)))
            }
        case (.array(let left)?, .array(let right)?) where left.count == right.count:
            return left.indices.flatMap { index in
                between(left[index], right[index], at: path.appending(.index(index)))
            }
        default:
            if old == new { return [] }
            if let left = old?.doubleValue, let right = new?.doubleValue, left == right {
                return []
            }
            return [JSONDifference(path: path, old: old, new: new)]
        }
    }

    /// `path: old -> new`, `(none)` where there is nothing.
    public var line: String {
        "\(path): \(Self.text(old)) -> \(Self.text(new))"
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "(none)" }
        let text = (try? value.jsonText(.compact)) ?? "?"
        return text.count > 200 ? text.prefix(200) + "…" : text
    }
}
