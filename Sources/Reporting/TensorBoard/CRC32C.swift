/// The checksum of TFRecord files: CRC-32C (Castagnoli), reflected, of polynomial 0x1EDC6F41.
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
        }
    }

    package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
    }

    /// As TFRecord stores it: turned and shifted, so that the checksum of data that hold their own
    /// checksums is not weak.
    package static func masked(of bytes: some Sequence<UInt8>) -> UInt32 {
        let value = of(bytes)
        return (value >> 15 | value << 17) &+ 0xA282_EAD8
    }
}
