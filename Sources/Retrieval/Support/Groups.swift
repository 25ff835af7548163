/// Numbers 0 ..< n in groups, each group's in increasing order, all in one piece of memory.
package struct Groups: Sendable {
    private let offsets: [Int32]
    private let members: [Int32]

    /// - Parameters:
    ///   - groupOf: the group of each number.
    ///   - count: groups are below this number.
    package init(groupOf: [Int32], count: Int) {
        var offsets = [Int32](repeating: 0, count: count + 1)
        for group in groupOf { offsets[Int(group) + 1] += 1 }
        for group in 0..<count { offsets[group + 1] += offsets[group] }
        var next = offsets
        var members = [Int32](repeating: 0, count: groupOf.count)
        for (number, group) in groupOf.enumerated() {
            members[Int(next[Int(group)])] = Int32(number)
            next[Int(group)] += 1
        }
        self.offsets = offsets
        self.members = members
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
