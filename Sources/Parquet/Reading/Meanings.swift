// From what is stored to what it means.

extension Leaf {
    /// The unit of a column of times.
    var reportedMeaning: Meaning { type == .int96 ? .timestamp(.microseconds) : meaning }

    func read(_ integers: [Int64]) throws(Damage) -> StoredValues {
        switch meaning {
        case .decimal(let scale): return .doubles(integers.map { Self.decimal($0, scale) })
        case .unsigned where type == .int32:
            return .integers(integers.map { Int64(UInt32(truncatingIfNeeded: $0)) })
        case .unsigned:
            guard let large = integers.first(where: { $0 < 0 }) else { return .integers(integers) }
            throw .unsupported(
                "the number \(UInt64(bitPattern: large)), which 63 bits cannot hold,")
        default: return .integers(integers)
        }
    }

    func read(_ bytes: ByteArrays) throws(Damage) -> StoredValues {
        switch meaning {
        case .decimal(let scale):
            return .doubles((0..<bytes.count).map { Self.decimal(bytes[$0], scale) })
        case .float16 where typeLength == 2:
            return .floats(
                (0..<bytes.count).map { index in
                    let two = bytes[index]
                    return Self.half(UInt16(two[two.startIndex]) | UInt16(two.last ?? 0) << 8)
                })
        case .uuid where typeLength == 16:
            var texts = ByteArrays()
            for index in 0..<bytes.count { texts.append(Self.uuid(bytes[index])) }
            return .bytes(texts)
        default: return .bytes(bytes)
        }
    }

    private static func decimal(_ unscaled: Int64, _ scale: Int) -> Double {
        Double(unscaled) / power(scale)
    }

    /// Ten to a power, exact up to 22.
    private static func power(_ scale: Int) -> Double {
        (0..<min(scale, 400)).reduce(1.0) { power, _ in power * 10 }
    }

    /// A big-endian number in two's complement, of any length.
    private static func decimal(_ bytes: ArraySlice<UInt8>, _ scale: Int) -> Double {
        guard let first = bytes.first else { return 0 }
        if bytes.count <= 8 {
            var value: Int64 = first & 0x80 == 0 ? 0 : -1
            for byte in bytes { value = value << 8 | Int64(byte) }
            return decimal(value, scale)
        }
        var value = first & 0x80 == 0 ? 0.0 : -1.0
        for byte in bytes { value = value * 256 + Double(byte) }
        return value / power(scale)
    }

    /// IEEE 754's half precision, which not every platform's Swift has.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 0x3FF))
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction * 0x1p-10)
                * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return text
    }
}
