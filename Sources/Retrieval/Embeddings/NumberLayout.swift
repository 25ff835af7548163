/// How numbers stand in a binary file.
enum NumberLayout {
    case half, brain, single, double

    var size: Int {
        switch self {
        case .half, .brain: 2
        case .single: 4
        case .double: 8
        }
    }

    /// Numbers from little-endian or big-endian bytes, as 32-bit floats.
    ///
    /// - Precondition: there are `count * size` bytes.
    func floats(_ bytes: ArraySlice<UInt8>, count: Int, isBigEndian: Bool = false) -> [Float] {
        precondition(bytes.count == count * size, "\(bytes.count) bytes for \(count) numbers")
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { position in
                var bits: UInt64 = 0
                for byte in 0..<size {
                    let place = isBigEndian ? size - 1 - byte : byte
                    bits |= UInt64(raw[position * size + byte]) << UInt64(8 * place)
                }
                return float(bits)
            }
        }
    }

    private func float(_ bits: UInt64) -> Float {
        switch self {
        case .single: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
        case .double: Float(Double(bitPattern: bits))
        case .brain: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
        case .half: Self.half(UInt32(truncatingIfNeeded: bits))
        }
    }

    private static func half(_ bits: UInt32) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
        }
    }
}
