import Retrieval
import Testing

/// What an interaction sees of the past, and that it sees no more.
struct HistoriesTests {
    private struct Log {
        var table: Table
        var candidates: [Int32]
        var times: [Int64]
        var users: [Int32]
        var split: DataSplit

        /// Interactions at random, with many equal times; some are in no part of the split.
        init(_ random: inout RandomStream, rows: Int, hasValidation: Bool) {
            users = (0..<rows).map { _ in Int32(random.below(4)) }
            times = (0..<rows).map { _ in Int64(random.below(rows / 3)) }
            // Each row has a candidate of its own, so that a history names its rows.
            candidates = (0..<rows).map(Int32.init)
            let order = random.permutation(rows)
            let (train, test) = (order[..<(rows / 2)], order[(rows / 2)..<(rows * 3 / 4)])
            let validation = order[(rows * 3 / 4)..<(rows * 7 / 8)]
            split = DataSplit(
                train: Array(train), validation: hasValidation ? Array(validation) : nil,
                test: Array(test))
            table = Table(
                name: "interactions",
                columns: [
                    "user_id": .tokens(TokenColumn(users.map { "u\($0)" })),
                    "timestamp": .integers(times),
                ])
        }

        /// 0 for training rows and those of no part, 1 for validation, 2 for test.
        func level(_ row: Int) -> Int {
            if split.test.contains(Int32(row)) { return 2 }
            return split.validation?.contains(Int32(row)) == true ? 1 : 0
        }
    }

    /// Against the definition, row by row: never the row itself, a later one, or one of a later
    /// part.
    @Test(arguments: [false, true], [nil, "timestamp"])
    func theDefinition(hasValidation: Bool, orderBy: String?) throws {
        var random = RandomStream(seed: 1, stream: "histories")
        for length in [1, 3, 1000] {
            let log = Log(&random, rows: 90, hasValidation: hasValidation)
            let histories = try Histories(
                of: log.table, query: "user_id", stepKeys: log.candidates, orderBy: orderBy,
                split: log.split, maximumLength: length)
            #expect(histories.count == 90)
            func place(_ row: Int) -> (Int64, Int) { (orderBy == nil ? 0 : log.times[row], row) }
            for row in 0..<90 {
                let seen = (0..<90).filter {
                    log.users[$0] == log.users[row] && place($0) < place(row)
                        && log.level($0) <= log.level(row)
                }
                let expected = seen.sorted { place($0) < place($1) }.suffix(length).map(Int32.init)
                #expect(Array(histories[row]) == expected, "row \(row), at most \(length)")
            }
            let some: [Int32] = [7, 3, 7, 88]
            let selected = histories.selecting(some)
            #expect(selected.count == 4)
            for (index, row) in some.enumerated() {
                #expect(selected[index] == histories[Int(row)])
            }
        }
    }

    /// Against the definition of SASRec: a user's interactions but the last are inputs, cut into
    /// pieces from the end; what is held out sees the last ones.
    @Test(arguments: [false, true])
    func chunks(hasValidation: Bool) throws {
        var random = RandomStream(seed: 3, stream: "histories")
        for length in [1, 2, 3, 7, 1000] {
            let log = Log(&random, rows: 90, hasValidation: hasValidation)
            func lists(_ window: Histories.Window) throws -> Histories {
                try Histories(
                    of: log.table, query: "user_id", stepKeys: log.candidates,
                    orderBy: "timestamp", split: log.split, maximumLength: length, window: window)
            }
            let (chunks, sliding) = (try lists(.chunk), try lists(.sliding))
            for user in Set(log.users) {
                let own = (0..<90).filter { log.users[$0] == user }.sorted {
                    (log.times[$0], $0) < (log.times[$1], $1)
                }
                for row in own where log.level(row) > 0 {
                    #expect(chunks[row] == sliding[row])
                }
                let training = own.filter { log.level($0) == 0 }
                let inputs = training.dropLast()
                var pieces: [[Int]] = []
                var end = inputs.endIndex
                while end > inputs.startIndex {
                    let start = max(inputs.startIndex, end - length)
                    pieces.append(Array(inputs[start..<end]))
                    end = start
                }
                for (index, row) in training.enumerated() {
                    // The piece whose last inputs the row follows, up to the one before it.
                    let expected =
                        pieces.lazy.compactMap { piece in
                            index == 0
                                ? nil
                                : piece.firstIndex(of: training[index - 1]).map { piece[...$0] }
                        }.first ?? []
                    #expect(
                        Array(chunks[row]) == expected.map(Int32.init),
                        "row \(row), pieces of \(length)")
                    if training.count <= length { #expect(chunks[row] == sliding[row]) }
                }
            }
        }
    }

    /// What is held out changes nothing that training sees.
    @Test func trainingIsBlindToWhatIsHeldOut() throws {
        var random = RandomStream(seed: 2, stream: "histories")
        let log = Log(&random, rows: 90, hasValidation: true)
        func histories(_ candidates: [Int32]) throws -> Histories {
            try Histories(
                of: log.table, query: "user_id", stepKeys: candidates, orderBy: "timestamp",
                split: log.split, maximumLength: 20)
        }
        var tampered = log.candidates
        for row in log.split.test + (log.split.validation ?? []) { tampered[Int(row)] = 1000 }
        let (before, after) = try (histories(log.candidates), histories(tampered))
        for row in log.split.train { #expect(before[Int(row)] == after[Int(row)]) }
        #expect(log.split.test.contains { before[Int($0)] != after[Int($0)] })
    }

    @Test func timesMustBeThereAndBeTimes() {
        let table = Table(
            name: "interactions",
            columns: [
                "user_id": .tokens(TokenColumn(["a", "b"])),
                "when": .tokens(TokenColumn(["today", "now"])),
            ])
        func message(_ orderBy: String) -> String? {
            let error = #expect(throws: DataError.self) {
                _ = try Histories(
                    of: table, query: "user_id", stepKeys: [0, 0], orderBy: orderBy,
                    split: DataSplit(train: [0], test: [1]), maximumLength: 2)
            }
            return error?.description
        }
        #expect(
            message("timestamp")
                == "a history requires a column that orders a user's interactions; the "
                + "interactions have no column 'timestamp', but user_id, when: name one in "
                + "'order_by', or null for the order in which they stand")
        #expect(
            message("when")
                == "an order requires numbers or times in 'when'; found tokens (declare the "
                + "column's type in the data source)")
    }
}
