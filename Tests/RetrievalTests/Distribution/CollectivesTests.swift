import Retrieval
import TestSupport
import Testing

/// What ranks do together, against what one process makes of all their parts.
@Suite struct CollectivesTests {
    /// Any number of ranks holds part of the sum, of vectors of any length.
    @Test(arguments: [1, 2, 4, 8]) func sumsAreThoseOfTheTree(size: Int) throws {
        for length in [0, 1, 2, 7, 64, 1001] {
            for parts in 1...size {
                var random = SeededGenerator(seed: UInt64(length * 10 + parts))
                // Of magnitudes that make every order of additions show.
                let all: [[Float]] = (0..<size).map { _ in
                    (0..<length).map { _ in
                        Float.random(in: -1...1, using: &random)
                            * Float(
                                sign: .plus, exponent: .random(in: -9...9, using: &random),
                                significand: 1)
                    }
                }
                let expected = Lanes.treeSum(all.prefix(parts).map(Optional.init)) {
                    for (index, value) in $1.enumerated() { $0[index] += value }
                }
                let found = try InProcessRanks.run(size) { ranks in
                    var own = all[ranks.rank]
                    own.withUnsafeMutableBufferPointer { ranks.treeSum($0, ofRanks: parts) }
                    return own
                }
                for own in found {
                    #expect(own.map(\.bitPattern) == expected?.map(\.bitPattern))
                }
            }
        }
    }

    @Test(arguments: [1, 2, 4, 8]) func negativeZeroStays(size: Int) throws {
        let found = try InProcessRanks.run(size) { ranks in
            var own: [Float] = ranks.rank == 0 ? [-0.0, 1] : [0, 0]
            own.withUnsafeMutableBufferPointer { ranks.treeSum($0, ofRanks: 1) }
            return own
        }
        for own in found { #expect(own.map(\.bitPattern) == [0x8000_0000, 0x3f80_0000]) }
    }

    /// 2 · (1 − 1/ranks) times the numbers.
    @Test(arguments: [2, 4, 8]) func sumsSendNoMoreThanTheyMust(size: Int) throws {
        let bytes = try InProcessRanks.run(size) { ranks in
            var own = [Float](repeating: 1, count: 1024)
            own.withUnsafeMutableBufferPointer { ranks.treeSum($0, ofRanks: size) }
            return ranks.bytesSent
        }
        #expect(bytes == [Int](repeating: 2 * 4096 * (size - 1) / size, count: size))
    }

    @Test(arguments: [1, 2, 4, 8]) func everybodyHasEverything(size: Int) throws {
        let found = try InProcessRanks.run(size) { ranks in
            ranks.barrier()
            let own = (0..<(ranks.rank * 3 % 5)).map { Int32(ranks.rank * 100 + $0) }
            let toEach = (0..<size).map { [Int](repeating: ranks.rank * 10 + $0, count: $0) }
            return (
                ranks.joined(own), ranks.allToAll(toEach), ranks.sum(ranks.rank),
                ranks.broadcast(ranks.rank + 7), ranks.any(ranks.rank == size - 1), ranks.any(false)
            )
        }
        let all = (0..<size).flatMap { rank in (0..<(rank * 3 % 5)).map { Int32(rank * 100 + $0) } }
        for (rank, own) in found.enumerated() {
            #expect(own.0 == all)
            #expect(own.1 == (0..<size).map { [Int](repeating: $0 * 10 + rank, count: rank) })
            #expect(own.2 == size * (size - 1) / 2)
            #expect(own.3 == 7)
            #expect(own.4)
            #expect(!own.5)
        }
    }

    @Test func otherNumbersOfRanksAreRefused() {
        for size in [1, 2, 4, 8] { #expect(RankCount.objection(to: size) == nil) }
        for size in [0, 3, 5, 6, 7, 9, 16] {
            #expect(RankCount.objection(to: size)?.hasSuffix("found \(size)") == true)
        }
    }
}
