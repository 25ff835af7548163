import Platform
import Retrieval
import TestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct MovieLensDownloadTests {
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? ""

    /// Whether a program of that name is in a folder of PATH.
    static func has(_ tool: String) -> Bool {
        path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }

    /// MovieLens 100K's files as ``MovieLensFixture`` has them, each with its SHA-256, to be
    /// fetched from a file of the scratch folder.
    private static func variant(_ archive: String) -> MovieLensVariant {
        var variant = MovieLensVariant.ml100k
        variant.archiveURL = "file://" + archive
        variant.interactions.sha256 =
            "831aaf81f913536755d8adec0efad7945eafd1170cac295805efef4e98337279"
        variant.users?.sha256 = "e770ad4eec53f762499abe67128f6b5b66e2065358d4e79c480c73c3e607f430"
        variant.items.sha256 = "4a9053e063b50203abd5306dc4ae257aabf3cee3afa7d5d6e68f13d6d0857a2d"
        return variant
    }

    private static func builder(data: String = MovieLensFixture.data) -> ZipBuilder {
        ZipBuilder(entries: [
            .init("../escaped", "out".utf8),
            .init("ml-100k/../../escaped", "out".utf8),
            .init("ml-100k/u.data", data.utf8),
            .init("ml-100k/README", "read me".utf8),
            .init("ml-100k/u.item", MovieLensFixture.item),
            .init("ml-100k/u.user", MovieLensFixture.user.utf8),
        ])
    }

    private static func environment(_ scratch: Scratch, path: String = path) -> DataEnvironment {
        scratch.environment(["PATH": path, "XDG_CACHE_HOME": scratch.path + "/caches"])
    }

    /// Why the download did not serve.
    private static func refusal(
        _ variant: MovieLensVariant, _ environment: DataEnvironment
    ) -> String {
        do throws(DataError) {
            _ = try MovieLensSource(variant: variant).load(in: environment)
            return "no error"
        } catch {
            guard case .unavailable(let data) = error else { return error.description }
            return data.attempts.last?.reason ?? "no attempt"
        }
    }

    @Test(.enabled(if: has("curl"), "curl is not on this machine"))
    func anArchiveIsFetchedOnce() throws {
        let scratch = try Scratch()
        let archive = try scratch.write("archive.zip", Self.builder().bytes())
        let environment = Self.environment(scratch)
        let source = MovieLensSource(variant: Self.variant(archive))
        var steps: [DataProgress] = []
        let data = try source.load(in: environment) { steps.append($0) }
        let folder = scratch.path + "/caches/tfrs-run/ml-100k"
        #expect(data.interactions.rowCount == 4)
        #expect(data.origin.notes == [])
        #expect(data.origin.location == folder)
        #expect(steps.first == .downloading(url: "file://" + archive, bytes: 0))
        #expect(steps.suffix(2) == [.extracting(into: folder), .reading(location: folder)])
        // Nothing but the wanted files, and nothing left over.
        #expect(scratch.names(in: "caches") == ["tfrs-run"])
        #expect(scratch.names(in: "caches/tfrs-run") == ["ml-100k"])
        #expect(scratch.names(in: "caches/tfrs-run/ml-100k") == ["u.data", "u.item", "u.user"])
        #expect(scratch.names(in: "") == ["archive.zip", "caches"])
        // The second time the cache serves.
        try FileManager.default.removeItem(atPath: archive)
        var again: [DataProgress] = []
        let cached = try source.load(in: environment) { again.append($0) }
        #expect(again == [.reading(location: folder)])
        #expect(cached.origin.contentDigest == data.origin.contentDigest)
    }

    @Test(.enabled(if: has("curl"), "curl is not on this machine"))
    func aFolderWithSomeOfTheFilesIsCompleted() throws {
        let scratch = try Scratch()
        let archive = try scratch.write("archive.zip", Self.builder().bytes())
        try scratch.write("caches/tfrs-run/ml-100k/u.data", "cut sho")
        try scratch.write("caches/tfrs-run/ml-100k/mine", "kept")
        let data = try MovieLensSource(variant: Self.variant(archive))
            .load(in: Self.environment(scratch))
        #expect(data.interactions.rowCount == 4)
        #expect(
            scratch.names(in: "caches/tfrs-run/ml-100k") == ["mine", "u.data", "u.item", "u.user"])
    }

    @Test(.enabled(if: has("curl"), "curl is not on this machine"))
    func whatIsNotGenuineIsRefused() throws {
        let scratch = try Scratch()
        let environment = Self.environment(scratch)
        let archive = try scratch.write(
            "archive.zip", Self.builder(data: "1\t1\t1\t1\n").bytes())
        let reason = Self.refusal(Self.variant(archive), environment)
        #expect(reason.hasPrefix("refused: the SHA-256 of u.data is "))
        #expect(reason.hasSuffix("not \(Self.variant("").interactions.sha256 ?? "")"))
        // Nothing of it stays.
        #expect(scratch.names(in: "caches/tfrs-run") == [])

        var damaged = Self.builder()
        damaged.entries[2].crc = 7
        try scratch.write("archive.zip", damaged.bytes())
        #expect(
            Self.refusal(Self.variant(archive), environment)
                == "the ZIP archive is damaged: the CRC-32 of 'ml-100k/u.data' differs")

        var partial = Self.builder()
        partial.entries.removeLast()
        try scratch.write("archive.zip", partial.bytes())
        #expect(
            Self.refusal(Self.variant(archive), environment)
                == "the ZIP archive has no 'ml-100k/u.user'")

        try scratch.write("archive.zip", Self.builder().bytes().dropLast(8))
        #expect(
            Self.refusal(Self.variant(archive), environment)
                == "not a ZIP archive, or only a part of one")
        #expect(scratch.names(in: "caches/tfrs-run") == [])
    }

    @Test(.enabled(if: has("curl"), "curl is not on this machine"))
    func theToolsOwnWordsAreReported() throws {
        let scratch = try Scratch()
        let reason = Self.refusal(
            Self.variant(scratch.path + "/none.zip"), Self.environment(scratch))
        #expect(reason.hasPrefix("curl: (37)"), "\(reason)")
    }

    /// Stands in for a tool that is on few machines alone, and shows how it is called.
    @Test func wgetServesWhereCurlIsMissing() throws {
        let scratch = try Scratch()
        let archive = try scratch.write("archive.zip", Self.builder().bytes())
        try scratch.writeScript(
            "bin/wget",
            """
            for argument; do
                case $argument in --output-document=*) target=${argument#*=};; esac
            done
            exec /bin/cp "${argument#file://}" "$target"
            """)
        let data = try MovieLensSource(variant: Self.variant(archive))
            .load(in: Self.environment(scratch, path: scratch.path + "/bin"))
        #expect(data.interactions.rowCount == 4)
    }

    @Test func toolsThatFailAreReported() throws {
        let scratch = try Scratch()
        let variant = Self.variant("/none.zip")
        for (script, reason) in [
            ("exit 3", "curl ended with status 3"),
            ("kill -9 $$", "curl was ended by signal 9"),
            ("exit 0", "curl delivered no file"),
            ("echo one >&2; echo two >&2; exit 1", "two"),
        ] {
            try scratch.writeScript("bin/curl", script)
            let environment = Self.environment(scratch, path: scratch.path + "/bin")
            #expect(Self.refusal(variant, environment) == reason)
        }
    }

    /// A program that does not end is ended, even one that ignores being asked to. Each replaces
    /// its shell, so that nothing is left behind.
    @Test func programsAreStoppedWhenAsked() throws {
        for script in ["exec /bin/sleep 600", "trap '' TERM; exec /bin/sleep 600"] {
            let program = ChildProgram("/bin/sh", ["-c", script], variables: [:])
            var questions = 0
            let ending = try program.start().wait {
                questions += 1
                return questions < 4
            }
            #expect(ending == nil)
        }
    }

    @Test func withoutAToolOrAPlaceNothingIsTried() throws {
        let scratch = try Scratch()
        try scratch.write("bin/curl", "not executable")
        #expect(
            Self.refusal(
                Self.variant("/none.zip"), Self.environment(scratch, path: scratch.path + "/bin"))
                == "neither curl nor wget is in a folder of PATH")
        let homeless = DataEnvironment(workingDirectory: scratch.path, variables: [:])
        #expect(
            Self.refusal(Self.variant("/none.zip"), homeless)
                == "not tried: neither XDG_CACHE_HOME nor HOME says where to keep it")
        let blocked = try Scratch()
        try blocked.write("caches", "a file where a folder should be")
        #expect(
            Self.refusal(Self.variant("/none.zip"), Self.environment(blocked))
                == blocked.path + "/caches/tfrs-run: the folder cannot be made")
    }
}
