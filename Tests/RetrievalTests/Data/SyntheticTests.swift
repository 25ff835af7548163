import Retrieval
import TestSupport
import Testing

@Suite struct SyntheticTests {
    private static let small = SyntheticSource(
        users: 200, items: 400, interactions: 3000, minimumPerUser: 5, seed: 11)
    private static let data = Result { () throws(DataError) in try small.load() }

    private static func counts(_ column: TokenColumn) -> [Int] {
        var counts = [Int](repeating: 0, count: column.dictionary.count)
        for code in column.codes { counts[Int(code)] += 1 }
        return counts.sorted(by: >)
    }

    /// The bits are part of the contract: results name the digest, on whatever machine they are
    /// made.
    @Test func theBitsAreFixed() throws {
        let data = try Self.data.get()
        #expect(
            data.origin.contentDigest
                == "94652c11dc36dcbff0af91c2d37c078bfef2778146df35e4e177367ab689cea7")
        #expect(data.origin.source == "synthetic")
        // Few of a user's items among very many: drawn by trial.
        let sparse = SyntheticSource(users: 9, items: 6000, interactions: 90, seed: 2)
        let digest = try sparse.load().origin.contentDigest
        #expect(digest == "de21e6a9bf0ff550441446ba005f014c8ec42e84ca2ae7fb772bc21a4eb26243")
    }

    @Test func theShapeIsTheOneAskedFor() throws {
        let data = try Self.data.get()
        #expect(data.interactions.rowCount == 3000)
        #expect(data.queries?.rowCount == 200)
        #expect(data.candidates?.rowCount == 400)
        let users = try data.interactions.tokens("user_id")
        let items = try data.interactions.tokens("item_id")
        let pairs = Set(zip(users.codes, items.codes).map { Int($0) << 32 | Int($1) })
        #expect(pairs.count == 3000)
        #expect(users.dictionary.count == 200)
        #expect((Self.counts(users).last ?? 0) >= 5)
        #expect(users.codes.first == 0 && users.codes.max() == 199)
        let known = Set((1...400).map { "\($0)" })
        #expect(items.dictionary.allSatisfy(known.contains))
        let ratings = Set(try data.interactions.numbers("rating"))
        #expect(ratings.isSubset(of: [1, 2, 3, 4, 5]) && ratings.count > 2)
        let times = try data.interactions.integers("timestamp")
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func theColumnsAreThoseOfMovieLens() throws {
        let scratch = try Scratch()
        try MovieLensFixture.write(scratch, in: "ml-100k")
        let real = try MovieLensSource(path: ".").load(in: scratch.environment())
        let made = try Self.data.get()
        for (real, made) in [
            (real.interactions, made.interactions), (real.queries, made.queries),
            (real.candidates, made.candidates),
        ] as [(Table?, Table?)] {
            #expect(real?.names == made?.names)
            for name in real?.names ?? [] {
                #expect(real?[name]?.kind == made?[name]?.kind, "\(name)")
            }
        }
    }

    @Test func popularityAndActivityHaveALongTail() throws {
        let data = try Self.data.get()
        let items = Self.counts(try data.interactions.tokens("item_id"))
        let users = Self.counts(try data.interactions.tokens("user_id"))
        #expect(items.prefix(40).reduce(0, +) * 4 > 3000, "a tenth has more than a quarter")
        #expect(users[0] > 2 * users[users.count / 2])
        var flat = Self.small
        flat.popularitySkew = 0
        flat.activitySkew = 0
        let even = try flat.load()
        let evenUsers = Self.counts(try even.interactions.tokens("user_id"))
        #expect(evenUsers.first == 15 && evenUsers.last == 15)
        let evenItems = Self.counts(try even.interactions.tokens("item_id"))
        #expect(evenItems[0] < items[0])
    }

    /// Items of one user share genres far more often than items of different users do: there is
    /// something to learn.
    @Test func usersKeepToTheirKindOfItem() throws {
        let data = try Self.data.get()
        let users = try data.interactions.tokens("user_id")
        let items = try data.interactions.tokens("item_id")
        guard let candidates = data.candidates else { throw DataError.impossible("no items") }
        let genres = try candidates.tokenLists("genres")
        let rows = try candidates.rowsByCode(of: items, matching: "item_id")
        var same = (shared: 0, pairs: 0)
        var different = (shared: 0, pairs: 0)
        for first in stride(from: 0, to: 3000, by: 5) {
            for second in stride(from: 1, to: 3000, by: 3) {
                let left = genres.codes(of: Int(rows[Int(items.codes[first])]))
                let right = genres.codes(of: Int(rows[Int(items.codes[second])]))
                guard items.codes[first] != items.codes[second] else { continue }
                let shared = left.contains(where: right.contains) ? 1 : 0
                if users.codes[first] == users.codes[second] {
                    same = (same.shared + shared, same.pairs + 1)
                } else {
                    different = (different.shared + shared, different.pairs + 1)
                }
            }
        }
        let sameShare = Double(same.shared) / Double(same.pairs)
        let differentShare = Double(different.shared) / Double(different.pairs)
        #expect(sameShare > 1.25 * differentShare, "\(sameShare), \(differentShare)")
    }

    @Test func everyPairCanBeTaken() throws {
        let full = SyntheticSource(users: 7, items: 5, interactions: 35, seed: 3)
        let users = Self.counts(try full.load().interactions.tokens("user_id"))
        #expect(users == [5, 5, 5, 5, 5, 5, 5])
        let one = try SyntheticSource(users: 1, items: 1, interactions: 1).load()
        #expect(one.interactions.rowCount == 1)
    }

    @Test func seedsAndParametersChangeTheData() throws {
        var digests: Set<String> = [try Self.data.get().origin.contentDigest]
        let changes: [(inout SyntheticSource) -> Void] = [
            { $0.seed += 1 }, { $0.dimension = 3 }, { $0.popularitySkew = 0.5 },
            { $0.activitySkew = 2 }, { $0.minimumPerUser = 10 },
        ]
        for change in changes {
            var source = Self.small
            change(&source)
            digests.insert(try source.load().origin.contentDigest)
        }
        #expect(digests.count == changes.count + 1)
    }

    @Test func standInsSayWhatTheyStandFor() throws {
        var source = Self.small
        source.standInFor = "movielens/100k"
        let origin = try source.load().origin
        #expect(origin.standInFor == "movielens/100k")
        #expect(origin.contentDigest == (try Self.data.get().origin.contentDigest))
    }

    @Test(arguments: [
        (
            SyntheticSource(users: 3, items: 4, interactions: 13),
            "3 users and 4 items make 12 pairs, fewer than the 13 interactions asked for"
        ),
        (
            SyntheticSource(users: 10, items: 40, interactions: 99, minimumPerUser: 10),
            "99 interactions cannot give each of 10 users at least 10"
        ),
        (
            SyntheticSource(users: 2, items: 4, interactions: 8, minimumPerUser: 5),
            "a user cannot have at least 5 interactions with 4 items"
        ),
        (SyntheticSource(users: 0), "synthetic data need 1 to 2147483647 users, not 0"),
        (SyntheticSource(dimension: 2000), "synthetic data need 1 to 1024 factors, not 2000"),
        (
            SyntheticSource(popularitySkew: .nan),
            "the popularity skew of synthetic data lies between 0 and 4, not at nan"
        ),
    ])
    func theImpossibleIsAnError(source: SyntheticSource, message: String) {
        #expect(dataError { () throws(DataError) in _ = try source.load() } == message)
    }

    @Test func drawsFollowTheWeights() {
        var stream = RandomStream(seed: 1, stream: "tree")
        var firsts = [Int](repeating: 0, count: 4)
        for _ in 0..<1000 {
            var tree = WeightTree(count: 4) { [1, 0, 6, 3][$0] }
            firsts[tree.draw(&stream)] += 1
            let others = [tree.draw(&stream), tree.draw(&stream)]
            #expect(others[0] != others[1] && tree.total == 0)
        }
        #expect(firsts[1] == 0)
        #expect(abs(firsts[0] - 100) < 60 && abs(firsts[2] - 600) < 95, "\(firsts)")
    }
}
