/// A component with what it remembers, whose state is the memory's: what stands behind the faces that
/// erase a component's type.
struct Remembering<Component: Sendable, Memory: Restorable>: Restorable {
    let component: Component
    var memory: Memory

    func save(to arrays: inout NamedArrays, as name: String) {
        memory.save(to: &arrays, as: name)
    }

    mutating func restore(from arrays: inout NamedArrays, as name: String) throws(StateError) {
        try memory.restore(from: &arrays, as: name)
    }
}
