import CKernels
import TestSupport
import Testing

extension Kernels {
    /// Text is cut into the same records at every level as a plain reading of it cuts.
    @Suite struct TextTests {
        private static let usual = Array(":;a,b1\r".utf8)
        private static let unusual = Array("\"#\n,".utf8)

        private struct Cut: Equatable {
            var ends: [Int32]
            var quoted: Bool
        }

        /// The records from the beginning on, up to the first with quotes at all.
        private func plain(
            _ text: [UInt8], delimiter: [UInt8], comment: UInt8?, fields: Int, most: Int
        ) -> [Int32] {
            var ends: [Int32] = [-1]
            var record: [Int32] = []
            var position = 0
            while position < text.count, ends.count <= most * fields - fields + 1 {
                if text[position...].starts(with: delimiter) {
                    record.append(Int32(position))
                    position += delimiter.count
                    continue
                }
                if text[position] == 0x22 { break }
                if text[position] == 0x0A {
                    record.append(Int32(position))
                    guard record.count == fields else { break }
                    ends += record
                    record = []
                    if position + 1 < text.count, text[position + 1] == comment { break }
                }
                position += 1
            }
            return ends
        }

        private func kernel(
            _ text: [UInt8], delimiter: [UInt8], quote: Int32, comment: UInt8?, fields: Int,
            most: Int
        ) -> Cut {
            var separators = tk_separators()
            withUnsafeMutableBytes(of: &separators.delimiter) { $0.copyBytes(from: delimiter) }
            separators.delimiter_length = UInt32(delimiter.count)
            separators.quote = quote
            separators.comment = comment.map { Int32($0) } ?? -1
            // What stands behind the text must not matter.
            let padded = text + (0..<TK_TEXT_PADDING).map { [0x0A, 0x2C, 0x22][$0 % 3] }
            var ends = [Int32](repeating: -7, count: (most + 1) * fields + 65)
            let found = tk_split_records(padded, text.count, 0, &separators, fields, most, &ends)
            return Cut(ends: Array(ends[...(found.records * fields)]), quoted: found.quoted)
        }

        @Test(arguments: 0..<400)
        func records(seed: Int) {
            var stream = SeededGenerator(seed: UInt64(seed))
            let delimiter = Array([",", "::", "aa", ";;;"][Int(stream.next() % 4)].utf8)
            let comment: UInt8? = stream.next() % 2 == 0 ? 0x23 : nil
            let fields = 2 + Int(stream.next() % 3)
            let rare = 20 + stream.next() % 400
            var text: [UInt8] = []
            for _ in 0..<stream.next() % 120 {
                for field in 0..<fields {
                    for _ in 0..<stream.next() % 9 {
                        text.append(Self.usual[Int(stream.next() % 7)])
                    }
                    if stream.next() % rare == 0 {
                        text.append(Self.unusual[Int(stream.next() % 4)])
                    }
                    text += field < fields - 1 ? delimiter : [0x0A]
                }
            }
            let expected = plain(
                text, delimiter: delimiter, comment: comment, fields: fields, most: 64)
            for level in Level.supported {
                let (cut, lines) = level.run {
                    let cut = kernel(
                        text, delimiter: delimiter, quote: 0x22, comment: comment, fields: fields,
                        most: 64)
                    return (cut, tk_count_byte(text, text.count, 0x0A))
                }
                // The plain reading stops at the first quote; the kernel goes on where it may.
                #expect(cut.ends.starts(with: expected), "\(level)")
                if !text.contains(0x22) {
                    #expect(cut == Cut(ends: expected, quoted: false), "\(level)")
                }
                #expect(lines == text.count { $0 == 0x0A })
            }
        }

        @Test func quotes() {
            func cut(_ text: String, _ delimiter: String = ",") -> [Int32] {
                kernel(
                    Array(text.utf8), delimiter: Array(delimiter.utf8), quote: 0x22, comment: nil,
                    fields: 2, most: 9
                ).ends
            }
            #expect(cut("\"a,\nb\",c\n\"\",\"d\"\r\n") == [-1, 6, 8, 11, 16])
            #expect(cut("a::\"b::\"\n\"c\"::d\n", "::") == [-1, 1, 8, 12, 15])
            // A quote within, one that is written twice, and one that nothing closes.
            for record in ["a\"b,c\n", "\"a\"\"b\",c\n", "\"a\"b,c\n", "\"a\"\r,c\n", "\"a,c\n"] {
                #expect(cut("x,y\n" + record) == [-1, 1, 3], "\(record)")
            }
            let long = String(repeating: "x", count: 60)
            for length in 0..<8 {
                let lead = long.dropFirst(length)
                let text = "\(lead),\"q\"\r\n\"r\",\"s\"\n"
                let start = Int32(lead.count)
                #expect(cut(text) == [-1, start, start + 5, start + 9, start + 13])
            }
        }
    }
}
