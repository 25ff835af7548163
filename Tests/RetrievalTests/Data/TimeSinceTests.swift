import Retrieval
import Testing

/// The time since a user's interaction before, by its definition.
struct TimeSinceTests {
    @Test(arguments: [false, true]) func theDefinition(hasValidation: Bool) throws {
        var random = RandomStream(seed: 1, stream: "time since")
        let rows = 120
        let users = (0..<rows).map { _ in "u\(random.below(5))" }
        let times = (0..<rows).map { _ in Int64(random.below(1 << random.below(20))) }
        let order = random.permutation(rows)
        let split = DataSplit(
            train: Array(order[..<60]), validation: hasValidation ? Array(order[60..<80]) : nil,
            test: Array(order[80..<110]))
        let table = Table(
            name: "interactions",
            columns: [
                "user_id": .tokens(TokenColumn(users)), "timestamp": .integers(times),
            ])
        let found = try TimeSince.values(
            of: table, query: "user_id", orderBy: "timestamp", split: split)
        func level(_ row: Int) -> Int {
            if split.test.contains(Int32(row)) { return 2 }
            return split.validation?.contains(Int32(row)) == true ? 1 : 0
        }
        for row in 0..<rows {
            let before = (0..<rows).filter {
                users[$0] == users[row] && (times[$0], $0) < (times[row], row)
                    && level($0) <= level(row)
            }
            var expected: Int64 = -1
            if let gap = before.map({ times[row] - times[$0] }).min() {
                expected = 0
                while (2 << expected) <= gap + 1 { expected += 1 }
            }
            #expect(found[row] == expected, "row \(row)")
        }
    }

    @Test func timesAreNeeded() {
        let table = Table(
            name: "interactions", columns: ["user_id": .tokens(TokenColumn(["a", "b"]))])
        #expect(throws: DataError.self) {
            try TimeSince.values(
                of: table, query: "user_id", orderBy: "timestamp",
                split: DataSplit(train: [0], test: [1]))
        }
    }
}
