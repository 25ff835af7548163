import Retrieval
import TestSupport
import Testing

@Suite struct SplitTests {
    private static func table(_ rows: Int) -> Table {
        Table(name: "interactions", columns: ["n": .integers([Int64](0..<Int64(rows)))])
    }

    private static func message(_ split: some Splitter, rows: Int, _ scratch: Scratch? = nil)
        -> String
    {
        dataError { () throws(DataError) in
            let environment = scratch?.environment()
            _ = try split.split(table(rows), seed: 1, in: environment ?? .process)
        }
    }

    /// The order is the golden permutation of the stream "split".
    @Test func partsFollowOneRandomOrder() throws {
        let split = try RandomSplit(train: .rows(5), test: .rows(3))
            .split(Self.table(10), seed: 42)
        #expect(split.train == [5, 8, 0, 1, 7])
        #expect(split.test == [4, 2, 6])
        #expect(split.validation == nil)
        let withMore = try RandomSplit(
            train: .rows(5), test: .rows(3), validation: .rows(2)
        ).split(Self.table(10), seed: 42)
        #expect(withMore.train == split.train)
        #expect(withMore.test == split.test)
        #expect(withMore.validation == [3, 9])
        #expect(withMore.digest != split.digest)
    }

    @Test func seedsChangeTheRows() throws {
        let splits = try [1, 1, 2].map { (seed: UInt64) in
            try RandomSplit(train: .rows(50), test: .rows(50)).split(Self.table(100), seed: seed)
        }
        #expect(splits[0] == splits[1])
        #expect(splits[0].digest != splits[2].digest)
        #expect(Set(splits[0].train + splits[0].test).count == 100)
    }

