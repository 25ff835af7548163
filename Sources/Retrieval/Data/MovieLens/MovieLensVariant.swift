/// One of GroupLens's MovieLens data sets: where it is had, and how to know the genuine files.
public struct MovieLensVariant: Hashable, Sendable {
    /// How the files are written.
    public enum Layout: Hashable, Sendable {
        /// Those of 100K, each with its own separator.
        case tabs
        /// Those of 1M and 10M: `::` between fields, no header.
        case doubleColons
        /// Those of 20M and later: CSV with a header.
        case csv
    }

    /// A file of the data set and the SHA-256 of its genuine content.
    public struct File: Hashable, Sendable {
        public var name: String
        /// 64 lower-case hexadecimal digits; nil: not known, and nothing to check.
        public var sha256: String?

        public init(name: String, sha256: String? = nil) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// As a spec writes it: "100k".
    public var name: String
    /// As messages write it: "MovieLens 100K".
    public var title: String
    /// The folder in the archive and in data folders that holds the files.
    public var folder: String
    /// Where GroupLens distributes the archive.
    public var archiveURL: String
    /// How its files are laid out.
    public var layout: Layout
    /// How the text of the files is read.
    public var encoding: TextEncoding
    /// The file of the ratings.
    public var interactions: File
    /// The file of the movies.
    public var items: File
    /// Nil where nothing is known of the users.
    public var users: File?
    /// Ids of the items in other catalogues, where they are there.
    public var links: File?

    public init(
        name: String, title: String, folder: String, archiveURL: String,
        layout: Layout = .tabs, encoding: TextEncoding = .latin1, interactions: File,
        items: File, users: File? = nil, links: File? = nil
    ) {
        self.layout = layout
        self.encoding = encoding
        self.links = links
        self.name = name
        self.title = title
        self.folder = folder
        self.archiveURL = archiveURL
        self.interactions = interactions
        self.items = items
        self.users = users
    }

    /// The files that have to be there: interactions, items and users, in this order.
    var files: [File] { [interactions, items] + (users.map { [$0] } ?? []) }

    /// Whether a download could be told from anything else.
    var isVerifiable: Bool { files.allSatisfy { $0.sha256 != nil } }

    /// MovieLens 100K: 100,000 ratings of 1,682 films by 943 users, 1997–1998. Harper and
    /// Konstan, "The MovieLens Datasets: History and Context", 2015. Its licence forbids
    /// redistribution, so it is never shipped.
    public static let ml100k = MovieLensVariant(
        name: "100k",
        title: "MovieLens 100K",
        folder: "ml-100k",
        archiveURL: "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        interactions: File(
            name: "u.data",
            sha256: "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490"),
        items: File(
            name: "u.item",
            sha256: "553841ebc7de3a0fd0d6b62a204ea30c1e651aacfb2814c7a6584ac52f2c5701"),
        users: File(
            name: "u.user",
            sha256: "f120e114da2e8cf314fd28f99417c94ae9ddf1cb6db8ce0e4b5995d40e90e62c"))

    /// The genres in the order of the data set's `u.genre`, which is that of the flags of an item.
    public static let genres = FilmGenres.all
}

extension MovieLensVariant {
    /// All data sets, the smallest first.
    public static let all = [
        ml100k, latestSmall, ml1m, ml10m, csv("20m", "20M"), csv("25m", "25M"), csv("32m", "32M"),
    ]

    /// 1,000,209 ratings of 3,900 films by 6,040 users.
    public static let ml1m = MovieLensVariant(
        name: "1m", title: "MovieLens 1M", folder: "ml-1m",
        archiveURL: address("ml-1m"), layout: .doubleColons,
        interactions: File(name: "ratings.dat"), items: File(name: "movies.dat"),
        users: File(name: "users.dat"))

    /// 10,000,054 ratings of 10,681 films by 71,567 users. The archive's folder is `ml-10M100K`.
    public static let ml10m = MovieLensVariant(
        name: "10m", title: "MovieLens 10M", folder: "ml-10M100K",
        archiveURL: address("ml-10m"), layout: .doubleColons, encoding: .utf8,
        interactions: File(name: "ratings.dat"), items: File(name: "movies.dat"))

    /// Some 100,000 ratings; it changes with time.
    public static let latestSmall = csv("latest-small", "latest-small")

    private static func csv(_ name: String, _ title: String) -> MovieLensVariant {
        MovieLensVariant(
            name: name, title: "MovieLens \(title)", folder: "ml-\(name)",
            archiveURL: address("ml-\(name)"), layout: .csv, encoding: .utf8,
            interactions: File(name: "ratings.csv"), items: File(name: "movies.csv"),
            links: File(name: "links.csv"))
    }

    private static func address(_ archive: String) -> String {
        "https://files.grouplens.org/datasets/movielens/\(archive).zip"
    }
}
