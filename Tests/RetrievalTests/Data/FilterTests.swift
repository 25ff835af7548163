import Retrieval
import Testing

/// Interactions of a few users and items, each with a rating and a time.
private func table(_ rows: [(user: String, item: String, rating: Double, time: Int64)]) -> Table {
    Table(
        name: "interactions",
        columns: [
            "user_id": .tokens(TokenColumn(rows.map(\.user))),
            "item_id": .tokens(TokenColumn(rows.map(\.item))),
            "rating": .numbers(rows.map(\.rating)),
            "timestamp": .integers(rows.map(\.time)),
        ])
}

private let sample = table([
    ("a", "x", 1, 50), ("b", "x", 5, 10), ("a", "y", 4, 40), ("b", "y", 3, 20),
    ("a", "x", 5, 30), ("c", "z", 2, 60), ("a", "z", 3, 35),
])

private func kept(_ filter: any InteractionFilter, of interactions: Table = sample) throws
    -> [Int32]
{
    try filter.keptRows(of: interactions, in: InteractionContext())
}

@Suite struct FilterTests {
    @Test func valuesBetweenBothEndsStay() throws {
        #expect(try kept(ValueRange(column: "rating", minimum: 3, maximum: 4)) == [2, 3, 6])
        #expect(try kept(ValueRange(column: "timestamp", minimum: 40)) == [0, 2, 5])
        #expect(
            dataError { () throws(DataError) in
                _ = try ValueRange(column: "user_id").keptRows(
                    of: sample, in: InteractionContext())
            } == "column 'user_id' of the interactions must hold numbers, but holds tokens")
    }

    @Test func datesIncludeTheirStartAndNotTheirEnd() throws {
        #expect(try kept(DateRange(from: 20, before: 40)) == [3, 4, 6])
        #expect(try kept(DateRange(before: 20)) == [1])
    }

    @Test func firstAndLastGoByTimeThenByRow() throws {
        #expect(try kept(PerUser(.first, count: 2)) == [1, 3, 4, 5, 6])
        #expect(try kept(PerUser(.last, count: 1)) == [0, 3, 5])
        #expect(try kept(PerUser(.last, count: 1, order: nil)) == [3, 5, 6])
    }

    @Test func oneOfEachPairStays() throws {
        #expect(try kept(DropDuplicates()) == [0, 1, 2, 3, 5, 6])
        #expect(try kept(DropDuplicates(keep: .last)) == [1, 2, 3, 4, 5, 6])
        #expect(
            try kept(DropDuplicates(keep: .last, order: "timestamp")) == [0, 1, 2, 3, 5, 6])
    }

    /// c leaves, with it z loses an interaction and leaves, and so on.
    @Test func coresAreFoundByTurns() throws {
        #expect(try kept(KCore(perUser: 2, perItem: 2)) == [0, 1, 2, 3, 4])
        #expect(try kept(KCore(perUser: 1, perItem: 1)).count == sample.rowCount)
        #expect(try kept(KCore(perUser: 4, perItem: 4)) == [])
    }

    /// A plain implementation: counts anew in every round.
    @Test(arguments: 1...20)
    func coresEqualThePlainDefinition(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "core")
        let data = table(
            (0..<120).map { _ in ("u\(stream.below(25))", "i\(stream.below(20))", 1, 1) })
        let users = try data.tokens("user_id")
        let items = try data.tokens("item_id")
        var rows = [Int32](0..<120)
        while true {
            let now = rows
            rows = now.filter { row in
                now.count(where: { users[Int($0)] == users[Int(row)] }) >= 5
                    && now.count(where: { items[Int($0)] == items[Int(row)] }) >= 4
            }
            if rows == now { break }
        }
        #expect(try kept(KCore(perUser: 5, perItem: 4), of: data) == rows)
    }

    @Test func samplesAreDrawnBySeed() throws {
        let half = try kept(RandomSample(size: .rows(3)))
        #expect(half.count == 3 && half == half.sorted())
        #expect(try kept(RandomSample(size: .rows(3))) == half)
        let users = try kept(RandomSample(size: .rows(1), of: .users))
        #expect(Set(users.map { try! sample.tokens("user_id")[Int($0)] }).count == 1)
        #expect(throws: DataError.self) { try kept(RandomSample(size: .rows(8))) }
    }

    @Test func outcomesCountWhatIsLeft() throws {
        let (left, outcome) = try ValueRange(column: "rating", minimum: 4).apply(
            named: "value_range", to: sample, in: InteractionContext())
        #expect(left.rowCount == 3)
        #expect(try left.tokens("item_id").dictionary == ["x", "y"])
        #expect(outcome.removed == 4)
        #expect((outcome.queries, outcome.candidates) == (2, 2))
        #expect(
            dataError { () throws(DataError) in
                _ = try ValueRange(column: "rating", minimum: 9).apply(
                    named: "value_range", to: sample, in: InteractionContext())
            } == "the filter value_range leaves none of 7 interactions")
    }

    @Test(arguments: 0..<10)
    func ordersAreStable(seed: Int) {
        var stream = RandomStream(seed: UInt64(seed), stream: "order")
        let widths = [0, 3, 15, 16, 17, 33, 62]
        let width = widths[seed % widths.count]
        let keys = (0..<500).map { _ in
            Int64(truncatingIfNeeded: stream.next() >> UInt64(63 - width)) - 7
        }
        let data = Table(
            name: "interactions",
            columns: ["t": .integers(keys), "user_id": .tokens(TokenColumn(keys.map { _ in "a" }))])
        let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { Int32($0) }
        let first = try? PerUser(.first, count: 100, order: "t").keptRows(
            of: data, in: InteractionContext())
        #expect(first == expected.prefix(100).sorted())
    }
}

