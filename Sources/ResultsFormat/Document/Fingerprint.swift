import Hashing

/// A SHA-256 over a sequence of values in which no two different sequences look alike.
///
/// Every value goes in behind a byte that tells its kind, and everything of variable length behind
/// its length: `"ab", "c"` and `"a", "bc"` differ, as do an empty list and none. Numbers are
/// hashed as little-endian bytes, so a fingerprint is the same on every machine.
///
///     var fingerprint = Fingerprint("ratings/1")
///     fingerprint.combine(contentsOf: userIDs)
///     let text = fingerprint.hexadecimal()
public struct Fingerprint: Sendable {
    private enum Kind: UInt8 {
        case string = 1
        case bytes
        case signed
        case unsigned
        case double
        case integers
        case floats
        case doubles
        case strings
    }

    private var hasher = SHA256()

    /// A fingerprint that begins with the name of what is hashed: change it when what goes in
    /// changes its meaning.
    public init(_ purpose: String) {
        combine(purpose)
    }

    /// Adds a text by its UTF-8 bytes.
    public mutating func combine(_ text: String) {
        add(.string, Array(text.utf8))
    }

    /// Adds bytes.
    public mutating func combine(bytes: [UInt8]) {
        add(.bytes, bytes)
    }

    /// Adds an integer by its value: `Int32(5)` and `Int(5)` count as the same.
    public mutating func combine(_ integer: some FixedWidthInteger) {
        if let value = Int64(exactly: integer) {
            add(.signed)
            add(fixed: value)
        } else {
            add(.unsigned)
            add(fixed: UInt64(truncatingIfNeeded: integer))
        }
    }

    /// Adds a number by its bits: 0 and -0 differ.
    public mutating func combine(_ number: Double) {
        add(.double)
        add(fixed: number.bitPattern)
    }

    /// Adds a list of integers; lists of elements of different width differ.
    public mutating func combine<Element: FixedWidthInteger>(contentsOf integers: [Element]) {
        add(.integers)
        add(fixed: UInt8(Element.isSigned ? 1 : 0))
        add(fixed: UInt64(Element.bitWidth))
        add(list: integers.map(\.littleEndian))
    }

    /// Adds a list of single-precision numbers by their bits.
    public mutating func combine(contentsOf numbers: [Float]) {
        add(.floats)
        add(list: numbers.map(\.bitPattern.littleEndian))
    }

    /// Adds a list of double-precision numbers by their bits.
    public mutating func combine(contentsOf numbers: [Double]) {
        add(.doubles)
        add(list: numbers.map(\.bitPattern.littleEndian))
    }

    /// Adds a list of texts.
    public mutating func combine(contentsOf texts: [String]) {
        add(.strings)
        add(fixed: UInt64(texts.count))
        for text in texts { combine(text) }
    }

    /// The hash of what has been added so far: 64 lower-case digits. More may be added afterwards.
    public func hexadecimal() -> String {
        hasher.hexadecimal()
    }

    private mutating func add(_ kind: Kind) {
        add(fixed: kind.rawValue)
    }

    private mutating func add(_ kind: Kind, _ bytes: [UInt8]) {
        add(kind)
        add(list: bytes)
    }

    private mutating func add(list: [some FixedWidthInteger]) {
        add(fixed: UInt64(list.count))
        list.withUnsafeBytes { hasher.update($0) }
    }

    private mutating func add(fixed integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { hasher.update($0) }
    }
}
