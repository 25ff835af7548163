import Foundation
import Retrieval

extension BenchmarkCase {
    /// Reading of a user's own files, with the digest of what was read.
    static let dataReading: [BenchmarkCase] = [
        BenchmarkCase("data/csv", .kernel, Shape(1_000_000, 5, 1)) { shape, random, _ in
            let log = InteractionLog(rows: max(1, shape.rows), &random)
            return Work(bytes: Double(log.size), items: log.ratings.count, run: { _ = log.load() }) {
                let table = log.load()
                let users = (try? table.tokens("user_id")) ?? TokenColumn([])
                let found =
                    ((try? table.numbers("rating")) ?? [])
                    + ((try? table.integers("timestamp")) ?? []).map { Float($0) }
                    + (0..<users.count).map { Float(users[$0]) ?? .nan }
                return Work.Outcome(
                    found: found,
                    expected: log.ratings + log.times.map { Double(Float($0)) } + log.users,
                    tolerance: 0)
            }
        }
    ]
}

/// A generated file of interactions, which is there as long as this is.
private final class InteractionLog {
    private(set) var users: [Double] = []
    private(set) var ratings: [Double] = []
    private(set) var times: [Int] = []
    let size: Int
    private let path: String

    init(rows: Int, _ random: inout RandomStream) {
        var text = Array("user_id,item_id,rating,timestamp,device\n".utf8)
        for _ in 0..<rows {
            let user = 1 + random.below(200_000)
            let stars = 1 + random.below(10)
            let time = 978_300_760 + random.below(100_000_000)
            let item = random.below(50_000)
            let device = ["mobile", "desktop", "tablet"][random.below(3)]
            users.append(Double(user))
            ratings.append(Double(stars) / 2)
            times.append(time)
            let stamp = "\(user),\(item),\(stars / 2).\(stars % 2 * 5),\(time),\(device)\n"
            text += Array(stamp.utf8)
        }
        size = text.count
        path = FileManager.default.temporaryDirectory.path + "/tfrs-bench-\(UUID()).csv"
        guard FileManager.default.createFile(atPath: path, contents: Data(text)) else {
            fatalError("cannot write \(path)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func load() -> Table {
        let table = FileTable(
            path: path,
            columns: [
                ColumnDeclaration("rating", .float), ColumnDeclaration("timestamp", .timestamp),
            ], cache: .off)
        do {
            return try FileSource(interactions: table).load().interactions
        } catch {
            fatalError("\(error)")
        }
    }
}
