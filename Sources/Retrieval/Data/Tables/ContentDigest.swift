import Hashing

/// SHA-256 over structured content, framed so that no two contents share a byte stream: every
/// value of variable length is preceded by its length, every alternative by a tag. Integers are
/// little-endian on every machine.
struct ContentDigest {
    private var hash = SHA256()

    /// `domain` separates digests of different kinds of content.
    init(domain: String) {
        update(domain)
    }

    mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            update(count: bytes.count)
            hash.update(UnsafeRawBufferPointer(bytes))
        }
    }

    mutating func update(count: Int) {
        update(each: CollectionOfOne(Int64(count)))
    }

    mutating func update(_ values: [Int32]) {
        update(count: values.count)
        update(each: values)
    }

    mutating func update(_ values: [Int64]) {
        update(count: values.count)
        update(each: values)
    }

    mutating func update(_ values: [Float]) {
        update(count: values.count)
        // The bits, so that −0 and every NaN count as themselves.
        #if _endian(little)
            values.withUnsafeBytes { hash.update($0) }
        #else
            update(each: values.map(\.bitPattern))
        #endif
    }

    mutating func update(_ texts: [String]) {
        update(count: texts.count)
        for text in texts { update(text) }
    }

    mutating func update(_ column: Column) {
        switch column {
        case .tokens(let tokens):
            update("tokens")
            update(tokens.dictionary)
            update(tokens.codes)
        case .tokenLists(let lists):
            update("token lists")
            update(lists.dictionary)
            update(lists.offsets.map { Int64($0) })
            update(lists.codes)
        case .integers(let values):
            update("integers")
            update(values)
        case .numbers(let values):
            // Data whose numbers are floats have the digest that they had when floats were kept.
            let floats = values.map { Float($0) }
            guard zip(values, floats).allSatisfy({ Double($1).bitPattern == $0.bitPattern }) else {
                update("doubles")
                update(count: values.count)
                return update(each: values.map(\.bitPattern))
            }
            update("numbers")
            update(floats)
        case .times(let times):
            update("times")
            update(count: Int(times.perSecond))
            update(times.ticks)
        }
    }

    mutating func update(_ table: Table?) {
        guard let table else { return update("no table") }
        update("table")
        update(count: table.names.count)
        for name in table.names {
            update(name)
            if let column = table[name] { update(column) }
            guard let rows = table.standIns[name], !rows.isEmpty else { continue }
            update("stand-ins")
            update(rows.map { Int64($0) })
        }
    }

    /// The digest in lower-case hexadecimal, 64 digits.
    func finalize() -> String {
        hash.hexadecimal()
    }

    /// SHA-256 of plain bytes, such as a file's.
    static func ofBytes(_ bytes: [UInt8]) -> String {
        SHA256.hexadecimal(of: bytes)
    }

    private mutating func update<Values: Collection>(each values: Values)
    where Values.Element: FixedWidthInteger {
        #if _endian(little)
            let done: Void? = values.withContiguousStorageIfAvailable {
                hash.update(UnsafeRawBufferPointer($0))
            }
            if done != nil { return }
        #endif
        for value in values {
            withUnsafeBytes(of: value.littleEndian) { hash.update($0) }
        }
    }
}
