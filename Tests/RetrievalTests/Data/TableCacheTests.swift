import Foundation
import Retrieval
import TestSupport
import Testing

@Suite struct TableCacheTests {
    private static let text = """
        u,i,r,t,l
        1,a,4.5,100,x|y
        2,é,3,200,
        bad,b,x,1,z
        1,long-identifier-0001,5,300,y
        """
    private static let tables = "cache/tfrs-run/tables"

    private func load(
        _ scratch: Scratch, _ variables: [String: String] = [:], cache: CachePolicy = .on,
        path: String = "log.csv"
    ) throws -> (data: Dataset, wasCached: Bool) {
        let table = FileTable(
            path: path,
            columns: [
                ColumnDeclaration("r", .float), ColumnDeclaration("t", .timestamp),
                ColumnDeclaration("l", .list),
            ], badRows: .skip, cache: cache)
        var wasCached = false
        let variables = variables.merging(["XDG_CACHE_HOME": scratch.path + "/cache"]) { $1 }
        let data = try FileSource(interactions: table).load(in: scratch.environment(variables)) {
            if case .cached = $0 { wasCached = true }
        }
        return (data, wasCached)
    }

    private func fresh() throws -> (Scratch, Dataset) {
        let scratch = try Scratch()
        try scratch.write("log.csv", Self.text)
        let (data, wasCached) = try load(scratch)
        #expect(!wasCached)
        return (scratch, data)
    }

    @Test func theSecondRunReadsWhatTheFirstKept() throws {
        let (scratch, first) = try fresh()
        #expect(scratch.names(in: Self.tables).count == 1)
        let (second, wasCached) = try load(scratch)
        #expect(wasCached)
        #expect(second.interactions == first.interactions)
        #expect(second.origin == first.origin)
        #expect(second.origin.skippedRows == 1)
    }

    @Test func aChangedFileIsNoticed() throws {
        let (scratch, first) = try fresh()
        try scratch.write("log.csv", Self.text.replacing("4.5", with: "4.0"))
        let (changed, wasCached) = try load(scratch)
        #expect(!wasCached)
        #expect(changed.interactions != first.interactions)
        // What is written over the old table is the new one.
        #expect(try load(scratch).wasCached)
        #expect(scratch.names(in: Self.tables).count == 1)
        try scratch.write("log.csv", Self.text + "\n3,c,1,1,z\n")
        #expect(try load(scratch).data.interactions.rowCount == 4)
    }

