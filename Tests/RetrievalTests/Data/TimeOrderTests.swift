import Retrieval
import TestSupport
import Testing

/// Whatever orders interactions orders them as the file's times say, to the nanosecond.
@Suite struct TimeOrderTests {
    /// How times are written.
    enum Form: CaseIterable {
        case seconds, milliseconds, microseconds, nanoseconds, integers, floats, iso, pattern

        var declaration: ColumnDeclaration {
            switch self {
            case .seconds: ColumnDeclaration("t", .timestamp)
            case .milliseconds: ColumnDeclaration("t", .timestamp, unit: .milliseconds)
            case .microseconds: ColumnDeclaration("t", .timestamp, unit: .microseconds)
            case .nanoseconds: ColumnDeclaration("t", .timestamp, unit: .nanoseconds)
            case .integers: ColumnDeclaration("t", .integer)
            case .floats: ColumnDeclaration("t", .float)
            case .iso: ColumnDeclaration("t", .timestamp, format: "iso8601")
            case .pattern: ColumnDeclaration("t", .timestamp, format: "%m/%d/%Y %I:%M:%S.%f %p")
            }
        }

        /// A time as the file has it, and a number by which such times order.
        func time(_ random: inout RandomStream) -> (text: String, key: Int128) {
            let part = [0, 0, 100, 500, 900, 123_456_789, 999_999_999][random.below(7)]
            let near = [1_700_000_000, -1, 0, 1, 1_700_000_001, -62_000_000][random.below(6)]
            switch self {
            case .integers:
                let value = [Int.max, Int.min, 0, -1, 1 << 53, 1 << 53 + 1, near][random.below(7)]
                return ("\(value)", Int128(value))
            case .milliseconds, .microseconds, .nanoseconds:
                let scale = self == .milliseconds ? 1000 : self == .microseconds ? 1_000_000 : 1
                // Far from now as well, but not with nanoseconds.
                let far = self == .nanoseconds ? 0 : [0, 0, 1 << 40][random.below(3)]
                let value = (near + far) * scale + part % scale + random.below(3)
                return ("\(value)", Int128(value))
            case .seconds:
                let digits = String(String(1_000_000_000 + part).dropFirst())
                let text = ["", ".\(digits)", ".\(digits.prefix(3))"][random.below(3)]
                let kept = text.isEmpty ? 0 : text.count == 4 ? part / 1_000_000 * 1_000_000 : part
                let key = Int128(near) * 1_000_000_000
                // The fraction of a negative number leads away from zero.
                return ("\(near)\(text)", near < 0 ? key - Int128(kept) : key + Int128(kept))
            case .floats:
                let value = Double(near) + Double(random.below(64)) / 64
                return ("\(value)", Int128(value * 64))
            case .iso, .pattern:
                let digits = String(String(1_000_000_000 + part).dropFirst())
                let (minute, second) = (random.below(2), random.below(2))
                let clock = "\(minute):\(second).\(digits)"
                let key = Int128(minute * 60 + second) * 1_000_000_000 + Int128(part)
                return (self == .iso ? "1969-12-31T23:\(clock)" : "12/31/1969 11:\(clock) PM", key)
            }
        }
    }

    private struct Log {
        var table: Table
        var users: [Int]
        var keys: [Int128]

        init(_ form: Form, _ random: inout RandomStream) throws {
            var text = "user_id,item_id,t\n"
            (users, keys) = ([], [])
            for row in 0..<60 {
                let (time, key) = form.time(&random)
                let user = random.below(5)
                users.append(user)
                keys.append(key)
                text += "\(user),\(row),\(time)\n"
            }
            let scratch = try Scratch()
            try scratch.write("log.csv", text)
            table = try FileSource(
                interactions: FileTable(path: "log.csv", columns: [form.declaration])
            ).load(in: scratch.environment()).interactions
        }

        /// The rows of a user, by time and then as they stand.
        func rows(of user: Int) -> [Int] {
            users.indices.filter { users[$0] == user }
                .sorted { (keys[$0], $0) < (keys[$1], $1) }
        }
    }

