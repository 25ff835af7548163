import Platform

/// The file in which a table is kept: a header in JSON and then the values of the columns as they
/// lie in memory, each run of them with a checksum.
enum TableFile {
    /// A file that was read.
    struct Source: Hashable, Codable {
        var identity: FileIdentity
        var sha256: String
        /// Whether its last change was so long before the reading that none can hide behind it.
        var isSettled: Bool
    }

    struct Header: Codable {
        var sources: [Source]
        var rows: Int
        var skipped: Int
        var firstSkipped: String?
        var reasons: [String]
        var notes: [String]
        var standIns: [String: [Int]]
        /// Columns of the files that nobody asked for.
        var unread: [String]
        var columns: [ColumnHeader]
    }

    struct ColumnHeader: Codable {
        enum Kind: String, Codable {
            case tokens, tokenLists, integers, numbers, times
        }

        var name: String
        var kind: Kind
        /// Of times.
        var perSecond: Int64?
        var runs: [Run]
    }

    /// Values one after the other.
    struct Run: Codable {
        var bytes: Int
        var checksum: UInt64
    }

    /// What is wrong is of no interest: the table is made anew.
    struct Unusable: Error {}

    /// Also tells apart machines that order bytes differently.
    static let magic: UInt64 = 0x3242_4154_5352_4654

    static func write(
        _ outcome: FileTable.Outcome, _ sources: [Source], to file: NewFile
    ) throws {
        var runs: [Values] = []
        var columns: [ColumnHeader] = []
        for name in outcome.table.names {
            guard let column = outcome.table[name] else { continue }
            let (kind, values) = Self.values(of: column)
            columns.append(
                ColumnHeader(
                    name: name, kind: kind, perSecond: column.perSecond,
                    runs: values.map(\.run)))
            runs += values
        }
        let header = try JSONEncoder().encode(
            Header(
                sources: sources, rows: outcome.table.rowCount, skipped: outcome.skipped,
                firstSkipped: outcome.firstSkipped, reasons: outcome.reasons,
                notes: outcome.notes, standIns: outcome.table.standIns,
                unread: outcome.table.unread, columns: columns))
        let text = [UInt8](header)
        let start = [Self.magic, UInt64(text.count), Values(text).run.checksum]
        try start.withUnsafeBytes(file.write)
        try text.withUnsafeBytes(file.write)
        for values in runs { try values.withBytes(file.write) }
    }

    private static func values(of column: Column) -> (ColumnHeader.Kind, [Values]) {
        switch column {
        case .tokens(let tokens):
            (.tokens, [Values(tokens.codes)] + dictionary(tokens.dictionary))
        case .tokenLists(let lists):
            (
                .tokenLists,
                [Values(lists.codes)] + dictionary(lists.dictionary) + [Values(lists.offsets)]
            )
        case .integers(let values): (.integers, [Values(values)])
        case .numbers(let values): (.numbers, [Values(values)])
        case .times(let times): (.times, [Values(times.ticks)])
        }
    }

    private static func dictionary(_ tokens: [String]) -> [Values] {
        var bytes: [UInt8] = []
        for token in tokens { bytes += Array(token.utf8) }
        return [Values(tokens.map { Int32($0.utf8.count) }), Values(bytes)]
    }

    /// An array of plain values as bytes.
    private struct Values {
        let run: Run
        let withBytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

        init<Value: BitwiseCopyable>(_ values: [Value]) {
            run = values.withUnsafeBytes {
                Run(bytes: $0.count, checksum: TableFile.checksum($0))
            }
            withBytes = { try values.withUnsafeBytes($0) }
        }
    }

    /// Bytes of which one thread makes the checksum at a time.
    static let blockSize = 4 << 20

    /// That of all blocks, one after the other.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        joined(
            stride(from: 0, to: bytes.count, by: blockSize).map { start in
                checksum(
                    ofBlock: UnsafeRawBufferPointer(
                        rebasing: bytes[start..<min(bytes.count, start + blockSize)]))
            })
    }

    static func joined(_ checksums: some Sequence<UInt64>) -> UInt64 {
        checksums.reduce(0) { SplitMix64.mix($0 ^ $1) }
    }

    /// Finds accidents, not forgeries: four sums of products over words, then mixed.
    static func checksum(ofBlock bytes: UnsafeRawBufferPointer) -> UInt64 {
        var lanes = SIMD4<UInt64>(1, 2, 3, 4)
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset + 32 <= bytes.count {
            let words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            lanes = (lanes ^ words) &* factor
            lanes ^= lanes &>> 29
            offset += 32
        }
        var sum = UInt64(bytes.count)
        for lane in 0..<4 { sum = SplitMix64.mix(sum ^ lanes[lane]) }
        while offset < bytes.count {
            sum = SplitMix64.mix(sum ^ UInt64(bytes[offset]))
            offset += 1
        }
        return sum
    }
}

extension Column {
    fileprivate var perSecond: Int64? {
        if case .times(let times) = self { return times.perSecond }
        return nil
    }
}
