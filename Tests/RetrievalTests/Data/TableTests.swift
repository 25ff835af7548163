import Retrieval
import Testing

@Suite struct TableTests {
    private let table = Table(
        name: "interactions",
        columns: [
            "user_id": .tokens(TokenColumn(["a", "é", "a"])),
            "rating": .numbers([1, -0.0, 2.5]),
        ])

    @Test func tokensAreEncodedByFirstAppearance() {
        let column = TokenColumn(["b", "a", "b", "c"])
        #expect(column.codes == [0, 1, 0, 2])
        #expect(column.dictionary == ["b", "a", "c"])
        #expect(column[2] == "b")
    }

    @Test func columnsAreFoundByName() throws {
        #expect(table.names == ["user_id", "rating"])
        #expect(table.rowCount == 3)
        #expect(try table.tokens("user_id").codes == [0, 1, 0])
        #expect(try table.numbers("rating") == [1, 0, 2.5])
        #expect(table["nothing"] == nil)
    }

    @Test func errorsNameWhatThereIs() {
        #expect(
            dataError { () throws(DataError) in _ = try table.column("item_id") }
                == "the interactions have no column 'item_id'; there are user_id, rating")
        #expect(
            dataError { () throws(DataError) in _ = try table.tokens("rating") }
                == "column 'rating' of the interactions must hold tokens, but holds numbers")
        #expect(
            dataError { () throws(DataError) in _ = try table.integers("user_id") }
                == "column 'user_id' of the interactions must hold integers, but holds tokens")
    }

    @Test func selectionKeepsOrderAndDictionary() throws {
        let selected = table.selecting([2, 1, 2])
        #expect(selected.rowCount == 3)
        #expect(try selected.numbers("rating") == [2.5, 0, 2.5])
        #expect(try selected.tokens("user_id").codes == [0, 1, 0])
        var lists = TokenListColumn(dictionary: ["x", "y", "z"])
        for row: [Int32] in [[0, 1], [], [2]] { lists.append(row) }
        guard case .tokenLists(let some) = Column.tokenLists(lists).selecting([2, 0, 1]) else {
            Issue.record("the kind of the column changed")
            return
        }
        #expect(some.offsets == [0, 1, 3, 3])
        #expect([some[0], some[1], some[2]] == [["z"], ["x", "y"], []])
    }

    @Test func sideTablesJoinByToken() throws {
        let users = Table(
            name: "users", columns: ["user_id": .tokens(TokenColumn(["z", "é", "é", "q"]))])
        let rows = try users.rowsByCode(of: table.tokens("user_id"), matching: "user_id")
        #expect(rows == [-1, 1])
    }

    /// From an independent encoder of the frames.
    @Test func digestsAreTheDeclaredOnes() {
        let queries = Table(
            name: "users",
            columns: [
                "age": .integers([-3]),
                "genres": .tokenLists(
                    TokenListColumn(offsets: [0, 2], codes: [1, 0], dictionary: ["x", "yy"])),
            ])
        let dataset = Dataset(
            interactions: table, queries: queries, origin: DataOrigin(source: "test"))
        #expect(
            dataset.origin.contentDigest
                == "025566cb2d4279b515ef326319eaeb4aaee3925fd779bf8d8765ab01305c132c")
        let split = DataSplit(train: [2, 0], test: [1])
        #expect(
            split.digest == "6bb975d7f76d716208a6fc57e7df86fbc110c460e31025a42636337e7524cddf")
        #expect(
            dataset.fingerprint(of: split)
                == "1cc2f33dd2310e2f4f5f252b917a8f9b0bbf24884f0d525cc631899645f37ac3")
    }

    @Test func annotationsKeepTheDigest() {
        var dataset = Dataset(interactions: table, origin: DataOrigin(source: "test"))
        let digest = dataset.origin.contentDigest
        dataset.origin.notes.append("a note")
        #expect(dataset.origin.contentDigest == digest)
        dataset.origin = DataOrigin(source: "other")
        #expect(dataset.origin.contentDigest == digest)
    }

    @Test func digestsTellContentsApart() {
        func digest(_ columns: KeyValuePairs<String, Column>, _ users: Table? = nil) -> String {
            Dataset(
                interactions: Table(name: "interactions", columns: columns), queries: users,
                origin: DataOrigin(source: "test")
            ).origin.contentDigest
        }
        let empty = Table(name: "users", columns: [:])
        let digests = [
            digest(["a": .integers([1, 2])]),
            digest(["a": .integers([2, 1])]),
            digest(["a": .integers([1])]),
            digest(["b": .integers([1, 2])]),
            digest(["a": .numbers([1, 2])]),
            digest(["a": .tokens(TokenColumn(["1", "2"]))]),
            digest(["a": .tokens(TokenColumn(["12", ""]))]),
            digest(["a": .tokens(TokenColumn(codes: [0, 1], dictionary: ["1", "2", "3"]))]),
            digest(["a": .numbers([0])]),
            digest(["a": .numbers([-0.0])]),
            digest([:]),
            digest([:], empty),
        ]
        #expect(Set(digests).count == digests.count)
        #expect(
            DataSplit(train: [1], test: [2, 3]).digest
                != DataSplit(train: [1, 2], test: [3]).digest)
        #expect(
            DataSplit(train: [1], validation: [], test: [2]).digest
                != DataSplit(train: [1], test: [2]).digest)
    }
}
