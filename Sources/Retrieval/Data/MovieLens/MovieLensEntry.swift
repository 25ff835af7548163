/// MovieLens as a spec asks for it: the real data, or openly something else.
public struct MovieLensChoice: DataSource {
    /// The data set, where it is looked for.
    public var source: MovieLensSource
    /// What to do where the data cannot be had.
    public var offline: Offline

    /// What happens where the data are not there and cannot be downloaded.
    public enum Offline: String, FieldChoice {
        /// End with an error.
        case error
        /// Run on generated data of the same shape, with a warning and a record of it.
        case synthetic
    }

    public func load(
        in environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DataError) -> Dataset {
        do {
            return try source.load(in: environment, progress: progress)
        } catch {
            // A path that was given is meant; only data that is nowhere has a stand-in.
            guard case .unavailable = error, offline == .synthetic, environment.allowsStandIns,
                source.path ?? environment.dataDirectory == nil
            else { throw error }
            var standIn = SyntheticSource()
            standIn.standInFor = "movielens/\(source.variant.name)"
            return try standIn.load(in: environment, progress: progress)
        }
    }
}

extension MovieLensChoice: CatalogComponent {
    static let variantField = Field<String>(
        "variant", type: .choice(MovieLensVariant.all.map(\.name)),
        default: .string(MovieLensVariant.ml100k.name),
        "Which of the data sets. Only 100k is downloaded; the others are read where they are.")
    static let pathField = Field<String?>(
        "path", type: .optional(.path), default: .null,
        "The folder that holds the files; null: look for it, else download.")
    static let offlineField = Field<Offline>(
        "offline", default: .error,
        "Where the data cannot be had: error, or synthetic for a generated stand-in.")

    public static let entry = ComponentEntry<any DataSource>(
        "movielens", summary: "GroupLens's MovieLens ratings.",
        source: "Harper and Konstan, 2015, doi:10.1145/2827872",
        fields: [variantField.description, pathField.description, offlineField.description]
    ) { values in
        let name = values[variantField]
        return MovieLensChoice(
            source: MovieLensSource(
                variant: MovieLensVariant.all.first { $0.name == name } ?? .ml100k,
                path: values[pathField]),
            offline: values[offlineField])
    }
}
