/// Something that a component does and that no component of its family may do.
///
/// The checks of this module return all of them, so that they serve every testing library:
///
/// ```swift
/// #expect(checkLoss(MyLoss()) == [])        // swift-testing
/// XCTAssertEqual(checkLoss(MyLoss()), [])   // XCTest
/// ```
public struct ConformanceFinding: Hashable, Sendable, CustomStringConvertible {
    /// What must hold, such as "the gradient is the derivative of the loss".
    public var rule: String
    /// Where it does not, with the numbers found and expected.
    public var found: String

    public init(rule: String, found: String) {
        self.rule = rule
        self.found = found
    }

    public var description: String { "\(rule): \(found)" }
}

/// Collects findings.
struct Findings {
    private(set) var all: [ConformanceFinding] = []

    /// Notes a finding unless what must hold does.
    mutating func require(
        _ holds: Bool, _ rule: String, _ found: @autoclosure () -> String
    ) {
        if !holds { all.append(ConformanceFinding(rule: rule, found: found())) }
    }

    /// Requires |found − expected| ≤ tolerance · max(1, |expected|).
    mutating func requireClose(
        _ found: Double, _ expected: Double, _ tolerance: Double, _ rule: String,
        _ place: @autoclosure () -> String
    ) {
        require(
            isClose(found, expected, tolerance), rule,
            "\(place()): \(found), expected \(expected)")
    }
}

/// |a − b| ≤ tolerance · max(1, |b|).
package func isClose(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance * max(1, abs(expected))
}