    @Test(arguments: Form.allCases)
    func splitsFiltersAndHistoriesGoByAPlainSort(form: Form) throws {
        var random = RandomStream(seed: 5, stream: "\(form)")
        for _ in 0..<8 {
            let log = try Log(form, &random)
            let lists = (0..<5).map(log.rows)
            let context = InteractionContext()
            let last = PerUser(.last, count: 2, order: "t")
            #expect(
                try last.keptRows(of: log.table, in: context).map { Int($0) }
                    == lists.flatMap { $0.suffix(2) }.sorted())
            let split = try PerUserSplit(test: .rows(1), order: .column("t")).split(log.table)
            let lastRows = lists.compactMap { $0.count > 1 ? $0.last : nil }
            #expect(split.test.map { Int($0) } == lastRows.sorted())
            let whole = DataSplit(train: [Int32](0..<60), test: [])
            let histories = try Histories(
                of: log.table, query: "user_id", stepKeys: [Int32](0..<60), orderBy: "t",
                split: whole, maximumLength: 100)
            for list in lists {
                for (place, row) in list.enumerated() {
                    #expect(histories[row].map { Int($0) } == Array(list[..<place]))
                }
            }
            let temporal = try TemporalSplit(order: "t", test: .rows(20)).split(log.table)
            let test = Set(temporal.test.map { Int($0) })
            let latest = (0..<60).filter { !test.contains($0) }.map { log.keys[$0] }.max()
            #expect(try #require(latest) < test.map { log.keys[$0] }.min() ?? 0)
        }
    }

    /// The first and the last moment that `describe` tells are those of a plain sort, and bounds
    /// by them take everything, and everything but the last.
    @Test(arguments: Form.allCases)
    func theSpanIsThatOfAPlainSort(form: Form) throws {
        var random = RandomStream(seed: 7, stream: "\(form)")
        for _ in 0..<8 {
            let log = try Log(form, &random)
            let (least, most) = (try #require(log.keys.min()), try #require(log.keys.max()))
            let span = try #require(log.table["t"]?.span)
            for (bound, key) in [(span.lowerBound, least), (span.upperBound, most)] {
                let row = try #require(log.keys.firstIndex(of: key))
                let alone = try log.table.column("t").selecting([Int32(row)])
                #expect(alone.span == bound...bound)
            }
            let context = InteractionContext()
            #expect(
                try DateRange(column: "t", from: span.lowerBound)
                    .keptRows(of: log.table, in: context).count == 60)
            #expect(
                try DateRange(column: "t", before: span.lowerBound)
                    .keptRows(of: log.table, in: context).isEmpty)
            #expect(
                try DateRange(column: "t", before: span.upperBound)
                    .keptRows(of: log.table, in: context).map { Int($0) }
                    == log.keys.indices.filter { log.keys[$0] < most })
        }
    }

    /// Of two columns, whatever each is written as.
    @Test func timesOfTwoColumnsAreComparedExactly() throws {
        let far = Column.integers([.max, -1, 0, 2, .min])
        let near = Column.times(
            TimeColumn(ticks: [1_999_999_999, -1, 2_000_000_000], perSecond: 1_000_000_000))
        let keys = try #require(OrderKeys.comparable(far, near))
        // The moments in order, the second column's behind 10.
        let numbered =
            keys.first.enumerated().map { ($1, $0) }
            + keys.second.enumerated().map { ($1, 10 + $0) }
        let order = numbered.sorted(by: <).map(\.1)
        #expect(order == [4, 1, 11, 2, 10, 3, 12, 0])
        #expect(OrderKeys.comparable(near, .tokens(TokenColumn(["a"]))) == nil)
        let mixed = try #require(
            OrderKeys.comparable(.numbers([1.5, -0.0]), .integers([1, 2, 0])))
        #expect(mixed.first[0] > mixed.second[0] && mixed.first[0] < mixed.second[1])
        #expect(mixed.first[1] == mixed.second[2])
    }

    private func read(_ cells: [String], _ declaration: ColumnDeclaration) throws -> Column {
        let scratch = try Scratch()
        try scratch.write(
            "log.csv", "id,\(declaration.name)\n" + cells.map { "a,\"\($0)\"\n" }.joined())
        let table = try FileSource(
            interactions: FileTable(path: "log.csv", columns: [declaration])
        ).load(in: scratch.environment()).interactions
        return try table.column(declaration.name)
    }

    @Test func aTimestampKeepsWhatIsWritten() throws {
        let seconds = ColumnDeclaration("t", .timestamp)
        // Whole seconds are integers, however they are written.
        #expect(
            try read(["978300764.0", "1.5e9", "-0", "15E8", "12", "-1.0"], seconds)
                == .integers([978_300_764, 1_500_000_000, 0, 1_500_000_000, 12, -1]))
        let milliseconds = ColumnDeclaration("t", .timestamp, unit: .milliseconds)
        #expect(
            try read(["1700000000000", "-1000"], milliseconds) == .integers([1_700_000_000, -1]))
        #expect(
            try read(["978300764.5", "-0.25", "1e-3"], seconds)
                == .times(TimeColumn(ticks: [978_300_764_500, -250, 1], perSecond: 1000)))
        #expect(
            try read(["1700000000000.001", "-1"], milliseconds)
                == .times(
                    TimeColumn(ticks: [1_700_000_000_000_001, -1000], perSecond: 1_000_000)))
        // Below a nanosecond: towards the past.
        #expect(
            try read(["0.0000000019", "-0.0000000011"], seconds)
                == .times(TimeColumn(ticks: [1, -2], perSecond: 1_000_000_000)))
        let iso = ColumnDeclaration("t", .timestamp, format: "iso8601")
        #expect(
            try read(["1970-01-01T00:00:01,5Z", "1969-12-31 23:59:59.25", "19700102T000000Z"], iso)
                == .times(TimeColumn(ticks: [1500, -750, 86_400_000], perSecond: 1000)))
    }

    @Test func formsOfDatesAreRead() throws {
        for (format, text) in [
            ("%m/%d/%Y %I:%M:%S %p", "7/14/2017 2:40:00 AM"),
            ("%a %b %d %H:%M:%S %z %Y", "Fri Jul 14 02:40:00 +0000 2017"),
            ("%A, %d %B %Y %I.%M %p", "friday, 14 July 2017  02.40 a.m."),
            ("%D %R", "07/14/17 02:40"), ("%e %b %Y %H:%M %Z", " 14 Jul 2017 02:40 GMT"),
            ("iso8601", "2017-07-14 02:40:00 UTC"), ("iso8601", "2017-07-14T04:40:00 +0200"),
        ] {
            #expect(
                try read([text], ColumnDeclaration("t", .timestamp, format: format))
                    == .integers([1_500_000_000]), "\(format)")
        }
        let noon = ColumnDeclaration("t", .timestamp, format: "%F %I %p")
        #expect(
            try read(["1970-01-01 12 AM", "1970-01-01 12 PM", "1970-01-01 1 pm"], noon)
                == .integers([0, 43_200, 46_800]))
    }

    @Test(arguments: [
        "nan", "inf", "-inf", "1e400", "1e19", "9223372036854775808", "", ".", "e5", "1e", "1_000",
        "0x10", "--1", "1.2.3",
    ])
    func whatIsNoTimeIsABadRow(text: String) {
        #expect(throws: DataError.self) { try read([text], ColumnDeclaration("t", .timestamp)) }
    }

    @Test func momentsOfASpecAreExactToo() throws {
        let times = Table(
            name: "interactions",
            columns: [
                "user_id": .tokens(TokenColumn((0..<5).map { _ in "u" })),
                "item_id": .tokens(TokenColumn((0..<5).map { _ in "i" })),
                "t": .times(
                    TimeColumn(
                        ticks: [1_699_999_999_999, 1_700_000_000_499, 1_700_000_000_500, -1, 0],
                        perSecond: 1000)),
                "f": .numbers([1_699_999_999.999, 1_700_000_000.499, 1_700_000_000.5, -0.001, 0]),
            ])
        let from = try #require(Moment(fieldValue: .string("2023-11-14T22:13:20.5Z")))
        for column in ["t", "f"] {
            let context = InteractionContext()
            #expect(
                try DateRange(column: column, from: from).keptRows(of: times, in: context) == [2])
            #expect(
                try DateRange(column: column, before: 0).keptRows(of: times, in: context) == [3])
            let half = try #require(Moment(fieldValue: .number(1_700_000_000.5)))
            #expect(
                try TemporalSplit(order: column, testFrom: half).split(times).test == [2])
        }
        #expect(from.utc == "2023-11-14T22:13:20.5Z")
        #expect(Moment(fieldValue: .integer(-1))?.utc == "1969-12-31T23:59:59Z")
    }

    @Test func boundsOfNumbersAreThoseThatAreWritten() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", "user_id,r\na,4.1\nb,4.1\nc,4.2\nd,3.0\ne,4.2\nf,0.3\n")
        let table = try FileSource(
            interactions: FileTable(path: "log.csv", columns: [ColumnDeclaration("r", .float)])
        ).load(in: scratch.environment()).interactions
        let kept = { (least: Double?, most: Double?) in
            try ValueRange(column: "r", minimum: least, maximum: most)
                .keptRows(of: table, in: InteractionContext())
        }
        #expect(try kept(4.1, nil) == [0, 1, 2, 4])
        #expect(try kept(nil, 0.3) == [5])
        #expect(try table.numbers("r").map { $0 * 10 } == [41, 41, 42, 30, 42, 3])
        let integers = Table(
            name: "interactions", columns: ["r": .integers([.max, 1 << 53 + 1, 1 << 53, .min])])
        let above = ValueRange(column: "r", minimum: 0x1p53 + 2)
        #expect(try above.keptRows(of: integers, in: InteractionContext()) == [0])
    }

    @Test func numbersThatAreFloatsKeepTheirDigest() throws {
        let digest = { (column: Column) in
            Dataset(
                interactions: Table(name: "interactions", columns: ["a": column]),
                origin: DataOrigin(source: "x")
            ).origin.contentDigest
        }
        #expect(digest(.numbers([4.1])) != digest(.numbers([Double(Float(4.1))])))
        #expect(
            digest(.times(TimeColumn(ticks: [1], perSecond: 1000)))
                != digest(.times(TimeColumn(ticks: [1], perSecond: 1_000_000))))
    }
}
