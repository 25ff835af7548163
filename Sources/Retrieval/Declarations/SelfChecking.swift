/// A component that can tell before there are data what is wrong or doubtful about it. Spec readers
/// ask it, so that `validate` finds what a run would stumble over.
public protocol SelfChecking {
    /// Whether its fields, each right by itself, go together.
    ///
    /// - Throws: what is wrong, such as ``DataError/impossible(_:)``.
    func check() throws

    /// What is legal but surely not meant. A reader warns of it and goes on.
    func advice() -> [Advice]
}

extension SelfChecking {
    public func check() throws {}
    public func advice() -> [Advice] { [] }
}

/// What a component warns of: a setting that leaves it without effect, or without the one that its
/// name promises.
public struct Advice: Hashable, Sendable {
    /// The field that it is about, after those that lead to it from the component; none where it
    /// is about the component as a whole.
    public private(set) var fields: [String]
    /// What the setting does, in a sentence without a full stop.
    public var message: String

    public init(_ message: String) {
        fields = []
        self.message = message
    }

    public init<Value>(at field: Field<Value>, _ message: String) {
        fields = [field.name]
        self.message = message
    }

    /// Of one element of a list, from 0.
    public init<Value>(at field: Field<Value>, element: Int, _ message: String) {
        fields = ["\(field.name)[\(element)]"]
        self.message = message
    }

    /// The same of an object that is the value of a component's field.
    public func inside<Value>(_ field: Field<Value>) -> Advice {
        var advice = self
        advice.fields.insert(field.name, at: 0)
        return advice
    }

    /// The same of an object that is one element of a list, from 0.
    public func inside<Value>(_ field: Field<Value>, element: Int) -> Advice {
        var advice = self
        advice.fields.insert("\(field.name)[\(element)]", at: 0)
        return advice
    }
}
