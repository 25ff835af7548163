/// A component that can tell before there are data whether its fields, each right by itself, go
/// together. Spec readers ask it, so that `validate` finds what a run would stumble over.
public protocol SelfChecking {
    /// - Throws: what is wrong, such as ``DataError/impossible(_:)``.
    func check() throws
}
