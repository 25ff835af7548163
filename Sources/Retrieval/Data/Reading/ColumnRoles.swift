/// Which columns of a table of interactions seem to be who asks, what is retrieved, and when.
struct ColumnRoles {
    typealias Found = (index: Int, reason: String)

    private(set) var query: Found?
    private(set) var candidate: Found?
    private(set) var time: Found?
    /// What to call the columns of a file without a header.
    private(set) var names: [String]

    /// - Parameter names: the header's; nil where there is none.
    init(names: [String]?, _ columns: [ColumnGuess]) {
        let plain = names?.map(Self.plain) ?? []
        self.names = names ?? []
        func byName(_ words: [String], _ isFit: (Int) -> Bool) -> Found? {
            for isMeant in [{ $0 == $1 }, { $0.contains($1) }] as [(String, String) -> Bool] {
                for word in words {
                    for index in plain.indices where isMeant(plain[index], word) && isFit(index) {
                        return (index, "by its name")
                    }
                }
            }
            return nil
        }
        func isTime(_ index: Int) -> Bool {
            columns[index].isWritten || columns[index].unit != nil
        }
        time = byName(Self.timeWords, isTime)
        if time == nil {
            let index = columns.indices.first { index in
                columns[index].isWritten || (names == nil && isTime(index))
            }
            if let index { time = (index, "by its values") }
        }
        let timeIndex = time?.index
        func isID(_ index: Int) -> Bool {
            index != timeIndex && !columns[index].isFraction && !columns[index].isWritten
        }
        query = byName(Self.queryWords, isID)
        let named = query?.index
        candidate = byName(Self.candidateWords) { isID($0) && $0 != named }
        let other = candidate?.index
        func byPlace(_ taken: Int?) -> Found? {
            guard let index = columns.indices.first(where: { isID($0) && $0 != taken }) else {
                return nil
            }
            return (index, "by its place")
        }
        if query == nil { query = byPlace(other) }
        if candidate == nil { candidate = byPlace(query?.index) }
        guard names == nil else { return }
        self.names = columns.indices.map { "column_\($0 + 1)" }
        for (found, name) in [(query, "user_id"), (candidate, "item_id"), (time, "timestamp")] {
            if let found { self.names[found.index] = name }
        }
    }

    /// Whether a column is often called so.
    static func isUsual(_ name: String) -> Bool {
        let words = queryWords + candidateWords + timeWords + ["rating", "score", "event"]
        return words.contains(plain(name))
    }

    /// Without what names are written with: `User-ID` is `userid`.
    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static let queryWords = [
        "userid", "user", "uid", "customerid", "customer", "visitorid", "visitor", "accountid",
        "account", "memberid", "member", "clientid", "client", "reviewerid", "reviewer",
        "sessionid", "session", "queryid", "query", "person", "playerid", "player",
    ]
    private static let candidateWords = [
        "itemid", "item", "iid", "movieid", "movie", "productid", "product", "parentasin", "asin",
        "sku", "articleid", "article", "trackid", "track", "songid", "song", "artistid", "artist",
        "bookid", "book", "isbn", "videoid", "video", "gameid", "game", "businessid", "business",
        "poi", "venue", "newsid", "news", "docid", "document", "candidate", "offer", "content",
        "page", "url",
    ]
    private static let timeWords = [
        "timestamp", "unixtimestamp", "time", "datetime", "date", "ts", "eventtime", "createdat",
        "created", "viewedat", "when",
    ]
}
