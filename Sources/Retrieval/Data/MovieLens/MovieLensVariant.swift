/// One of GroupLens's MovieLens data sets: where it is had, and how to know the genuine files.
public struct MovieLensVariant: Hashable, Sendable {
    /// A file of the data set and the SHA-256 of its genuine content.
    public struct File: Hashable, Sendable {
        public var name: String
        /// 64 lower-case hexadecimal digits.
        public var sha256: String

        public init(name: String, sha256: String) {
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
    public var archiveURL: String
    /// Interactions, items and users, in this order.
    public var interactions: File
    public var items: File
    public var users: File

    public init(
        name: String, title: String, folder: String, archiveURL: String, interactions: File,
        items: File, users: File
    ) {
        self.name = name
        self.title = title
        self.folder = folder
        self.archiveURL = archiveURL
        self.interactions = interactions
        self.items = items
        self.users = users
    }

    var files: [File] { [interactions, items, users] }

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
    public static let genres = [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime",
        "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance",
        "Sci-Fi", "Thriller", "War", "Western",
    ]
}
