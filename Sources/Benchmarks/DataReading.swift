import Platform
import Retrieval

extension BenchmarkCase {
    /// Reading of a user's own files, with the digest of what was read.
    static let dataReading: [BenchmarkCase] = InteractionLog.Layout.allCases.map { layout in
        BenchmarkCase("data/\(layout)", .kernel, Shape(1_000_000, 5, 1)) { shape, random, _ in
            let log = InteractionLog(layout, rows: max(1, shape.rows), &random)
            return Work(
                bytes: Double(log.size), items: log.ratings.count, run: { _ = log.load() }
            ) {
                let table = log.load()
                let users = (try? table.tokens("user_id")) ?? TokenColumn([])
                let found =
                    ((try? table.numbers("rating")) ?? [])
                    + ((try? table.integers("timestamp")) ?? []).map { Float($0) }
                    + (0..<users.count).map { Float(users[$0].drop { $0 == "u" }) ?? .nan }
                return Work.Outcome(
                    found: found,
                    expected: log.ratings + log.times.map { Double(Float($0)) } + log.users,
                    tolerance: 0)
            }
        }
    }
}

/// A generated file of interactions, which is there as long as this is.
private final class InteractionLog {
    enum Layout: String, CaseIterable {
        /// Ids that are numbers, as in the larger MovieLens, and a category.
        case csv
        /// The same, strings in quotes.
        case quoted
        /// Four fields with `::` between them and no header, as in MovieLens 1M.
        case colons
        /// Ids of 13 and some 15 characters.
        case text
    }

    private(set) var users: [Double] = []
    private(set) var ratings: [Double] = []
    private(set) var times: [Int] = []
    let size: Int
    private let layout: Layout
    private let path: String

    init(_ layout: Layout, rows: Int, _ random: inout RandomStream) {
        self.layout = layout
        let names = ["user_id", "item_id", "rating", "timestamp", "device"]
        var text = layout == .colons ? [] : Array((names.joined(separator: ",") + "\n").utf8)
        for _ in 0..<rows {
            let user = 1 + random.below(200_000)
            let stars = 1 + random.below(10)
            let time = 978_300_760 + random.below(100_000_000)
            let item = random.below(50_000)
            let device = ["mobile", "desktop", "tablet"][random.below(3)]
            users.append(Double(user))
            ratings.append(Double(stars) / 2)
            times.append(time)
            let numbers = ["\(stars / 2).\(stars % 2 * 5)", "\(time)"]
            let fields =
                switch layout {
                case .csv: ["\(user)", "\(item)"] + numbers + [device]
                case .quoted: ["\"\(user)\"", "\"\(item)\""] + numbers + ["\"\(device)\""]
                case .colons: ["\(user)", "\(item)"] + numbers
                case .text: ["u" + Self.padded(user), "item-\(item)-text"] + numbers + [device]
                }
            let delimiter = layout == .colons ? "::" : ","
            text += Array((fields.joined(separator: delimiter) + "\n").utf8)
        }
        size = text.count
        path = FileManager.default.temporaryDirectory.path + "/tfrs-bench-\(UUID()).csv"
        guard FileManager.default.createFile(atPath: path, contents: Data(text)) else {
            fatalError("cannot write \(path)")
        }
    }

    private static func padded(_ number: Int) -> String {
        String(repeating: "0", count: 12 - String(number).count) + String(number)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func load() -> Table {
        var format = FileTable.Delimited()
        var columns = [
            ColumnDeclaration("rating", .float), ColumnDeclaration("timestamp", .timestamp),
        ]
        if layout == .colons {
            format.delimiter = "::"
            format.hasHeader = false
            columns = [ColumnDeclaration("user_id"), ColumnDeclaration("item_id")] + columns
        }
        let table = FileTable(
            path: path, format: .delimited(format), columns: columns, cache: .off)
        do {
            return try FileSource(interactions: table).load().interactions
        } catch {
            fatalError("\(error)")
        }
    }
}
