/// The genres of films as MovieLens has them, which data that stand in for it have too.
enum FilmGenres {
    /// In the order of MovieLens 100K's `u.genre`; the first is none.
    static let all = [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime",
        "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance",
        "Sci-Fi", "Thriller", "War", "Western",
    ]
}
