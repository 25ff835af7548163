import Retrieval
import TestSupport
import Testing

/// Bytes that somebody else wrote: each reader ends in data or in an error, never otherwise.
@Suite struct ReaderFuzzTests {
    private func mutate(
        _ bytes: [UInt8], _ stream: inout RandomStream, alphabet: [UInt8] = []
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0...stream.below(5) where !bytes.isEmpty {
            let place = stream.below(bytes.count)
            let any = UInt8(stream.below(256))
            let byte =
                alphabet.isEmpty || stream.below(4) == 0
                ? any : alphabet[stream.below(alphabet.count)]
            switch stream.below(5) {
            case 0: bytes[place] = byte
            case 1: bytes.insert(byte, at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + stream.below(40)))
            case 3: bytes[place] ^= UInt8(1 << stream.below(8))
            default: bytes += bytes[place...]
            }
        }
        return bytes
    }

    private func expectOutcome(_ source: some DataSource, _ scratch: Scratch) {
        do throws(DataError) {
            let data = try source.load(in: scratch.environment())
            #expect(data.interactions.rowCount > 0)
        } catch .malformed(let place) {
            #expect(place.line >= 1 && place.column >= 1)
        } catch .unreadable {
            // Damaged, or without rows.
        } catch {
            Issue.record("\(error)")
        }
    }

    /// Python: `gzip.compress(b"u,i\\n" + b"".join(b"%d,%d\\n" % (n, n * n) for n in range(40)),
    /// mtime=0)`.
    private static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 21, 143, 185, 145, 4, 49, 12, 3, 125, 198, 2, 131, 159,
        40, 49, 164, 13, 224, 242, 191, 30, 75, 133, 34, 158, 214, 159, 126, 230, 114, 11, 133,
        165, 218, 74, 107, 173, 24, 59, 202, 99, 163, 26, 187, 234, 181, 167, 105, 91, 189, 176,
        112, 133, 19, 32, 145, 168, 84, 116, 91, 20, 153, 181, 32, 186, 99, 65, 152, 116, 12, 29,
        168, 171, 124, 220, 158, 42, 113, 46, 157, 108, 185, 154, 150, 12, 117, 163, 152, 126,
        109, 89, 58, 185, 150, 173, 115, 199, 242, 104, 104, 201, 209, 124, 234, 234, 126, 183,
        167, 251, 57, 65, 33, 87, 174, 165, 165, 66, 75, 103, 193, 226, 76, 20, 48, 206, 98, 65,
        19, 0, 212, 1, 149, 166, 26, 94, 240, 234, 42, 10, 218, 122, 31, 59, 254, 85, 28, 254,
        242, 15, 32, 186, 234, 16, 12, 1, 0, 0,
    ]

    @Test(arguments: 0..<300)
    func gzipFiles(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz/gzip")
        let scratch = try Scratch()
        // The frame is kept in half of them, for only then is it taken for gzip at all.
        var bytes = mutate(Self.gzip, &stream)
        if stream.below(2) == 0 { bytes = Array(Self.gzip[..<10]) + bytes.dropFirst(10) }
        try scratch.write("log.csv", bytes)
        for window in [64, 1 << 22] {
            var table = FileTable(path: "log.csv", badRows: seed % 2 == 0 ? .skip : .error)
            table.windowSize = window
            expectOutcome(FileSource(interactions: table), scratch)
        }
    }

    @Test(arguments: 0..<300)
    func atomicFiles(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz/atomic")
        let inter = """
            user_id:token\titem_id:token\trating:float\ttimestamp:float\tv:float_seq
            u1\ti1\t4.5\t978300760.5\t1.0 2.0
            u2\ti2\t-3e1\t1\t

            """
        let item = "item_id:token\tclass:token_seq\ni1\tA B\ni2\t\n"
        let alphabet = [UInt8]("\t\n\r: token_seqfloat0-.e9".utf8)
        let scratch = try Scratch()
        try scratch.write("d.inter", mutate(Array(inter.utf8), &stream, alphabet: alphabet))
        try scratch.write("d.item", mutate(Array(item.utf8), &stream, alphabet: alphabet))
        for policy in BadRowPolicy.allCases {
            expectOutcome(AtomicFileSource(prefix: "d", badRows: policy), scratch)
        }
    }

    @Test(arguments: 0..<300)
    func archives(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz/zip")
        var builder = ZipBuilder()
        builder.entries = [
            ZipBuilder.Entry("d/a.txt", "stored text".utf8),
            ZipBuilder.Entry("d/b.txt", "more of it, stored as well".utf8),
        ]
        // Raw deflate of "abc", as Python's zlib.compressobj(wbits=-15) writes it.
        builder.entries[1].content = Array("abc".utf8)
        builder.entries[1].deflated = [75, 76, 74, 6, 0]
        let bytes = mutate(builder.bytes(), &stream)
        for name in ["d/a.txt", "d/b.txt"] {
            // Whatever it holds is of the size that was allowed, or there is an error.
            if let archive = try? ZipArchive(bytes),
                let content = try? archive.contents(of: name, limit: 1 << 16)
            {
                #expect(content.count <= 1 << 16)
            }
        }
    }

    @Test(arguments: 0..<150)
    func ratingsOfAllLayouts(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed), stream: "fuzz/movielens")
        let scratch = try Scratch()
        let files = [
            "ml-1m/ratings.dat": "1::2::5::9\n2::1::3::8\n",
            "ml-1m/movies.dat": "1::A::B|C\n2::D::E\n",
            "ml-1m/users.dat": "1::F::1::10::4\n2::M::5::1::7\n",
            "ml-20m/ratings.csv": "userId,movieId,rating,timestamp\n1,2,4.0,9\n",
            "ml-20m/movies.csv": "movieId,title,genres\n1,\"A, B\",C|D\n2,E,F\n",
            "ml-20m/links.csv": "movieId,imdbId,tmdbId\n1,01,\n2,02,3\n",
        ]
        for name in files.keys.sorted() {
            let bytes = Array((files[name] ?? "").utf8)
            try scratch.write(
                name,
                stream.below(2) == 0
                    ? bytes : mutate(bytes, &stream, alphabet: [UInt8](":,\"\n\r|0".utf8)))
        }
        for name in ["1m", "20m"] {
            let variant = try #require(MovieLensVariant.all.first { $0.name == name })
            expectOutcome(MovieLensSource(variant: variant, path: scratch.path), scratch)
        }
    }
}
