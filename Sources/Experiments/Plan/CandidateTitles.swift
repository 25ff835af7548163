import Retrieval

/// What candidates are called, where their table says so.
struct CandidateTitles: Sendable {
    private let ids: TokenColumn
    private let titles: TokenColumn

    /// Names of columns that hold titles, the likeliest first.
    private static let columns = [
        "title", "movie_title", "item_title", "product_title", "name", "item_name",
    ]

    init?(_ table: Table?, id: String) {
        guard let table, case .tokens(let ids)? = table[id],
            let titles = Self.columns.lazy.compactMap({ name -> TokenColumn? in
                guard case .tokens(let titles)? = table[name] else { return nil }
                return titles
            }).first
        else { return nil }
        self.ids = ids
        self.titles = titles
    }

    /// Looks through the table: for a few candidates, not for many.
    func title(of id: String) -> String? {
        guard let code = ids.dictionary.firstIndex(of: id),
            let row = ids.codes.firstIndex(of: Int32(code))
        else { return nil }
        let title = titles[row]
        return title.isEmpty ? nil : title
    }
}
