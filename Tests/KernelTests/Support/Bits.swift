/// The bits of values, with all NaNs alike: their payloads are no part of the contract.
func bits(_ values: [Float]) -> [UInt32] {
    values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern }
}

func bits(_ value: Float) -> [UInt32] {
    bits([value])
}

/// How far a value lies from the true one, in units of the last place of the true one.
func ulps(_ value: Float, from truth: Double) -> Double {
    if truth.isNaN || value.isNaN { return truth.isNaN && value.isNaN ? 0 : .infinity }
    let rounded = Float(truth)
    if rounded.isInfinite || value.isInfinite { return rounded == value ? 0 : .infinity }
    return abs(Double(value) - truth) / Double(rounded.ulp)
}

/// FNV-1a, to compare much with little.
func digest(_ bits: [UInt32]) -> UInt64 {
    bits.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
