/// Numbers 0 ..< n in groups, each group's in increasing order, all in one piece of memory: as
/// ``Ragged``, with the offsets that kernels take.
package struct Groups: Sendable {
    private let offsets: [Int32]
    private let members: [Int32]

    /// - Parameters:
    ///   - groupOf: the group of each number.
    ///   - count: groups are below this number.
    package init(groupOf: [Int32], count: Int) {
        offsets = groupOffsets(groupOf, count: count)
        var next = offsets
        var members = [Int32](repeating: 0, count: groupOf.count)
        for (number, group) in groupOf.enumerated() {
            members[Int(next[Int(group)])] = Int32(number)
            next[Int(group)] += 1
        }
        self.members = members
    }

    /// Members as they come, not necessarily in order: those of group g stand at
    /// `offsets[g]..<offsets[g + 1]`.
    init(offsets: [Int32], members: [Int32]) {
        self.offsets = offsets
        self.members = members
    }

    /// The members of all groups, one group's after the other's.
    var all: [Int32] { members }

    /// The number of members of all groups.
    var memberCount: Int { members.count }

    /// Calls `body` with where each group starts among the members, and these.
    func withUnsafePointers(
        _ body: (_ offsets: UnsafePointer<Int32>, _ members: UnsafePointer<Int32>) -> Void
    ) {
        offsets.withUnsafeBufferPointer { offsets in
            members.withUnsafeBufferPointer { members in
                guard let start = offsets.baseAddress else { return }
                // Of no members none is read.
                body(start, members.baseAddress ?? start)
            }
        }
    }

    /// The number of groups.
    package var count: Int { offsets.count - 1 }

    /// The numbers of one group.
    package subscript(group: Int) -> ArraySlice<Int32> {
        members[Int(offsets[group])..<Int(offsets[group + 1])]
    }

    /// Calls `body` with each number of one group. Unlike a slice it retains nothing, for which
    /// lanes would wait for each other.
    @inline(__always)
    func forEach(of group: Int, _ body: (Int32) -> Void) {
        let range = Int(offsets[group])..<Int(offsets[group + 1])
        members.withUnsafeBufferPointer { members in
            for index in range { body(members[index]) }
        }
    }

    /// Whether no group holds more than one number.
    var areSingletons: Bool {
        offsets.indices.dropFirst().allSatisfy { offsets[$0] - offsets[$0 - 1] <= 1 }
    }
}
