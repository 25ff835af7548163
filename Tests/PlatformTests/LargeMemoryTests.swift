import Platform
import Testing

/// Arrays whose memory is in large pages where it is large.
@Suite struct LargeMemoryTests {
    /// What stands in an array stays, and as much fits behind it as was asked for without a copy.
    @Test(arguments: [0, 1, 1000, 3_000_000])
    func roomLeavesTheElements(count: Int) {
        let elements = (0..<Int32(count)).map { $0 &* 2_654_435 }
        for minimum in [0, count, count + 1, 2 * count + 100] {
            var array = elements
            array.reserveLargeCapacity(minimum)
            #expect(array == elements)
            #expect(array.capacity >= minimum)
            let start = array.withUnsafeBufferPointer(\.baseAddress)
            let more = max(0, minimum - count)
            array.append(contentsOf: repeatElement(7, count: more))
            #expect(array.prefix(count).elementsEqual(elements))
            #expect(array.dropFirst(count).allSatisfy { $0 == 7 } && array.count == count + more)
            if more > 0 { #expect(array.withUnsafeBufferPointer(\.baseAddress) == start) }
        }
    }

    /// The next array is as large as the one before it, and empty.
    @Test func anEmptyOneOfTheSameSize() {
        let next = [Int64](repeating: 1, count: 1000).emptyOfSameSize
        #expect(next.isEmpty && next.capacity >= 1000)
        #expect([Int64]().emptyOfSameSize.isEmpty)
    }
}
