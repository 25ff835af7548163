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
    static let magic: UInt64 = 0x3142_4154_5352_4654

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

    /// Finds accidents, not forgeries: four sums of products over words, then mixed.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
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

extension TableFile {
    /// Reads a kept table. Values go straight into their arrays: a mapping of the file would be
    /// copied once as well, and end the process where somebody cuts the file short.
    struct Reader {
        let header: Header
        private let file: FileBytes
        private let checks: Bool

        /// - Parameter checks: whether checksums must be right; for tests of what else is looked at.
        init(path: String, checks: Bool = true) throws {
            self.checks = checks
            file = try FileBytes(path: path)
            let start = try Self.values(of: UInt64.self, bytes: 24, from: file)
            guard start[0] == TableFile.magic, start[1] <= UInt64(file.identity.size) else {
                throw Unusable()
            }
            let text = try Self.values(of: UInt8.self, bytes: Int(start[1]), from: file)
            guard !checks || text.withUnsafeBytes(TableFile.checksum) == start[2] else {
                throw Unusable()
            }
            header = try JSONDecoder().decode(Header.self, from: Data(text))
            var rest = file.identity.size - 24 - text.count
            for run in header.columns.flatMap(\.runs) {
                guard (0...max(0, rest)).contains(run.bytes) else { throw Unusable() }
                rest -= run.bytes
            }
            guard rest == 0 else { throw Unusable() }
        }

        func outcome(named name: String) throws -> FileTable.Outcome {
            let columns = try header.columns.map { (name: $0.name, values: try column($0)) }
            guard columns.allSatisfy({ $0.values.count == header.rows }),
                Set(columns.map(\.name)).count == columns.count,
                header.standIns.values.joined().allSatisfy((0..<header.rows).contains)
            else { throw Unusable() }
            return FileTable.Outcome(
                table: Table(name: name, columns: columns, standIns: header.standIns)
                    .leaving(header.unread),
                skipped: header.skipped, firstSkipped: header.firstSkipped,
                reasons: header.reasons, notes: header.notes,
                hashes: header.sources.map(\.sha256))
        }

        private func column(_ column: ColumnHeader) throws -> Column {
            var runs = column.runs[...]
            switch column.kind {
            case .tokens:
                let codes = try next(Int32.self, &runs)
                return .tokens(
                    TokenColumn(codes: codes, dictionary: try dictionary(&runs, codes)))
            case .tokenLists:
                let codes = try next(Int32.self, &runs)
                let dictionary = try dictionary(&runs, codes)
                let offsets = try next(Int.self, &runs)
                guard offsets.first == 0, offsets.last == codes.count,
                    zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
                else { throw Unusable() }
                return .tokenLists(
                    TokenListColumn(offsets: offsets, codes: codes, dictionary: dictionary))
            case .integers: return .integers(try next(Int64.self, &runs))
            case .numbers: return .numbers(try next(Double.self, &runs))
            case .times:
                guard let unit = column.perSecond, TimeColumn.units.contains(unit) else {
                    throw Unusable()
                }
                return .times(
                    TimeColumn(ticks: try next(Int64.self, &runs), perSecond: unit))
            }
        }

        private func dictionary(
            _ runs: inout ArraySlice<Run>, _ codes: [Int32]
        ) throws -> [String] {
            let lengths = try next(Int32.self, &runs)
            let bytes = try next(UInt8.self, &runs)
            guard lengths.allSatisfy({ $0 >= 0 }),
                lengths.reduce(0, { $0 + Int($1) }) == bytes.count,
                (codes.min() ?? 0) >= 0, Int(codes.max() ?? -1) < lengths.count
            else { throw Unusable() }
            var start = 0
            return lengths.map { length in
                defer { start += Int(length) }
                return String(decoding: bytes[start..<start + Int(length)], as: UTF8.self)
            }
        }

        private func next<Value: BitwiseCopyable>(
            _ type: Value.Type, _ runs: inout ArraySlice<Run>
        ) throws -> [Value] {
            guard let run = runs.popFirst() else { throw Unusable() }
            let values = try Self.values(of: type, bytes: run.bytes, from: file)
            guard !checks || values.withUnsafeBytes(TableFile.checksum) == run.checksum else {
                throw Unusable()
            }
            return values
        }

        private static func values<Value: BitwiseCopyable>(
            of type: Value.Type, bytes: Int, from file: FileBytes
        ) throws -> [Value] {
            let width = MemoryLayout<Value>.stride
            guard bytes >= 0, bytes % width == 0, bytes <= file.identity.size else {
                throw Unusable()
            }
            return try [Value](unsafeUninitializedCapacity: bytes / width) { buffer, count in
                let room = UnsafeMutableRawBufferPointer(
                    start: buffer.baseAddress, count: bytes)
                guard try file.read(into: room) == bytes else { throw Unusable() }
                count = bytes / width
            }
        }
    }
}

extension Column {
    fileprivate var perSecond: Int64? {
        if case .times(let times) = self { return times.perSecond }
        return nil
    }
}
