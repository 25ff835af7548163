import Retrieval
import Testing

/// Elements by their positions, whoever gathers them.
@Suite struct GatheringTests {
    @Test(arguments: [0, 1, 1000, 262_144, 700_001])
    func lanesGatherWhatOneDoes(count: Int) {
        let values = (0..<count).map { Int64($0 * 3) }
        // A number without a factor of the counts runs through all positions.
        let positions = (0..<count).map { Int32($0 * 7919 % max(1, count)) }
        let expected = positions.map { values[Int($0)] }
        for threads in 1...3 {
            #expect(values.gathered(positions, lanes: Lanes(threads: threads)) == expected)
        }
    }
}
