/// The formats of MovieLens 100K's files, as its README describes them.
enum MovieLensParser {
    /// `u.data`: user id, item id, rating and timestamp, separated by tabs.
    ///
    /// Columns: `user_id` and `item_id` (tokens), `rating` (number), `timestamp` (integer,
    /// seconds since 1970).
    static func interactions(_ bytes: [UInt8], file: String) throws(DataError) -> Table {
        var text = DelimitedText(
            file: file, bytes: bytes, separator: "\t",
            fields: ["user id", "item id", "rating", "timestamp"])
        let rows = text.lineCount
        try checkRows(rows, in: text)
        var users = TokenEncoder(reservingRows: rows)
        var items = TokenEncoder(reservingRows: rows)
        var ratings: [Double] = []
        var timestamps: [Int64] = []
        ratings.reserveCapacity(rows)
        timestamps.reserveCapacity(rows)
        while !text.isAtEnd {
            users.append(bytes, try text.nextDigits())
            items.append(bytes, try text.nextDigits())
            ratings.append(try text.nextNumber())
            timestamps.append(try text.nextInteger())
        }
        return Table(
            name: "interactions",
            columns: [
                "user_id": .tokens(users.finish(as: .latin1).column),
                "item_id": .tokens(items.finish(as: .latin1).column),
                "rating": .numbers(ratings),
                "timestamp": .integers(timestamps),
            ])
    }

    /// `u.item`, in ISO 8859-1: id, title, release date, video release date, IMDb address and a
    /// flag for each of ``MovieLensVariant/genres``, separated by "|".
    ///
    /// Columns: `item_id`, `title`, `release_date`, `video_release_date`, `imdb_url` (tokens, some
    /// empty), `genres` (lists of tokens).
    static func items(_ bytes: [UInt8], file: String) throws(DataError) -> Table {
        let genres = MovieLensVariant.genres
        var text = DelimitedText(
            file: file, bytes: bytes, separator: "|",
            fields: ["item id", "title", "release date", "video release date", "IMDb URL"]
                + genres.map { "the flag of '\($0)'" })
        let rows = text.lineCount
        try checkRows(rows, in: text)
        var columns = [TokenEncoder](repeating: TokenEncoder(reservingRows: rows), count: 5)
        var lists = TokenListColumn(dictionary: genres)
        while !text.isAtEnd {
            try appendKey(&columns[0], &text)
            for index in 1..<5 { columns[index].append(bytes, try text.next()) }
            var row: [Int32] = []
            for code in genres.indices where try text.nextFlag() { row.append(Int32(code)) }
            lists.append(row)
        }
        return Table(
            name: "items",
            columns: [
                "item_id": .tokens(columns[0].finish(as: .latin1).column),
                "title": .tokens(columns[1].finish(as: .latin1).column),
                "release_date": .tokens(columns[2].finish(as: .latin1).column),
                "video_release_date": .tokens(columns[3].finish(as: .latin1).column),
                "imdb_url": .tokens(columns[4].finish(as: .latin1).column),
                "genres": .tokenLists(lists),
            ])
    }

    /// `u.user`: id, age, gender, occupation and zip code, separated by "|".
    ///
    /// Columns: `user_id` (tokens), `age` (integer, years), `gender`, `occupation`, `zip_code`
    /// (tokens; some zip codes are letters).
    static func users(_ bytes: [UInt8], file: String) throws(DataError) -> Table {
        var text = DelimitedText(
            file: file, bytes: bytes, separator: "|",
            fields: ["user id", "age", "gender", "occupation", "zip code"])
        let rows = text.lineCount
        try checkRows(rows, in: text)
        var ids = TokenEncoder(reservingRows: rows)
        var ages: [Int64] = []
        var genders = TokenEncoder(reservingRows: rows)
        var occupations = TokenEncoder(reservingRows: rows)
        var zipCodes = TokenEncoder(reservingRows: rows)
        while !text.isAtEnd {
            try appendKey(&ids, &text)
            ages.append(try text.nextInteger())
            genders.append(bytes, try text.next())
            occupations.append(bytes, try text.next())
            zipCodes.append(bytes, try text.next())
        }
        return Table(
            name: "users",
            columns: [
                "user_id": .tokens(ids.finish(as: .latin1).column),
                "age": .integers(ages),
                "gender": .tokens(genders.finish(as: .latin1).column),
                "occupation": .tokens(occupations.finish(as: .latin1).column),
                "zip_code": .tokens(zipCodes.finish(as: .latin1).column),
            ])
    }

    /// Reads an id that no earlier line may have: features are joined by it.
    private static func appendKey(
        _ keys: inout TokenEncoder, _ text: inout DelimitedText
    ) throws(DataError) {
        let range = try text.nextDigits()
        guard keys.appendIfNew(text.bytes, range) else {
            throw text.wrong(range, "an id that no earlier line has")
        }
    }

    private static func checkRows(_ rows: Int, in text: DelimitedText) throws(DataError) {
        guard rows > 0 else {
            throw text.malformed(at: 0, required: "at least one line", found: "an empty file")
        }
        guard rows <= Int32.max else {
            throw text.malformed(
                at: 0, required: "at most \(Int32.max) lines", found: "\(rows) lines")
        }
    }
}
