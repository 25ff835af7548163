/// The options of a task and its data that may be on or off.
struct TaskSwitches: OptionSet, Sendable {
    let rawValue: Int
    static let temperature = TaskSwitches(rawValue: 1)
    static let correction = TaskSwitches(rawValue: 2)
    static let accidentalHits = TaskSwitches(rawValue: 4)
    static let mask = TaskSwitches(rawValue: 8)
    static let mining = TaskSwitches(rawValue: 16)
    static let weights = TaskSwitches(rawValue: 32)
    static let extraNegatives = TaskSwitches(rawValue: 64)
    /// All combinations of these.
    static let combinations = 0..<128
}
