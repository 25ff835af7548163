import Foundation
import ResultsFormat
import TestSupport

/// A small shop whose rows a test knows: interactions with a context, users and items with
/// features, and what came before each row.
struct ShopData {
    struct Row {
        var user: String
        var item: String
        var rating: Int
        var time: Int
        var device: String
    }

    let rows: [Row]
    let countries: [String: String]
    let genres: [String: String]
    let prices: [String: Double]

    init(seed: UInt64 = 7, users: Int = 20, items: Int = 40, interactions: Int = 400) {
        var generator = SeededGenerator(seed: seed)
        var rows: [Row] = []
        for index in 0..<interactions {
            rows.append(
                Row(
                    user: "u\(Int.random(in: 0..<users, using: &generator))",
                    item:
                        "i\(min(Int.random(in: 0..<items, using: &generator), Int.random(in: 0..<items, using: &generator)))",
                    rating: Int.random(in: 1...5, using: &generator),
                    time: 1_600_000_000 + index * 3_607,
                    device: ["phone", "tablet", "desk"].randomElement(using: &generator)!))
        }
        self.rows = rows
        countries = Dictionary(
            uniqueKeysWithValues: (0..<users).map { ("u\($0)", ["de", "fr", "it"][$0 % 3]) })
        genres = Dictionary(
            uniqueKeysWithValues: (0..<items).map { ("i\($0)", ["a|b", "b", "c|a", "d"][$0 % 4]) })
        prices = Dictionary(
            uniqueKeysWithValues: (0..<items).map { ("i\($0)", Double($0 % 7) + 0.5) })
    }

    /// Writes the tables; answers the `data:` section that reads them. The last fifth is the test.
    func write(to folder: TemporaryFolder, parts: Range<Int>? = nil) throws -> String {
        let rows = parts.map { Array(self.rows[$0]) } ?? rows
        try folder.write(
            "interactions.csv",
            "user_id,item_id,rating,time,device\n"
                + rows.map { "\($0.user),\($0.item),\($0.rating),\($0.time),\($0.device)\n" }
                .joined())
        try folder.write(
            "users.csv",
            "user_id,country\n"
                + countries.sorted { $0.key < $1.key }.map { "\($0),\($1)\n" }.joined())
        try folder.write(
            "items.csv",
            "item_id,genres,price\n"
                + genres.sorted { $0.key < $1.key }
                .map { "\($0),\($1),\(prices[$0]!)\n" }.joined())
        return """
            data:
              source: csv
              interactions:
                path: \(folder.path)/interactions.csv
                columns:
                  - {name: rating, type: integer}
                  - {name: time, type: integer}
              users: {path: \(folder.path)/users.csv}
              items:
                path: \(folder.path)/items.csv
                columns:
                  - {name: genres, type: list, separator: "|"}
                  - {name: price, type: float}
              query: user_id
              candidate: item_id
              split: {strategy: temporal, order_by: time, test: 0.2}
            """
    }

    /// The rows of the test part.
    var test: Range<Int> { (rows.count - rows.count / 5)..<rows.count }

    /// What came before a row: the same user's earlier items, oldest first.
    func history(of row: Int, last count: Int) -> [Row] {
        Array(rows[..<row].filter { $0.user == rows[row].user }.suffix(count))
    }
}