    /// Where the system's word is enough, a change is noticed all the same.
    @Test func aChangeOfASettledFileIsNoticed() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", Self.text)
        Thread.sleep(forTimeInterval: 2.1)
        let first = try load(scratch).data
        #expect(try load(scratch).wasCached)
        let path = scratch.path + "/log.csv"
        let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        try scratch.write("log.csv", Self.text.replacing("4.5", with: "4.0"))
        try FileManager.default.setAttributes(
            [.modificationDate: date as Any], ofItemAtPath: path)
        let (changed, wasCached) = try load(scratch)
        #expect(!wasCached && changed.interactions != first.interactions)
    }

    @Test func filesThatWereOnlyTouchedAreKnownByTheirContent() throws {
        let (scratch, _) = try fresh()
        try scratch.write("log.csv", Self.text)
        #expect(try load(scratch).wasCached)
    }

    @Test func aDamagedCacheIsMadeAnew() throws {
        let (scratch, first) = try fresh()
        let name = Self.tables + "/" + (scratch.names(in: Self.tables).first ?? "")
        let good = try [UInt8](Data(contentsOf: URL(filePath: scratch.path + "/" + name)))
        var stream = RandomStream(seed: 3, stream: "damage")
        for round in 0..<60 {
            var bytes = good
            switch round % 3 {
            case 0: bytes[stream.below(bytes.count)] ^= UInt8(1 << stream.below(8))
            case 1: bytes.removeLast(1 + stream.below(bytes.count))
            default: bytes.append(0)
            }
            try scratch.write(name, bytes)
            let (data, wasCached) = try load(scratch)
            #expect(!wasCached, "round \(round)")
            #expect(data.interactions == first.interactions)
            #expect(try load(scratch).wasCached)
        }
    }

    @Test func itsPlaceIsTheUsersToSay() throws {
        let scratch = try Scratch()
        try scratch.write("log.csv", Self.text)
        _ = try load(scratch, ["TFRS_TABLE_CACHE": "off"])
        _ = try load(scratch, cache: .off)
        // A small file is not worth it.
        _ = try load(scratch, cache: .auto)
        #expect(scratch.names(in: Self.tables) == [])
        _ = try load(scratch, ["TFRS_TABLE_CACHE": scratch.path + "/elsewhere"])
        #expect(scratch.names(in: "elsewhere").count == 1)
        // Where nothing can be written, nothing is kept.
        try scratch.write("cache", "a file in the way")
        #expect(try !load(scratch).wasCached)
        #expect(try !load(scratch).wasCached)
    }

    @Test func otherColumnsAreAnotherTable() throws {
        let (scratch, _) = try fresh()
        let table = FileTable(path: "log.csv", cache: .on)
        let data = try FileSource(interactions: table).load(
            in: scratch.environment(["XDG_CACHE_HOME": scratch.path + "/cache"]))
        #expect(data.interactions.rowCount == 4)
        #expect(scratch.names(in: Self.tables).count == 2)
    }

    @Test func writersDoNotDisturbEachOther() throws {
        let (scratch, first) = try fresh()
        for _ in 0..<5 {
            try scratch.write("log.csv", Self.text)
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let data = try? load(scratch).data
                #expect(data?.interactions == first.interactions)
            }
        }
        #expect(scratch.names(in: Self.tables).count == 1)
    }

    @Test func patternsAreKeptAsOne() throws {
        let scratch = try Scratch()
        try scratch.write("a-1.csv", "u,i,r,t,l\n1,a,1,1,x\n")
        try scratch.write("a-2.csv", "u,i,r,t,l\n2,b,1,1,x\n")
        #expect(try load(scratch, path: "a-*.csv").data.interactions.rowCount == 2)
        #expect(try load(scratch, path: "a-*.csv").wasCached)
        try scratch.write("a-3.csv", "u,i,r,t,l\n3,c,1,1,x\n")
        let (data, wasCached) = try load(scratch, path: "a-*.csv")
        #expect(!wasCached && data.interactions.rowCount == 3)
    }

    // MARK: Bounds

    /// A table of the cache's folder that was last used so many days ago.
    private func table(_ scratch: Scratch, _ digit: Character, daysAgo: Double) throws -> String {
        let name = String(repeating: digit, count: 64) + ".table"
        try scratch.write(Self.tables + "/" + name, [1, 2, 3])
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -86_400 * daysAgo)],
            ofItemAtPath: scratch.path + "/" + Self.tables + "/" + name)
        return name
    }

    @Test func tablesThatNobodyUsesGo() throws {
        let (scratch, _) = try fresh()
        let old = try table(scratch, "a", daysAgo: 31)
        let young = try table(scratch, "b", daysAgo: 29)
        // What is no table of the cache stays, however old.
        for name in ["notes.table", "c.txt", String(repeating: "x", count: 64) + ".table"] {
            try scratch.write(Self.tables + "/" + name, [1])
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 0)],
                ofItemAtPath: scratch.path + "/" + Self.tables + "/" + name)
        }
        try scratch.write("log.csv", Self.text + "\n5,e,1,1,z\n")
        _ = try load(scratch)
        let names = scratch.names(in: Self.tables)
        #expect(!names.contains(old) && names.contains(young))
        #expect(names.count == 5)
    }

    /// Using a table makes it young.
    @Test func aTableThatIsUsedStays() throws {
        let (scratch, _) = try fresh()
        let own = try #require(scratch.names(in: Self.tables).first)
        let path = scratch.path + "/" + Self.tables + "/" + own
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -40 * 86_400)], ofItemAtPath: path)
        #expect(try load(scratch).wasCached)
        try scratch.write("other.csv", Self.text)
        _ = try load(scratch, path: "other.csv")
        #expect(scratch.names(in: Self.tables).contains(own))
    }
}
