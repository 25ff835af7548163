/// The buckets of `tf.keras.layers.Hashing`: tokens without a vocabulary.
///
/// Without a salt the bucket is FarmHash's `Fingerprint64` of the token's UTF-8 bytes modulo
/// `num_bins`; with one it is SipHash-2-4 keyed by the salt. Integers are hashed as their decimal
/// digits. A mask value takes bucket 0 and leaves the others to the rest.
public struct HashBuckets: Sendable {
    /// How many buckets there are; at least 1.
    public let numBins: Int
    private let salt: (UInt64, UInt64)?
    private let mask: UTF8Token?

    /// - Parameters:
    ///   - salt: none, one number for both halves of the key, or two numbers.
    ///   - maskValue: as text; an integer's decimal digits.
    /// - Throws: ``DataError/impossible(_:)`` where Keras raises.
    public init(numBins: Int, salt: [Int64] = [], maskValue: String? = nil) throws(DataError) {
        guard numBins > 0 else {
            throw .impossible("hashing requires 'num_bins' of at least 1; found \(numBins)")
        }
        guard salt.count <= 2 else {
            throw .impossible(
                "hashing requires a salt of one integer or two; found \(salt.count)")
        }
        self.numBins = numBins
        self.salt = salt.first.map {
            (UInt64(bitPattern: $0), UInt64(bitPattern: salt.last ?? $0))
        }
        // With a single bin there is none to reserve.
        mask = numBins > 1 ? maskValue.map(UTF8Token.init) : nil
    }

    /// The bucket of a token's bytes, in 0 ..< ``numBins``.
    public func bucket(of token: String) -> Int {
        if let mask {
            guard UTF8Token(token) != mask else { return 0 }
            return 1 + Int(hash(token) % UInt64(numBins - 1))
        }
        return Int(hash(token) % UInt64(numBins))
    }

    /// The bucket of an integer in decimal, as Keras hashes it.
    public func bucket(of value: Int64) -> Int { bucket(of: String(value)) }

    /// The whole hash of a token without a salt: `tf.fingerprint(method="farmhash64")`.
    public static func fingerprint64(_ token: String) -> UInt64 {
        FarmHash.fingerprint64(token.utf8)
    }

    private func hash(_ token: String) -> UInt64 {
        guard let salt else { return FarmHash.fingerprint64(token.utf8) }
        return SipHash.hash(token.utf8, key: salt)
    }
}
