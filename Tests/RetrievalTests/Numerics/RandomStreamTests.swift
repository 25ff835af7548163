import Retrieval
import Testing

@Suite struct RandomStreamTests {
    /// From an independent implementation of SplitMix64, FNV-1a and xoshiro256**.
    @Test func goldenWords() {
        var stream = RandomStream(seed: 42, stream: "shuffle")
        #expect(
            (0..<4).map { _ in stream.next() } == [
                0xF0C1_6642_D923_0ECC, 0x830E_BEE1_A885_8E62, 0xC3F4_1357_831C_5DDA,
                0xD80E_75E3_2F79_5F34,
            ])
        var first = RandomStream(seed: 42, stream: "shuffle", index: 0)
        #expect([first.next(), first.next()] == [0xFBBE_C6EE_5CA6_41EE, 0x6F2C_365B_C660_EAF8])
        var seventh = RandomStream(seed: 42, stream: "shuffle", index: 7)
        #expect(
            [seventh.next(), seventh.next()] == [0xC43C_029E_7AC5_D140, 0xB1F2_A9D5_D9EE_40F3])
    }

    @Test func goldenDraws() {
        var uniform = RandomStream(seed: 7, stream: "uniform")
        #expect(
            (0..<3).map { _ in uniform.uniform() } == [
                0.3633609579282926, 0.34281703160884636, 0.2213268942634452,
            ])
        var small = RandomStream(seed: 7, stream: "below")
        #expect((0..<12).map { _ in small.below(10) } == [5, 9, 3, 3, 2, 0, 5, 9, 3, 1, 2, 9])
        // A bound for which a quarter of the words must be thrown away.
        var large = RandomStream(seed: 7, stream: "below")
        #expect(
            (0..<4).map { _ in large.below(1 << 62 + 1 << 61 + 1) } == [
                6_431_104_267_821_403_730, 2_240_232_790_854_092_589, 1_904_323_798_667_119_458,
                654_822_680_527_296_728,
            ])
        var order = RandomStream(seed: 42, stream: "split")
        #expect(order.permutation(10) == [5, 8, 0, 1, 7, 4, 2, 6, 3, 9])
    }

    @Test func streamsDifferBySeedNameAndIndex() {
        var seen: Set<UInt64> = []
        for seed in 0..<20 as Range<UInt64> {
            for name in ["", "a", "b", "ab", "ba"] {
                var stream = RandomStream(seed: seed, stream: name)
                seen.insert(stream.next())
                for index in -2..<10 {
                    var stream = RandomStream(seed: seed, stream: name, index: index)
                    seen.insert(stream.next())
                }
            }
        }
        #expect(seen.count == 20 * 5 * 13)
    }

    @Test func drawsCoverTheirRangeEvenly() {
        var stream = RandomStream(seed: 3, stream: "even")
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<6000 { counts[stream.below(6)] += 1 }
        // Standard deviation 29: six of them.
        #expect(counts.allSatisfy { abs($0 - 1000) < 175 }, "\(counts)")
        let mean = (0..<4000).reduce(0.0) { sum, _ in sum + stream.uniform() } / 4000
        #expect(abs(mean - 0.5) < 0.03)
    }

    @Test func floatsStayBelowTheUpperBound() {
        var stream = RandomStream(seed: 3, stream: "floats")
        // Of these bounds the sum would round up to the upper one every other time.
        let narrow: Range<Float> = 1..<Float(1).nextUp
        for _ in 0..<100 { #expect(stream.uniformFloat(in: narrow) == 1) }
        let wide = (0..<1000).map { _ in stream.uniformFloat(in: -0.05..<0.05) }
        #expect(wide.allSatisfy { (-0.05..<0.05).contains($0) })
        #expect((wide.min() ?? 0) < -0.049 && (wide.max() ?? 0) > 0.049)
    }

    @Test func everyOrderOfThreeComesUp() {
        var stream = RandomStream(seed: 5, stream: "orders")
        var counts: [[Int32]: Int] = [:]
        for _ in 0..<1200 { counts[stream.permutation(3), default: 0] += 1 }
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs($0 - 200) < 80 }, "\(counts)")
        #expect(stream.permutation(0).isEmpty)
        #expect(stream.permutation(1) == [0])
    }

    @Test func aCopyContinuesFromTheSamePoint() {
        var stream = RandomStream(seed: 5, stream: "copy")
        _ = stream.next()
        var copy = stream
        #expect(stream.next() == copy.next())
        #expect(stream == copy)
    }
}
