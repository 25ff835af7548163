/// What a lookup layer finds an index for.
public protocol LookupToken: Hashable, Sendable {
    /// Ascending order: bytes for strings, value for integers.
    static func precedes(_ first: Self, _ second: Self) -> Bool

    /// Which of several out-of-vocabulary slots an unknown token takes.
    func outOfVocabularySlot(of count: Int) -> Int

    /// As messages and files write it.
    var text: String { get }
}

/// A string compared by its bytes, as TensorFlow compares strings; Swift's own equality takes two
/// spellings of one accented letter for the same.
public struct UTF8Token: LookupToken {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (first: UTF8Token, second: UTF8Token) -> Bool {
        first.text.utf8.elementsEqual(second.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public static func precedes(_ first: UTF8Token, _ second: UTF8Token) -> Bool {
        first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
    }

    public func outOfVocabularySlot(of count: Int) -> Int {
        Int(FarmHash.fingerprint64(text.utf8) % UInt64(count))
    }
}

extension Int64: LookupToken {
    public static func precedes(_ first: Int64, _ second: Int64) -> Bool { first < second }

    public func outOfVocabularySlot(of count: Int) -> Int {
        let remainder = Int(self % Int64(count))
        return remainder < 0 ? remainder + count : remainder
    }

    public var text: String { String(self) }
}
