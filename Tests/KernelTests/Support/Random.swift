/// SplitMix64: the same numbers on every machine.
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Floats in −scale ..< scale.
    mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in
            (Float(next() >> 40) * 0x1p-23 - 1) * scale
        }
    }

    /// Floats, some of which are zeros, infinities or NaN.
    mutating func wildFloats(_ count: Int) -> [Float] {
        floats(count).map { value in
            switch next() % 12 {
            case 0: 0
            case 1: -0.0
            case 2: .infinity
            case 3: -.infinity
            case 4: .nan
            default: value
            }
        }
    }

    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func element<T>(of choices: [T]) -> T {
        choices[below(choices.count)]
    }
}
