/// FarmHash's `Fingerprint64`, the hash behind `tf.strings.to_hash_bucket_fast` and so behind
/// Keras's `Hashing` without a salt.
///
/// The algorithm is that of Google's FarmHash (`farmhashna::Hash64`), which fixes its output for
/// all time; lengths up to 16, 32 and 64 bytes and beyond are mixed differently.
enum FarmHash {
    private static let k0: UInt64 = 0xc3a5_c85c_97cb_3127
    private static let k1: UInt64 = 0xb492_b66f_be98_f273
    private static let k2: UInt64 = 0x9ae1_6a3b_2f90_404f

    static func fingerprint64(_ bytes: some Collection<UInt8>) -> UInt64 {
        let bytes = Array(bytes)
        return bytes.withUnsafeBytes { bytes in
            switch bytes.count {
            case 0...16: upTo16(bytes)
            case 17...32: upTo32(bytes)
            case 33...64: upTo64(bytes)
            default: longer(bytes)
            }
        }
    }

    // MARK: Short inputs

    private static func upTo16(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        let mul = k2 &+ UInt64(count) &* 2
        if count >= 8 {
            let a = word(bytes, 0) &+ k2
            let b = word(bytes, count - 8)
            let c = rotate(b, 37) &* mul &+ a
            let d = (rotate(a, 25) &+ b) &* mul
            return mix(c, d, mul)
        }
        if count >= 4 {
            return mix(
                UInt64(count) &+ UInt64(half(bytes, 0)) << 3, UInt64(half(bytes, count - 4)), mul)
        }
        guard count > 0 else { return k2 }
        let y = UInt64(bytes[0]) &+ UInt64(bytes[count >> 1]) << 8
        let z = UInt64(count) &+ UInt64(bytes[count - 1]) << 2
        return shiftMix(y &* k2 ^ z &* k0) &* k2
    }

    private static func upTo32(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        let mul = k2 &+ UInt64(count) &* 2
        let a = word(bytes, 0) &* k1
        let b = word(bytes, 8)
        let c = word(bytes, count - 8) &* mul
        let d = word(bytes, count - 16) &* k2
        return mix(
            rotate(a &+ b, 43) &+ rotate(c, 30) &+ d, a &+ rotate(b &+ k2, 18) &+ c, mul)
    }

    private static func upTo64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        let mul = k2 &+ UInt64(count) &* 2
        let a = word(bytes, 0) &* k2
        let b = word(bytes, 8)
        let c = word(bytes, count - 8) &* mul
        let d = word(bytes, count - 16) &* k2
        let y = rotate(a &+ b, 43) &+ rotate(c, 30) &+ d
        let z = mix(y, a &+ rotate(b &+ k2, 18) &+ c, mul)
        let e = word(bytes, 16) &* mul
        let f = word(bytes, 24)
        let g = (y &+ word(bytes, count - 32)) &* mul
        let h = (z &+ word(bytes, count - 24)) &* mul
        return mix(
            rotate(e &+ f, 43) &+ rotate(g, 30) &+ h, e &+ rotate(f &+ a, 18) &+ g, mul)
    }

    // MARK: Blocks of 64 bytes

    private struct State {
        var x: UInt64
        var y: UInt64
        var z: UInt64
        var v: (UInt64, UInt64) = (0, 0)
        var w: (UInt64, UInt64) = (0, 0)

        /// Takes in 64 bytes; `mul` and `weight` differ for the last block.
        mutating func absorb(
            _ bytes: UnsafeRawBufferPointer, at start: Int, mul: UInt64, weight: UInt64
        ) {
            x = rotate(x &+ y &+ v.0 &+ word(bytes, start + 8), 37) &* mul
            y = rotate(y &+ v.1 &+ word(bytes, start + 48), 42) &* mul
            x ^= w.1 &* weight
            y = y &+ v.0 &* weight &+ word(bytes, start + 40)
            z = rotate(z &+ w.0, 33) &* mul
            v = weakMix(bytes, at: start, v.1 &* mul, x &+ w.0)
            w = weakMix(bytes, at: start + 32, z &+ w.1, y &+ word(bytes, start + 16))
            swap(&z, &x)
        }
    }

    private static func longer(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        let seed: UInt64 = 81
        let y = seed &* k1 &+ 113
        var state = State(
            x: seed &* k2 &+ word(bytes, 0), y: y, z: shiftMix(y &* k2 &+ 113) &* k2)
        let end = (count - 1) / 64 * 64
        for start in stride(from: 0, to: end, by: 64) {
            state.absorb(bytes, at: start, mul: k1, weight: 1)
        }
        let mul = k1 &+ (state.z & 0xff) << 1
        state.w.0 = state.w.0 &+ UInt64((count - 1) & 63)
        state.v.0 = state.v.0 &+ state.w.0
        state.w.0 = state.w.0 &+ state.v.0
        state.absorb(bytes, at: count - 64, mul: mul, weight: 9)
        return mix(
            mix(state.v.0, state.w.0, mul) &+ shiftMix(state.y) &* k0 &+ state.z,
            mix(state.v.1, state.w.1, mul) &+ state.x, mul)
    }

    private static func weakMix(
        _ bytes: UnsafeRawBufferPointer, at start: Int, _ first: UInt64, _ second: UInt64
    ) -> (UInt64, UInt64) {
        let a = first &+ word(bytes, start)
        let last = word(bytes, start + 24)
        let b = rotate(second &+ a &+ last, 21)
        let sum = a &+ word(bytes, start + 8) &+ word(bytes, start + 16)
        return (sum &+ last, b &+ rotate(sum, 44) &+ a)
    }

    // MARK: Mixing

    private static func mix(_ u: UInt64, _ v: UInt64, _ mul: UInt64) -> UInt64 {
        let a = shiftMix((u ^ v) &* mul)
        return shiftMix((v ^ a) &* mul) &* mul
    }

    private static func shiftMix(_ value: UInt64) -> UInt64 { value ^ value >> 47 }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value >> bits | value << (64 - bits)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
