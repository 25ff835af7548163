import Retrieval
import TestSupport
import Testing

/// The data sets other than 100K, in small files of their layouts.
@Suite struct MovieLensVariantTests {
    private func load(_ name: String, _ scratch: Scratch) throws -> Dataset {
        let variant = try #require(MovieLensVariant.all.first { $0.name == name })
        return try MovieLensSource(variant: variant).load(
            in: scratch.environment(["TFRS_DATA_HOME": scratch.path]))
    }

    @Test func doubleColonsInLatin1() throws {
        let scratch = try Scratch()
        try scratch.write(
            "ml-1m/ratings.dat",
            "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n")
        try scratch.write("ml-1m/users.dat", "1::F::1::10::48067\n2::M::56::16::70072-1234\n")
        try scratch.write(
            "ml-1m/movies.dat",
            [UInt8](
                "661::Cit\u{e9} (1995): a \"quote\"::Animation|Children's\n1193::One (1975)::Drama\n"
                    .unicodeScalars.map { UInt8($0.value) }))
        let data = try load("1m", scratch)
        #expect(data.origin.variant == "1m" && data.origin.notes == [])
        #expect(data.interactions.names == ["user_id", "item_id", "rating", "timestamp"])
        #expect(try data.interactions.tokens("item_id") == TokenColumn(["1193", "661", "1193"]))
        #expect(try data.interactions.numbers("rating") == [5, 3, 4])
        #expect(try data.interactions.integers("timestamp").last == 978_298_413)
        let users = try #require(data.queries)
        #expect(users.names == ["user_id", "gender", "age", "occupation", "zip_code"])
        #expect(try users.integers("age") == [1, 56])
        #expect(try users.tokens("zip_code")[1] == "70072-1234")
        let items = try #require(data.candidates)
        #expect(try items.tokens("title")[0] == "Cit\u{e9} (1995): a \"quote\"")
        #expect(try items.tokenLists("genres")[0] == ["Animation", "Children's"])
    }

    @Test func tenMillionHaveHalfStarsAndNoUsers() throws {
        let scratch = try Scratch()
        try scratch.write("ml-10M100K/ratings.dat", "1::122::4.5::838985046\n")
        try scratch.write("ml-10M100K/movies.dat", "122::Boom\u{e9}rang (1992)::Comedy|Romance\n")
        let data = try load("10m", scratch)
        #expect(try data.interactions.numbers("rating") == [4.5])
        #expect(try data.candidates?.tokens("title")[0] == "Boom\u{e9}rang (1992)")
        #expect(data.queries == nil)
    }

    private static let ratings =
        "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,3,0.5,964981247\n"
    private static let movies = """
        movieId,title,genres
        1,"American President, The (1995)",Comedy|Drama
        3,Solo,(no genres listed)
        4,Never rated,Drama

        """

    @Test(arguments: ["20m", "25m", "32m", "latest-small"])
    func csv(name: String) throws {
        let scratch = try Scratch()
        try scratch.write("ml-\(name)/ratings.csv", Self.ratings.replacing("\n", with: "\r\n"))
        try scratch.write("ml-\(name)/movies.csv", Self.movies)
        try scratch.write(
            "ml-\(name)/links.csv", "movieId,imdbId,tmdbId\n3,0113041,11860\n1,0112346,\n")
        let data = try load(name, scratch)
        #expect(data.interactions.names == ["user_id", "item_id", "rating", "timestamp"])
        #expect(try data.interactions.numbers("rating") == [4, 0.5])
        let items = try #require(data.candidates)
        #expect(items.names == ["item_id", "title", "genres", "imdb_id", "tmdb_id"])
        #expect(try items.tokens("title")[0] == "American President, The (1995)")
        #expect(try items.tokenLists("genres")[0] == ["Comedy", "Drama"])
        #expect((0..<3).map { try? items.tokens("imdb_id")[$0] } == ["0112346", "0113041", ""])
        #expect((0..<3).map { try? items.tokens("tmdb_id")[$0] } == ["", "11860", ""])
    }

    @Test func linksNeedNotBeThere() throws {
        let scratch = try Scratch()
        try scratch.write("ml-20m/ratings.csv", Self.ratings)
        try scratch.write("ml-20m/movies.csv", Self.movies)
        #expect(try load("20m", scratch).candidates?.names == ["item_id", "title", "genres"])
    }

    @Test func badFilesAreErrorsWithTheirPlace() throws {
        let scratch = try Scratch()
        try scratch.write("ml-20m/ratings.csv", "userId,movieId,rating,timestamp\n1,1,good,9\n")
        try scratch.write("ml-20m/movies.csv", Self.movies)
        let message = { (name: String) in
            do {
                _ = try load(name, scratch)
                return "no error"
            } catch {
                return "\(error)".replacing(scratch.path + "/", with: "")
            }
        }
        #expect(
            message("20m")
                == "ml-20m/ratings.csv:2:5: required rating, a finite number, found 'good'")
        try scratch.write("ml-20m/ratings.csv", "userId,movieId,stars\n1,1,4\n")
        #expect(
            message("20m")
                == "ml-20m/ratings.csv:1:1: required a column 'rating', found userId, movieId, stars"
        )
        try scratch.write("ml-1m/ratings.dat", "1::2::3\n")
        try scratch.write("ml-1m/users.dat", "1::F::1::10::48067\n")
        try scratch.write("ml-1m/movies.dat", "1::A::B\n")
        #expect(message("1m") == "ml-1m/ratings.dat:1:8: required 4 fields, found 3")
    }

    /// Only what can be verified is downloaded; the rest says where to put the files.
    @Test func whatIsNotThereIsSaid() throws {
        let scratch = try Scratch()
        let found = dataError { () throws(DataError) in
            let variant = MovieLensVariant.ml1m
            _ = try MovieLensSource(variant: variant).load(in: scratch.environment())
        }
        #expect(found.contains("MovieLens 1M is neither on this machine nor downloaded"))
        #expect(found.contains("not tried: only downloads whose checksums are known are used"))
        #expect(found.contains("https://files.grouplens.org/datasets/movielens/ml-1m.zip"))
    }
}