@Suite struct MoreSplitTests {
    private func split(_ splitter: some Splitter) throws -> DataSplit {
        try splitter.split(sample, in: InteractionContext())
    }

    @Test func theLastOfEachUserTest() throws {
        let last = try split(
            PerUserSplit(test: .rows(1), order: .column("timestamp")))
        // c has one interaction, which trains.
        #expect(last.test == [0, 3])
        #expect(last.train == [1, 2, 4, 5, 6])
        #expect(last.validation == nil)
        let both = try split(
            PerUserSplit(test: .rows(1), validation: .rows(1), order: .column("timestamp")))
        #expect(both.test == [0])
        #expect(both.validation == [2])
    }

    @Test func everyUserGivesAShare() throws {
        let data = table((0..<100).map { ("u\($0 % 10)", "i\($0)", 1, Int64($0)) })
        let split = try PerUserSplit(test: .fraction(0.2), validation: .fraction(0.1))
            .split(data, in: InteractionContext())
        #expect((split.train.count, split.validation?.count, split.test.count) == (70, 10, 20))
        #expect(Set(split.test.map { $0 % 10 }).count == 10)
        let other = try PerUserSplit(test: .fraction(0.2), validation: .fraction(0.1), seed: 9)
            .split(data, in: InteractionContext())
        #expect(other.test != split.test)
    }

    @Test func thePastTrains() throws {
        let byCount = try split(TemporalSplit(test: .rows(2), validation: .rows(1)))
        #expect(byCount.train == [1, 3, 4, 6])
        #expect(byCount.validation == [2])
        #expect(byCount.test == [0, 5])
        let byDate = try split(TemporalSplit(testFrom: 40))
        #expect(byDate.test == [0, 2, 5])
        let equal = table([("a", "x", 1, 1), ("a", "y", 1, 2), ("b", "x", 1, 2), ("b", "y", 1, 3)])
        let together = try TemporalSplit(test: .rows(2)).split(equal, in: InteractionContext())
        #expect(together.test == [1, 2, 3])
    }

    @Test func aColumnNamesTheParts() throws {
        let data = Table(
            name: "interactions",
            columns: ["split": .tokens(TokenColumn(["train", "test", "no", "valid", "train"]))])
        let split = try ColumnSplit(validation: "valid").split(data, in: InteractionContext())
        #expect((split.train, split.validation, split.test) == ([0, 4], [3], [1]))
        #expect(
            dataError { () throws(DataError) in
                _ = try ColumnSplit(test: "dev").split(data, in: InteractionContext())
            }
                == "the test part of the split is empty: 'split' holds 'train', 'test', 'no', 'valid' "
                + "('train', 'test' and 'validation' say which of them name the parts)"
        )
    }

    @Test func everyInteractionTestsInOneFold() throws {
        let folds = try (0..<3).map { try split(KFoldSplit(folds: 3, fold: $0)) }
        #expect(folds.flatMap(\.test).sorted() == [Int32](0..<7))
        for fold in folds { #expect((fold.train + fold.test).sorted() == [Int32](0..<7)) }
        let held = try split(KFoldSplit(folds: 3, fold: 0, validation: .rows(2)))
        #expect(held.validation?.count == 2 && held.test == folds[0].test)
    }

    @Test func aSplitThatLeavesNothingIsAnError() throws {
        let expected = "the test part of the split is empty: "
        #expect(
            dataError { () throws(DataError) in
                _ = try PerUserSplit(test: .rows(5), order: .column(nil)).split(
                    sample, in: InteractionContext())
            }.hasPrefix(expected))
        #expect(
            dataError { () throws(DataError) in
                _ = try TemporalSplit(testFrom: 1000).split(sample, in: InteractionContext())
            } == expected + "'timestamp' runs from 10 to 60")
        #expect(throws: DataError.self) {
            try split(PerUserSplit(test: .rows(.max), validation: .rows(.max)))
        }
    }
}
