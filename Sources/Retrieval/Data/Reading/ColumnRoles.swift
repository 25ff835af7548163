/// The columns that are known to play a part.
public struct ChosenColumns: Hashable, Sendable {
    /// Who asks; nil: not known.
    public var query: String?
    /// What is retrieved; nil: not known.
    public var candidate: String?
    /// When it happened; nil: not known.
    public var time: String?

    public init(query: String? = nil, candidate: String? = nil, time: String? = nil) {
        self.query = query
        self.candidate = candidate
        self.time = time
    }
}

/// Which columns of a table of interactions seem to be who asks, what is retrieved, and when.
struct ColumnRoles {
    typealias Found = (index: Int, reason: String)

    private(set) var query: Found?
    private(set) var candidate: Found?
    private(set) var time: Found?
    /// What to call the columns of a file without a header.
    private(set) var names: [String]

    /// - Parameters:
    ///   - names: the header's; nil where there is none.
    ///   - chosen: what is known to be a role's column.
    init(
        names: [String]?, _ columns: [ColumnGuess], chosen: ChosenColumns = ChosenColumns()
    ) {
        let plain = names?.map { Array(Self.plain($0).utf8) } ?? []
        self.names = names ?? []
        func byName(_ words: [String], _ isFit: (_ index: Int, _ isExact: Bool) -> Bool) -> Found? {
            for isExact in [true, false] {
                for word in words.map({ Array($0.utf8) }) {
                    for (index, name) in plain.enumerated()
                    where isExact ? name == word : name.holds(word) {
                        if isFit(index, isExact) { return (index, "by its name") }
                    }
                }
            }
            return nil
        }
        func isTime(_ index: Int) -> Bool {
            columns[index].isWritten || columns[index].unit != nil
        }
        func isNamedTime(_ index: Int, _: Bool) -> Bool {
            isTime(index) || columns[index].dateInDigits != nil
        }
        func given(_ name: String?) -> Found? {
            let known = names ?? Self.numbered(columns.count)
            return name.flatMap(known.firstIndex).map { ($0, "as given") }
        }
        time = given(chosen.time) ?? byName(Self.timeWords, isNamedTime)
        if time == nil {
            let index = columns.indices.first { index in
                columns[index].isWritten || (names == nil && isTime(index))
            }
            if let index { time = (index, "by its values") }
        }
        let timeIndex = time?.index
        func isID(_ index: Int) -> Bool {
            index != timeIndex && !columns[index].isFraction && !columns[index].isWritten
                && names?[index] != ""
        }
        // What is called an id is one, even where a program wrote it with an exponent.
        func isNamedID(_ index: Int, _ isExact: Bool) -> Bool {
            isID(index)
                || isExact && index != timeIndex && !columns[index].isWritten
                    && plain[index].count > 4 && plain[index].suffix(2).elementsEqual("id".utf8)
        }
        let (givenQuery, givenCandidate) = (given(chosen.query), given(chosen.candidate))
        query =
            givenQuery
            ?? byName(Self.queryWords) {
                isNamedID($0, $1) && $0 != givenCandidate?.index
            }
        let named = query?.index
        candidate =
            givenCandidate ?? byName(Self.candidateWords) { isNamedID($0, $1) && $0 != named }
        let other = candidate?.index
        func byPlace(_ taken: Int?) -> Found? {
            let ids = columns.indices.filter { isID($0) && $0 != taken }
            // What counts the rows names nobody.
            return (ids.first { !columns[$0].isCounter } ?? ids.first).map { ($0, "by its place") }
        }
        if query == nil { query = byPlace(other) }
        if candidate == nil { candidate = byPlace(query?.index) }
        guard names == nil else { return }
        self.names = Self.numbered(columns.count)
        for (found, name) in [(query, "user_id"), (candidate, "item_id"), (time, "timestamp")] {
            if let found { self.names[found.index] = name }
        }
    }

    /// What columns are called that have no names.
    static func numbered(_ count: Int) -> [String] { (0..<count).map { "column_\($0 + 1)" } }

    /// Whether a column is often called so.
    static func isUsual(_ name: String) -> Bool {
        let words = queryWords + candidateWords + timeWords + ["rating", "score", "event"]
        return words.contains(plain(name))
    }

    /// Whether a column is often called so that holds times.
    static func isTime(_ name: String) -> Bool { timeWords.contains(plain(name)) }

    /// The names by which columns of times are called, before those that only hold such a word.
    static func called(asTimes names: [String]) -> [String] {
        let words = timeWords.map { Array($0.utf8) }
        return names.filter(isTime)
            + names.filter { name in
                let plain = Array(plain(name).utf8)
                return !isTime(name) && words.contains { plain.holds($0) }
            }
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
