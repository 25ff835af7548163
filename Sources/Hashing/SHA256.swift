import CSHA256

/// SHA-256 (FIPS 180-4) over bytes that come in pieces.
///
///     var hash = SHA256()
///     hash.update(Array("abc".utf8))
///     hash.hexadecimal()  // ba7816bf…
public struct SHA256: Sendable {
    /// How blocks are compressed; all ways give the same digest.
    public enum Way: Sendable {
        /// The processor's instructions where it has them, else plain C.
        case best
        /// Plain C.
        case plain
    }

    private var message = sha256_message()

    /// The hash of no bytes.
    public init(way: Way = .best) {
        sha256_begin(&message, way == .best ? SHA256_BEST : SHA256_PLAIN)
    }

    /// Appends bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256_append(
            &message, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    /// Appends bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of what came so far, 32 bytes. More may be appended afterwards.
    public func digest() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
            withUnsafePointer(to: message) { sha256_digest($0, bytes.baseAddress) }
            count = 32
        }
    }

    /// The digest in lower-case hexadecimal, 64 digits, as `sha256sum` prints it.
    public func hexadecimal() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the processor has instructions for it.
    public static var hasInstructions: Bool { sha256_has_instructions() }
}
