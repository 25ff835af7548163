import Parquet
import Retrieval
import TestSupport
import Testing

/// Ids that a Parquet file has as numbers are those that text has.
@Suite struct ParquetIDTests {
    private static func write(
        _ users: [ParquetWriter.Values], _ kind: ParquetWriter.Kind, to scratch: Scratch,
        as name: String = "log.parquet"
    ) throws {
        var bytes: [UInt8] = []
        var writer = try ParquetWriter(columns: [
            .init("user", kind, isOptional: true), .init("item", .strings),
        ]) { bytes += $0 }
        for users in users {
            let count =
                switch users {
                case .integers(let values, _): values.count
                case .doubles(let values, _): values.count
                default: 0
                }
            try writer.write([users, .strings([String](repeating: "i", count: count))])
        }
        try writer.finish()
        try scratch.write(name, bytes)
    }

    private static func users(
        _ scratch: Scratch, _ type: ColumnDeclaration.Kind = .string, missing: [String] = [],
        threads: Int = 2
    ) throws -> (users: TokenColumn, skipped: Int) {
        var environment = scratch.environment()
        environment.threads = threads
        let declared = type == .string ? [] : [ColumnDeclaration("user", type)]
        let source = ParquetSource(
            interactions: ParquetTable(
                path: "log.parquet", columns: declared, badRows: .skip, missing: missing))
        let data = try source.load(
            for: DataRequest(query: "user", candidate: "item"), in: environment,
            progress: { _ in })
        return (try data.interactions.tokens("user"), data.origin.skippedRows)
    }

    /// Near each other and far, ascending, at the ends of 64 bits, in row groups of any size.
    @Test(arguments: [0, 1, 2, 3, 4, 5])
    func whateverTheyAreLike(kind: Int) throws {
        var stream = RandomStream(seed: UInt64(kind), stream: "numbers")
        let numbers = (0..<40_000).map { row -> Int64 in
            switch kind {
            case 0: Int64(stream.below(3000))
            // Counted up, each row group beyond the one before.
            case 1: 1_000_000 + Int64(row / 3)
            // Downwards, below zero.
            case 2: 500 - Int64(row / 5)
            case 3: Int64(bitPattern: UInt64(stream.below(1 << 31)) &* 0x9E37_79B9_7F4A_7C15)
            // The ends of what there is, and their neighbours.
            case 4: [.min, .max, 0, .min + 1, .max - 1][stream.below(5)]
            // Few that are far among many that are near.
            default: stream.below(50) == 0 ? Int64(row) << 35 : 7 - Int64(stream.below(900))
            }
        }
        for group in [1500, 7000, 40_000] {
            let scratch = try Scratch()
            let groups = stride(from: 0, to: numbers.count, by: group).map {
                ParquetWriter.Values.integers(
                    Array(numbers[$0..<min(numbers.count, $0 + group)]))
            }
            try Self.write(groups, .integers, to: scratch)
            let expected = TokenColumn(numbers.map { "\($0)" })
            for type in [ColumnDeclaration.Kind.string, .integer] {
                let found = try Self.users(scratch, type)
                #expect(found.users == expected)
                #expect(found.skipped == 0)
            }
        }
    }

    /// pandas has whole numbers as doubles where some are missing: NaN.
    @Test func wholeDoublesAreTheirNumbers() throws {
        let scratch = try Scratch()
        let numbers: [Double] = [12, -3, .nan, 0x1p60, -0.0, 12]
        let expected = ["12", "-3", "1152921504606846976", "0", "12"]
        for isPresent in [nil, numbers.map { !$0.isNaN }] {
            try Self.write([.doubles(numbers, isPresent: isPresent)], .doubles, to: scratch)
            for type in [ColumnDeclaration.Kind.string, .integer] {
                let found = try Self.users(scratch, type)
                #expect(found.users == TokenColumn(expected))
                #expect(found.skipped == 1)
            }
        }
        try Self.write([.doubles([12, 1.5])], .doubles, to: scratch)
        #expect(try Self.users(scratch).users == TokenColumn(["12", "1.5"]))
        #expect(try Self.users(scratch, .integer).users == TokenColumn(["12"]))
    }

    @Test func numbersMayStandForNothing() throws {
        let scratch = try Scratch()
        try Self.write([.integers([5, -1, 6, -1, 5])], .integers, to: scratch)
        for type in [ColumnDeclaration.Kind.string, .integer] {
            let found = try Self.users(scratch, type, missing: ["-1"])
            #expect(found.users == TokenColumn(["5", "6", "5"]))
            #expect(found.skipped == 2)
        }
    }

    @Test func partsMayBeFiles() throws {
        let scratch = try Scratch()
        try Self.write([.integers([1, 2])], .integers, to: scratch, as: "train-0.parquet")
        try Self.write([.integers([3])], .integers, to: scratch, as: "train-1.parquet")
        try Self.write([.integers([1])], .integers, to: scratch, as: "test.parquet")
        var table = ParquetTable(path: "train-*.parquet")
        table.parts = FileTable.HeldOutFiles(test: "test.parquet")
        let data = try ParquetSource(interactions: table).load(in: scratch.environment())
        let split = try Catalog.builtIn.make(.split, ComponentChoice(name: "files"))
            .split(data.interactions)
        #expect(split.train == [0, 1, 2] && split.test == [3] && split.validation == nil)
    }
}
