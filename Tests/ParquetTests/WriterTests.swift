import Foundation
import Parquet
import TestSupport
import Testing

/// What is written is read again.
@Suite struct WriterTests {
    private struct Sample {
        var texts: [String] = []
        var uniques: [String] = []
        var numbers: [Int64] = []
        var doubles: [Double] = []
        var floats: [Float] = []
        var vectors: [Float] = []
        var isPresent: [Bool] = []

        init(_ count: Int, seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            for row in 0..<count {
                let words = ["", "a", "né", "long text that repeats"]
                texts.append(words.randomElement(using: &random)!)
                let number = UInt64.random(in: 0...UInt64.max, using: &random)
                // Of 5 bytes to 30: what is copied in one step, and what is not.
                uniques.append("row-\(row)" + "\(number)".prefix(row % 21))
                numbers.append(Int64.random(in: Int64.min...Int64.max, using: &random))
                doubles.append(Double.random(in: -1e9...1e9, using: &random))
                floats.append(Float(row) / 3)
                vectors += (0..<3).map { Float(row * 3 + $0) }
                isPresent.append(Bool.random(using: &random))
            }
        }
    }

    private static let columns: [ParquetWriter.Column] = [
        .init("text", .strings), .init("unique", .strings, isOptional: true),
        .init("number", .integers), .init("double", .doubles, isOptional: true),
        .init("float", .floats), .init("vector", .floatLists(count: 3)),
    ]

    private static func bytes(
        of groups: [Sample], _ compression: ParquetWriter.Compression
    ) throws -> Data {
        var data = Data()
        var writer = try ParquetWriter(columns: columns, compression: compression) {
            data.append(contentsOf: $0)
        }
        for group in groups {
            try writer.write([
                .strings(group.texts), .strings(group.uniques, isPresent: group.isPresent),
                .integers(group.numbers), .doubles(group.doubles, isPresent: group.isPresent),
                .floats(group.floats), .floatLists(group.vectors),
            ])
        }
        try writer.finish()
        return data
    }

    private static func texts(_ values: ColumnValues) -> [String?] {
        guard case .strings(let codes, let dictionary) = values.values else { return [] }
        return codes.map {
            $0 < 0 ? nil : String(decoding: dictionary[Int($0)], as: UTF8.self)
        }
    }

    @Test(arguments: [ParquetWriter.Compression.none, .snappy], [0, 1, 9, 5000])
    func groupsAreReadAsTheyWereWritten(
        compression: ParquetWriter.Compression, count: Int
    ) throws {
        let folder = try TemporaryFolder()
        let groups = [Sample(count, seed: 1), Sample(count / 2 + 1, seed: 2)]
        let bytes = try Self.bytes(of: groups, compression)
        #expect(try Self.bytes(of: groups, compression) == bytes)
        try bytes.write(to: URL(filePath: folder.path + "/x.parquet"))
        let file = try ParquetFile(path: folder.path + "/x.parquet")
        // No rows make no group.
        let written = groups.filter { !$0.texts.isEmpty }
        #expect(file.rowCounts == written.map(\.texts.count))
        #expect(file.columns.map(\.name) == Self.columns.map(\.name))
        #expect(file.columns.map(\.isList) == [false, false, false, false, false, true])
        for (index, group) in written.enumerated() {
            #expect(Self.texts(try file.read("text", rowGroup: index)) == group.texts)
            #expect(
                Self.texts(try file.read("unique", rowGroup: index))
                    == zip(group.uniques, group.isPresent).map { $1 ? $0 : nil })
            guard case .integers(let numbers) = try file.read("number", rowGroup: index).values,
                case .floats(let floats) = try file.read("float", rowGroup: index).values
            else {
                Issue.record("other kinds")
                continue
            }
            #expect(numbers == group.numbers && floats == group.floats)
            let doubles = try file.read("double", rowGroup: index)
            let isComplete = group.isPresent.allSatisfy(\.self)
            #expect(doubles.isPresent == (isComplete ? nil : group.isPresent))
            let vectors = try file.read("vector", rowGroup: index)
            #expect(vectors.offsets == Array(stride(from: 0, through: group.vectors.count, by: 3)))
            guard case .floats(let members) = vectors.values else { continue }
            #expect(members == group.vectors)
        }
    }

    /// Compression makes what repeats small, and never what does not much larger.
    @Test func repetitionIsCompressed() throws {
        let sample = Sample(20_000, seed: 3)
        let plain = try Self.bytes(of: [sample], .none).count
        let compressed = try Self.bytes(of: [sample], .snappy).count
        #expect(compressed < plain * 9 / 10)
    }
}
