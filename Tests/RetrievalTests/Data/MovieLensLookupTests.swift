import Retrieval
import TestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct MovieLensLookupTests {
    /// Which of the places was read, told by the rating that stands there.
    private func rating(
        _ scratch: Scratch, path: String? = nil, _ variables: [String: String] = [:]
    ) throws -> Float? {
        try MovieLensSource(path: path, downloads: false)
            .load(in: scratch.environment(variables)).interactions.numbers("rating").first
    }

    private func write(_ scratch: Scratch, _ folder: String, rating: Int) throws {
        try MovieLensFixture.write(scratch, in: folder, data: "1\t1\t\(rating)\t1\n")
    }

    @Test func placesAreTriedInOrder() throws {
        let scratch = try Scratch()
        let home = ["TFRS_DATA_HOME": "home-data"]
        let caches = ["XDG_CACHE_HOME": scratch.path + "/caches"]
        #if os(macOS)
            let userCache = "home/Library/Caches/tfrs-run"
        #else
            let userCache = "home/.cache/tfrs-run"
        #endif
        try write(scratch, userCache + "/ml-100k", rating: 5)
        #expect(try rating(scratch) == 5)
        try write(scratch, "caches/tfrs-run/ml-100k", rating: 4)
        #expect(try rating(scratch, caches) == 4)
        #expect(try rating(scratch) == 5)
        try write(scratch, "data/ml-100k", rating: 3)
        #expect(try rating(scratch, caches) == 3)
        try write(scratch, "home-data/ml-100k", rating: 2)
        #expect(try rating(scratch, home) == 2)
        try write(scratch, "given/ml-100k", rating: 1)
        #expect(try rating(scratch, path: "given", home) == 1)
        #expect(try rating(scratch, path: scratch.path + "/given/ml-100k", home) == 1)
    }

    /// It counts as a path given, and a source's own path comes before it.
    @Test func theDataDirectoryIsTheOnlyPlaceToo() throws {
        let scratch = try Scratch()
        try write(scratch, "data/ml-100k", rating: 3)
        try write(scratch, "chosen/ml-100k", rating: 2)
        var environment = scratch.environment()
        environment.dataDirectory = "chosen"
        func rating(_ source: MovieLensSource) throws -> Float? {
            try source.load(in: environment).interactions.numbers("rating").first
        }
        #expect(try rating(MovieLensSource()) == 2)
        #expect(try rating(MovieLensSource(path: "data")) == 3)
        environment.dataDirectory = "gone"
        let message = dataError { () throws(DataError) in
            _ = try MovieLensSource().load(in: environment)
        }
        #expect(
            message.hasPrefix(
                "MovieLens 100K is not at the path given, '\(scratch.path)/gone': no such folder"))
    }

    @Test func aFolderMayBeTheFilesOwn() throws {
        let scratch = try Scratch()
        try write(scratch, "own", rating: 2)
        #expect(try rating(scratch, ["TFRS_DATA_HOME": scratch.path + "/own/"]) == 2)
    }

    @Test func aDataHomeWithoutTheFilesIsNoted() throws {
        let scratch = try Scratch()
        try write(scratch, "data/ml-100k", rating: 3)
        let origin = try MovieLensSource().load(
            in: scratch.environment(["TFRS_DATA_HOME": "gone"])
        ).origin
        #expect(origin.notes.first == "TFRS_DATA_HOME does not hold MovieLens 100K: no such folder")
    }

    @Test func aGivenPathIsTheOnlyPlace() throws {
        let scratch = try Scratch()
        try write(scratch, "data/ml-100k", rating: 3)
        try scratch.write("file", "x")
        try scratch.write("some/ml-100k/u.data", "x")
        try scratch.write("empty/x", "x")
        let advice = """

              what to do:
                name the folder that holds u.data, u.item and u.user, or one that holds ml-100k/
                or leave the path out to have the usual places looked in
            """
        for (path, reason) in [
            ("gone", "no such folder"),
            ("file", "not a folder"),
            ("empty", "holds neither ml-100k/u.data nor u.data"),
            ("some", "some/ml-100k lacks u.item and u.user"),
        ] {
            #expect(
                try MovieLensFixture.error(MovieLensSource(path: path), scratch)
                    == "MovieLens 100K is not at the path given, '\(path)': \(reason)" + advice)
        }
    }

    @Test func everyPlaceIsAccountedFor() throws {
        let scratch = try Scratch()
        try scratch.write("data/ml-100k/u.data", "x")
        let environment = scratch.environment(
            ["TFRS_DATA_HOME": "gone", "XDG_CACHE_HOME": scratch.path + "/caches"],
            allowsDownloads: false)
        let message = dataError { () throws(DataError) in
            _ = try MovieLensSource().load(in: environment)
        }
        let root = scratch.path
        #expect(
            message == """
                MovieLens 100K is neither on this machine nor downloaded
                  tried:
                    \(root)/gone (TFRS_DATA_HOME): no such folder
                    \(root)/data: \(root)/data/ml-100k lacks u.item and u.user
                    \(root)/caches/tfrs-run: no such folder
                    https://files.grouplens.org/datasets/movielens/ml-100k.zip: not tried: \
                downloads are not allowed
                  what to do:
                    download https://files.grouplens.org/datasets/movielens/ml-100k.zip and unpack \
                it into \(root)/data
                    or set TFRS_DATA_HOME to a folder that holds ml-100k/
                """)
    }

    @Test func unavailableIsACaseOfItsOwn() throws {
        let scratch = try Scratch()
        do throws(DataError) {
            _ = try MovieLensSource(downloads: false).load(in: scratch.environment())
            Issue.record("nothing should be there")
        } catch {
            guard case .unavailable(let data) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(data.attempts.map(\.place).first == "TFRS_DATA_HOME")
            #expect(data.attempts.map(\.reason).first == "not set")
        }
    }

    static let realHome: String? = {
        let variables = ProcessInfo.processInfo.environment
        let places = [variables["TFRS_DATA_HOME"], "data"].compactMap { $0 }
        return places.first {
            FileManager.default.fileExists(atPath: $0 + "/ml-100k/u.data")
        }
    }()

    @Test(.enabled(if: realHome != nil, "MovieLens 100K is not on this machine"))
    func theRealDataAreWhole() throws {
        let data = try MovieLensSource(path: Self.realHome, downloads: false).load()
        let users = try data.interactions.tokens("user_id")
        let items = try data.interactions.tokens("item_id")
        #expect(data.interactions.rowCount == 100_000)
        #expect(users.dictionary.count == 943)
        #expect(items.dictionary.count == 1682)
        #expect(users[0] == "196" && items[0] == "242")
        #expect(try data.interactions.numbers("rating")[0] == 3)
        #expect(try data.interactions.integers("timestamp")[0] == 881_250_949)
        #expect(data.queries?.rowCount == 943 && data.candidates?.rowCount == 1682)
        #expect(try data.candidates?.tokens("title")[0] == "Toy Story (1995)")
        #expect(data.origin.notes == [])
        #expect(
            data.origin.contentDigest
                == "c6a813d6298a4a006983cea75474f17ec26a1479cace035131bd6b15af43b0d3")
    }
}
