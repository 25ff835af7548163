/// MovieLens in its authors' files, found on this machine or downloaded from GroupLens.
///
/// Places are looked in in this order, each for the data set's folder (`ml-100k/`) or for the
/// files themselves:
/// 1. ``path``, or else ``DataEnvironment/dataDirectory``, where given, and then nowhere else: a
///    path that does not hold the files is an error;
/// 2. the folder that the environment variable `TFRS_DATA_HOME` names;
/// 3. `data/` in the working directory;
/// 4. the user's cache, ``DataEnvironment/cacheDirectory``;
/// 5. the archive at the variant's address, which is unpacked into the cache.
///
/// Files found on the machine are used even if they are not the genuine ones, and
/// ``DataOrigin/notes`` says so; a download that is not genuine is refused.
///
/// Tables: interactions `user_id`, `item_id`, `rating`, `timestamp`; queries, in 100K and 1M,
/// `user_id`, `age`, `gender`, `occupation`, `zip_code`; candidates `item_id`, `title`, `genres`,
/// in 100K also `release_date`, `video_release_date`, `imdb_url`, and from 20M on `imdb_id` and
/// `tmdb_id` where `links.csv` is there.
public struct MovieLensSource: DataSource {
    /// Which of the MovieLens data sets.
    public var variant: MovieLensVariant
    /// A folder, absolute or relative to the working directory; nil to look for one.
    public var path: String?
    /// Whether to download what is not on the machine.
    public var downloads: Bool

    public init(
        variant: MovieLensVariant = .ml100k, path: String? = nil, downloads: Bool = true
    ) {
        self.variant = variant
        self.path = path
        self.downloads = downloads
    }

    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        let folder = try locate(in: environment, progress: progress)
        progress(.reading(location: folder.path))
        guard variant.layout == .tabs else {
            let origin = DataOrigin(
                source: "movielens", variant: variant.name, location: folder.path,
                notes: folder.notes)
            return try MovieLensTables(
                variant: variant, folder: folder.path, environment: environment
            ).dataset(origin: origin, progress: progress)
        }
        return try read(folder)
    }

    /// A folder that holds the files, and what looking for it brought up.
    private struct Folder {
        var path: String
        var notes: [String] = []
    }

    private func locate(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Folder {
        let files = MovieLensFiles(variant: variant)
        if let path = path ?? environment.dataDirectory {
            let place = environment.resolve(path)
            switch files.look(in: place) {
            case .found(let folder): return Folder(path: folder)
            case .notFound(let reason): throw .unavailable(notAtPath(place, reason))
            }
        }
        var attempts: [UnavailableData.Attempt] = []
        var notes: [String] = []
        if let home = environment.variable("TFRS_DATA_HOME") {
            let place = environment.resolve(home)
            switch files.look(in: place) {
            case .found(let folder): return Folder(path: folder)
            case .notFound(let reason):
                attempts.append(.init(place: "\(place) (TFRS_DATA_HOME)", reason: reason))
                notes.append("TFRS_DATA_HOME does not hold \(variant.title): \(reason)")
            }
        } else {
            attempts.append(.init(place: "TFRS_DATA_HOME", reason: "not set"))
        }
        let cache = environment.cacheDirectory
        for place in [environment.resolve("data")] + (cache.map { [$0] } ?? []) {
            switch files.look(in: place) {
            case .found(let folder): return Folder(path: folder, notes: notes)
            case .notFound(let reason): attempts.append(.init(place: place, reason: reason))
            }
        }
        let refusal: String
        if !variant.isVerifiable {
            refusal = "not tried: only downloads whose checksums are known are used"
        } else if !downloads || !environment.allowsDownloads {
            refusal = "not tried: downloads are not allowed"
        } else if let cache {
            do {
                let folder = try files.download(
                    into: cache, environment: environment, progress: progress)
                return Folder(path: folder, notes: notes)
            } catch {
                refusal = error.reason
            }
        } else {
            refusal = "not tried: neither XDG_CACHE_HOME nor HOME says where to keep it"
        }
        attempts.append(.init(place: variant.archiveURL, reason: refusal))
        throw .unavailable(notAnywhere(attempts, data: environment.resolve("data")))
    }

    private func read(_ folder: Folder) throws(DataError) -> Dataset {
        let interactions = try read(variant.interactions, in: folder)
        let items = try read(variant.items, in: folder)
        let users = try variant.users.map { file throws(DataError) in
            try read(file, in: folder)
        }
        var origin = DataOrigin(
            source: "movielens", variant: variant.name, location: folder.path, notes: folder.notes)
        for file in [interactions, items] + (users.map { [$0] } ?? []) where !file.isGenuine {
            origin.notes.append(
                "\(file.name) is not the genuine file of \(variant.title): its SHA-256 is "
                    + file.sha256)
        }
        return Dataset(
            interactions: try MovieLensParser.interactions(
                interactions.bytes, file: interactions.path),
            queries: try users.map { users throws(DataError) in
                try MovieLensParser.users(users.bytes, file: users.path)
            },
            candidates: try MovieLensParser.items(items.bytes, file: items.path),
            origin: origin)
    }

    private struct ReadFile {
        var name: String
        var path: String
        var bytes: [UInt8]
        var sha256: String
        var isGenuine: Bool
    }

    private func read(
        _ file: MovieLensVariant.File, in folder: Folder
    ) throws(DataError) -> ReadFile {
        let path = DataEnvironment.join(folder.path, file.name)
        do {
            let bytes = try FileSystem.contents(of: path)
            let sha256 = ContentDigest.ofBytes(bytes)
            return ReadFile(
                name: file.name, path: path, bytes: bytes, sha256: sha256,
                isGenuine: sha256 == file.sha256)
        } catch {
            throw .unreadable(file: path, reason: error.reason)
        }
    }

    private func notAtPath(_ place: String, _ reason: String) -> UnavailableData {
        UnavailableData(
            summary: "\(variant.title) is not at the path given, '\(place)': \(reason)",
            attempts: [],
            advice: [
                "name the folder that holds \(fileNames), or one that holds \(variant.folder)/",
                "or leave the path out to have the usual places looked in",
            ])
    }

    private func notAnywhere(
        _ attempts: [UnavailableData.Attempt], data: String
    ) -> UnavailableData {
        UnavailableData(
            summary: "\(variant.title) is neither on this machine nor downloaded",
            attempts: attempts,
            advice: [
                "download \(variant.archiveURL) and unpack it into \(data)",
                "or set TFRS_DATA_HOME to a folder that holds \(variant.folder)/",
            ])
    }

    private var fileNames: String {
        let names = variant.files.map(\.name)
        return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }
}
