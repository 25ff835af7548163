import Reporting
import ResultsFormat
import Testing

struct TensorBoardTests {
    @Test(
        arguments: [
            ("", 0), ("a", 0xC1D0_4330), ("123456789", 0xE306_9283),
            ("message digest", 0x02BD_79D0),
        ] as [(String, UInt32)])
    func checksums(text: String, value: UInt32) {
        #expect(CRC32C.of(Array(text.utf8)) == value)
    }

    /// The bytes of each record, with its two checksums looked at.
    private func records(_ bytes: [UInt8]) throws -> [ArraySlice<UInt8>] {
        var records: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        func integer(_ bytes: some Sequence<UInt8>) -> Int {
            bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        while !rest.isEmpty {
            let length = rest.prefix(8)
            let count = integer(length)
            #expect(CRC32C.masked(of: length) == UInt32(integer(rest.dropFirst(8).prefix(4))))
            let record = rest.dropFirst(12).prefix(count)
            try #require(record.count == count)
            let check = rest.dropFirst(12 + count).prefix(4)
            #expect(CRC32C.masked(of: record) == UInt32(integer(check)))
            records.append(record)
            rest = rest.dropFirst(16 + count)
        }
        return records
    }

    @Test func everyFigureIsARecordOfItsOwn() throws {
        let document = try Samples.run(epochs: 3)
        let plain = try records(TensorBoardLog.bytes(of: document, time: 1e9))
        // Version; of each epoch two of the loss, four of two metrics, two rates and the speed;
        // then the loss and four metrics of the test.
        #expect(plain.count == 1 + 3 * (2 + 4 + 2 + 1) + 5)
        #expect(plain[0].suffix(13).elementsEqual("brain.Event:2".utf8))
        let withSettings = try records(
            TensorBoardLog.bytes(of: document, time: 1e9, settings: ["a": 1, "b": "c"]))
        #expect(withSettings.count == plain.count + 2)
    }

    @Test func theSameRunHasTheSameLog() throws {
        let document = try Samples.run().sealed()
        #expect(
            TensorBoardLog.bytes(of: document, time: 5)
                == TensorBoardLog.bytes(of: document, time: 5))
        #expect(TensorBoardLog.fileName(of: document).hasPrefix("events.out.tfevents."))
    }
}
