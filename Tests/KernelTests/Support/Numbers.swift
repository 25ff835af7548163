import TestSupport

/// What kernels are tried on.
extension SeededGenerator {
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