    @Test func aSeedOfItsOwnHoldsTheParts() throws {
        let split = RandomSplit(train: .rows(50), test: .rows(50), seed: 7)
        let parts = try [1, 2].map { (seed: UInt64) in try split.split(Self.table(100), seed: seed)
        }
        #expect(parts[0] == parts[1])
        #expect(
            try parts[0]
                == RandomSplit(train: .rows(50), test: .rows(50)).split(Self.table(100), seed: 7))
    }

    @Test(
        arguments: [
            (0.8, 0.2, nil, 100_000, [80_000, 20_000]),
            (0.29, 0.71, nil, 100, [29, 71]),
            (0.5, 0.5, nil, 5, [3, 2]),
            (0.7, 0.2, 0.1, 10, [7, 2, 1]),
            (0.333, 0.333, 0.333, 100, [33, 34, 33]),
        ] as [(Double, Double, Double?, Int, [Int])])
    func fractionsAddUp(
        train: Double, test: Double, validation: Double?, rows: Int, sizes: [Int]
    ) throws {
        let split = try RandomSplit(
            train: .fraction(train), test: .fraction(test),
            validation: validation.map { .fraction($0) }
        ).split(Self.table(rows))
        #expect(
            [split.train.count, split.test.count] + (split.validation.map { [$0.count] } ?? [])
                == sizes)
    }

    @Test(
        arguments: [
            (nil, nil, nil, 100_000, [80_000, 20_000]),
            (nil, .fraction(0.1), nil, 1000, [900, 100]),
            (nil, .rows(7), .fraction(0.1), 100, [83, 7, 10]),
            (nil, nil, .fraction(0.1), 10, [7, 2, 1]),
            (nil, .fraction(0.2), .fraction(0.1), 1_000_003, [700_002, 200_001, 100_000]),
            (.fraction(0.9), nil, nil, 3000, [2700, 300]),
            (.rows(5), nil, .rows(3), 10, [5, 2, 3]),
        ] as [(SplitSize?, SplitSize?, SplitSize?, Int, [Int])])
    func aSizeThatIsNotGivenIsWhatIsLeft(
        train: SplitSize?, test: SplitSize?, validation: SplitSize?, rows: Int, sizes: [Int]
    ) throws {
        let split = try RandomSplit(train: train, test: test, validation: validation)
            .split(Self.table(rows))
        #expect(
            [split.train.count, split.test.count] + (split.validation.map { [$0.count] } ?? [])
                == sizes)
        #expect(Set(split.train + split.test + (split.validation ?? [])).count == rows)
    }

    @Test func countsAndFractionsMix() throws {
        let split = try RandomSplit(train: .fraction(0.5), test: .rows(3))
            .split(Self.table(9))
        #expect([split.train.count, split.test.count] == [5, 3])
    }

    @Test func sizesThatCannotBeAreErrors() {
        #expect(
            Self.message(RandomSplit(train: .rows(80), test: .rows(30)), rows: 100)
                == "the split asks for 110 rows (train 80, test 30), but the data has 100 rows")
        #expect(
            Self.message(
                RandomSplit(train: .fraction(0.9), test: .fraction(0.2)), rows: 100)
                == "the split asks for more than all rows (train 0.9, test 0.2), but the data has "
                + "100 rows")
        #expect(
            Self.message(RandomSplit(train: .rows(.max), test: .rows(.max)), rows: 100)
                .hasPrefix("the split asks for more than all rows (train 9223372036854775807,"))
        #expect(
            Self.message(RandomSplit(train: .rows(0), test: .rows(1)), rows: 4)
                == "the train part of a split needs at least 1 row, or a fraction above 0 and at "
                + "most 1, not 0")
        #expect(
            Self.message(RandomSplit(train: .rows(1), test: .fraction(.nan)), rows: 4)
                == "the test part of a split needs at least 1 row, or a fraction above 0 and at "
                + "most 1, not nan")
        #expect(
            Self.message(
                RandomSplit(train: .fraction(0.5), test: .fraction(0.1)), rows: 4)
                == "the test part of the split is empty: 0.1 of 4 rows rounds to none")
        #expect(
            Self.message(RandomSplit(test: .fraction(1)), rows: 4)
                == "the train part of the split is empty: test 1.0 leaves none of 4 rows")
        #expect(
            Self.message(RandomSplit(train: .rows(3), validation: .rows(1)), rows: 4)
                == "the test part of the split is empty: train 3, validation 1 leaves none of 4 "
                + "rows")
        #expect(
            Self.message(RandomSplit(test: .rows(5)), rows: 4)
                == "the split asks for 5 rows (test 5), but the data has 4 rows")
    }

    @Test func indexFilesKeepTheirOrder() throws {
        let scratch = try Scratch()
        try scratch.write("train.txt", "3\n0\r\n7\n")
        try scratch.write("test.txt", "1\n9")
        try scratch.write("validation.txt", "2\n")
        let split = try IndexFileSplit(
            trainRows: "train.txt", testRows: scratch.path + "/test.txt",
            validationRows: "validation.txt"
        ).split(Self.table(10), seed: 1, in: scratch.environment())
        #expect(split.train == [3, 0, 7])
        #expect(split.test == [1, 9])
        #expect(split.validation == [2])
    }

    @Test(arguments: [
        ("0\n10\n", "1\n", "train.txt:2:1: required a row number below 10, found '10'"),
        (
            "0\n99999999999999999999\n", "1\n",
            "train.txt:2:1: required a row number below 10, found '99999999999999999999'"
        ),
        ("0\n-1\n", "1\n", "train.txt:2:1: required row number, digits only, found '-1'"),
        ("0\n\n2\n", "1\n", "train.txt:2:1: required row number, digits only, found nothing"),
        ("0,1\n", "1\n", "train.txt:1:1: required row number, digits only, found '0,1'"),
        (
            "4\n2\n4\n", "1\n",
            "train.txt:3:1: required a row number that no other line has, found 4, which "
                + "train.txt:1 has"
        ),
        (
            "4\n2\n", "1\n2\n",
            "test.txt:2:1: required a row number that no other line has, found 2, which "
                + "train.txt:2 has"
        ),
        ("", "1\n", "train.txt:1:1: required at least one row number, found an empty file"),
        ("1\n", "\u{1}", "test.txt:1:1: required row number, digits only, found '\\x01'"),
    ])
    func badIndexFilesAreErrors(train: String, test: String, message: String) throws {
        let scratch = try Scratch()
        try scratch.write("train.txt", train)
        try scratch.write("test.txt", test)
        let split = IndexFileSplit(trainRows: "train.txt", testRows: "test.txt")
        #expect(Self.message(split, rows: 10, scratch) == message)
    }

    @Test func aMissingIndexFileIsAnError() throws {
        let scratch = try Scratch()
        let split = IndexFileSplit(trainRows: "none.txt", testRows: "none.txt")
        #expect(
            Self.message(split, rows: 10, scratch)
                == "cannot read 'none.txt': No such file or directory")
        #expect(
            Self.message(IndexFileSplit(trainRows: ".", testRows: "."), rows: 10, scratch)
                == "cannot read '.': not a regular file")
    }
}
