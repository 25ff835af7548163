/// The users and items of a generated data set: their latent factors and what shows of them.
struct SyntheticWorld {
    let dimension: Int
    /// Row-major, users × dimension.
    private(set) var userFactors: [Double] = []
    /// Row-major, items × dimension.
    private(set) var itemFactors: [Double] = []
    /// The same, dimension × items.
    private var transposedItemFactors: [Double] = []
    private let scale: Double
    private var ages: [Int64] = []
    private var genders: [String] = []
    private var occupations: [String] = []
    private var zipCodes: [String] = []
    private var titles: [String] = []
    private var releaseDates: [String] = []
    private var genres = TokenListColumn(dictionary: FilmGenres.all)

    init(users: Int, items: Int, dimension: Int, seed: UInt64) {
        self.dimension = dimension
        scale = 1 / Double(dimension).squareRoot()
        // "unknown" is no genre to gather around.
        let centres = (1..<FilmGenres.all.count).map { genre in
            var stream = RandomStream(seed: seed, stream: StreamNames.syntheticGenre, index: genre)
            return (0..<dimension).map { _ in stream.normal() }
        }
        for user in 0..<users {
            var stream = RandomStream(seed: seed, stream: StreamNames.syntheticUser, index: user)
            addUser(centres, &stream)
        }
        for item in 0..<items {
            var stream = RandomStream(seed: seed, stream: StreamNames.syntheticItem, index: item)
            addItem(item, centres, &stream)
        }
        transposedItemFactors.reserveCapacity(items * dimension)
        for index in 0..<dimension {
            for item in 0..<items {
                transposedItemFactors.append(itemFactors[item * dimension + index])
            }
        }
    }

    /// A user is near one genre, and somewhat near a second.
    private mutating func addUser(_ centres: [[Double]], _ stream: inout RandomStream) {
        let favourite = stream.below(centres.count)
        let second = stream.below(centres.count)
        let start = userFactors.count
        for index in 0..<dimension {
            userFactors.append(
                0.7 * centres[favourite][index] + 0.4 * centres[second][index]
                    + 0.6 * stream.normal())
        }
        let leaning = userFactors[start]
        let age = 34 + 9 * leaning + 6 * stream.normal()
        ages.append(Int64(min(max(age, 7), 73)))
        genders.append(
            userFactors[start + dimension - 1] + stream.normal() > 0.7 ? "F" : "M")
        let names = Self.occupations
        let usual = favourite < names.count && stream.uniform() < 0.6
        occupations.append(names[usual ? favourite : stream.below(names.count)])
        let zipCode = "\(stream.below(100_000))"
        zipCodes.append(String(repeating: "0", count: 5 - zipCode.utf8.count) + zipCode)
    }

    /// An item is of one genre, half of them of a second too.
    private mutating func addItem(
        _ item: Int, _ centres: [[Double]], _ stream: inout RandomStream
    ) {
        let first = stream.below(centres.count)
        let second = stream.uniform() < 0.5 ? stream.below(centres.count) : first
        for index in 0..<dimension {
            itemFactors.append(
                0.6 * centres[first][index] + 0.3 * centres[second][index]
                    + 0.6 * stream.normal())
        }
        let codes = first == second ? [first] : [min(first, second), max(first, second)]
        genres.append(codes.map { Int32($0 + 1) })
        // Most films are recent: the larger of two draws.
        let year = 1930 + max(stream.below(69), stream.below(69))
        let month = Self.months[stream.below(12)]
        releaseDates.append("01-\(month)-\(year)")
        titles.append("\(FilmGenres.all[first + 1]) \(item + 1) (\(year))")
    }

    var users: Int { ages.count }
    var items: Int { titles.count }

    /// How well an item suits a user, in (−1, 1): x / (1 + |x|) of the factors' dot product over
    /// the square root of their number.
    func affinity(user: Int, item: Int) -> Double {
        let dot = userFactors.withUnsafeBufferPointer { users in
            itemFactors.withUnsafeBufferPointer { items in
                var sum = 0.0
                let user = user * dimension
                let item = item * dimension
                for index in 0..<dimension { sum += users[user + index] * items[item + index] }
                return sum
            }
        }
        return squashed(dot)
    }

    /// The affinity of a user to every item, to the same bits as ``affinity(user:item:)``: the
    /// sums run along the items, where the processor can do several at once.
    func affinities(of user: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: items) { sums, count in
            count = items
            sums.initialize(repeating: 0)
            transposedItemFactors.withUnsafeBufferPointer { factors in
                for index in 0..<dimension {
                    let own = userFactors[user * dimension + index]
                    let start = index * items
                    for item in 0..<items { sums[item] += own * factors[start + item] }
                }
            }
            for item in 0..<items { sums[item] = squashed(sums[item]) }
        }
    }

    @inline(__always)
    private func squashed(_ dot: Double) -> Double {
        let scaled = dot * scale
        return scaled / (1 + scaled.magnitude)
    }

    /// The columns of MovieLens's users.
    func userTable() -> Table {
        Table(
            name: "users",
            columns: [
                "user_id": .tokens(Self.ids(users)),
                "age": .integers(ages),
                "gender": .tokens(TokenColumn(genders)),
                "occupation": .tokens(TokenColumn(occupations)),
                "zip_code": .tokens(TokenColumn(zipCodes)),
            ])
    }

    /// The columns of MovieLens's items; video release dates and addresses are empty.
    func itemTable() -> Table {
        let empty = TokenColumn(codes: [Int32](repeating: 0, count: items), dictionary: [""])
        return Table(
            name: "items",
            columns: [
                "item_id": .tokens(Self.ids(items)),
                "title": .tokens(TokenColumn(titles)),
                "release_date": .tokens(TokenColumn(releaseDates)),
                "video_release_date": .tokens(empty),
                "imdb_url": .tokens(empty),
                "genres": .tokenLists(genres),
            ])
    }

    private static func ids(_ count: Int) -> TokenColumn {
        TokenColumn(codes: [Int32](0..<Int32(count)), dictionary: (1...count).map { "\($0)" })
    }

    /// MovieLens's.
    private static let occupations = [
        "administrator", "artist", "doctor", "educator", "engineer", "entertainment", "executive",
        "healthcare", "homemaker", "lawyer", "librarian", "marketing", "none", "other",
        "programmer", "retired", "salesman", "scientist", "student", "technician", "writer",
    ]

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension RandomStream {
    /// Close to a standard normal: the sum of four uniform numbers of 16 bits, moved to mean 0
    /// and scaled to variance 1 (Irwin–Hall). Within ±3.47.
    mutating func normal() -> Double {
        let bits = next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
        return (Double(sum) - 131_070) * (3.0.squareRoot() / 65_536)
    }
}
