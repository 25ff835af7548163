import Safeguards

/// One place at which two JSON values differ.
public struct JSONDifference: Hashable, Sendable {
    /// Where the documents differ.
    public let path: JSONPath
    /// Nil where only the other has something there.
    public let old: JSONValue?
    /// What stands there now; nil: nothing.
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
        case (.array(let left)?, .array(let right)?)
        where left.count == right.count || (left + right).allSatisfy { $0.objectValue != nil }:
            return aligned(left, right, at: path)
        default:
            if old == new { return [] }
            if let left = old?.doubleValue, let right = new?.doubleValue, left == right {
                return []
            }
            return [JSONDifference(path: path, old: old, new: new)]
        }
    }

    /// Lists item by item. Of two lengths, what both begin or end with is the same, what stands
    /// between is paired in order, and the rest of the longer is there in one only.
    private static func aligned(
        _ left: [JSONValue], _ right: [JSONValue], at path: JSONPath
    ) -> [JSONDifference] {
        let shorter = min(left.count, right.count)
        let isAlike = left.count == right.count
        let head = isAlike ? 0 : zip(left, right).prefix { $0 == $1 }.count
        let tail =
            isAlike
            ? 0
            : zip(left.reversed(), right.reversed()).prefix(shorter - head)
                .prefix { $0 == $1 }.count
        let middle = max(left.count, right.count) - tail
        return (head..<middle).flatMap { index in
            // Nil for what is not there; a bare nil would be JSON's null.
            between(
                index < left.count - tail ? left[index] : JSONValue?.none,
                index < right.count - tail ? right[index] : JSONValue?.none,
                at: path.appending(.index(index)))
        }
    }

    /// `path: old -> new`, `(none)` where there is nothing.
    public var line: String {
        VisibleText.line("\(path): \(Self.text(old)) -> \(Self.text(new))")
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "(none)" }
        let text = (try? value.jsonText(.compact)) ?? "?"
        return text.count > 120 ? text.prefix(120) + "…" : text
    }
}
