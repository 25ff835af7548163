import Platform
import Retrieval
import TestSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

typealias Scratch = TemporaryFolder

extension TemporaryFolder {
    /// The text of a file.
    func contents(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self)
    }

    /// Makes a shell script that can be run.
    ///
    /// Another process writes it: were the file open in this one while another test starts a
    /// program, that program would inherit it, and the system refuses to run a file that is open
    /// for writing.
    func writeScript(_ name: String, _ text: String) throws {
        let writer = ChildProgram(
            "/bin/sh",
            [
                "-c",
                """
                /bin/mkdir -p "${TARGET%/*}"
                printf '#!/bin/sh\\n%s\\n' "$SCRIPT" > "$TARGET"
                /bin/chmod 755 "$TARGET"
                """,
            ],
            variables: ["TARGET": path + "/" + name, "SCRIPT": text])
        let ending = try writer.start().wait()
        guard ending == .exited(status: 0) else { throw DataError.impossible("\(ending)") }
    }

    /// A machine whose working directory and home are here, with nothing else set.
    func environment(
        _ variables: [String: String] = [:], allowsDownloads: Bool = true
    ) -> DataEnvironment {
        var variables = variables
        variables["HOME"] = variables["HOME"] ?? path + "/home"
        return DataEnvironment(
            workingDirectory: path, variables: variables, allowsDownloads: allowsDownloads)
    }
}

/// Small files in MovieLens 100K's formats.
enum MovieLensFixture {
    static let data = """
        196\t242\t3\t881250949
        186\t302\t3\t891717742
        196\t302\t4\t878887116
        22\t242\t1\t880606923

        """

    static let user = """
        22|40|M|writer|30002
        186|39|F|executive|00000
        196|49|M|writer|T8H1N

        """

    /// In ISO 8859-1: the second title has an e with acute accent.
    static let item: [UInt8] = """
        242|Kolya (1996)|24-Jan-1997||http://us.imdb.com/M/title-exact?Kolya|\
        0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0
        302|Les Misérables (1995)||||1|0|0|0|0|0|0|0|1|0|0|0|1|0|0|0|0|0|0

        """.unicodeScalars.map { UInt8($0.value) }

    static func write(
        _ scratch: Scratch, in folder: String, data: String = data, user: String = user,
        item: [UInt8] = item
    ) throws {
        try scratch.write(folder + "/u.data", data)
        try scratch.write(folder + "/u.user", user)
        try scratch.write(folder + "/u.item", item)
    }

    static func error(data: String) throws -> String {
        let scratch = try Scratch()
        try write(scratch, in: "ml-100k", data: data)
        return try error(MovieLensSource(path: "."), scratch)
    }

    static func error(user: String = user, item: [UInt8] = item) throws -> String {
        let scratch = try Scratch()
        try write(scratch, in: "ml-100k", user: user, item: item)
        return try error(MovieLensSource(path: "."), scratch)
    }

    /// The message of the error that loading ends with, the scratch folder's name taken out.
    static func error(_ source: MovieLensSource, _ scratch: Scratch) throws -> String {
        do throws(DataError) {
            _ = try source.load(in: scratch.environment())
            return "no error"
        } catch {
            return error.description.replacing(scratch.path + "/", with: "")
        }
    }
}

/// Builds ZIP archives byte by byte, sound and unsound ones.
struct ZipBuilder {
    struct Entry {
        var name: String
        /// The name in the local header, where it is to differ.
        var localName: String?
        var content: [UInt8]
        /// The content compressed by raw deflate; nil to store it.
        var deflated: [UInt8]?
        var crc: UInt32?
        var size: Int?
        var flags = 0
        var method: Int?

        init(_ name: String, _ content: some Sequence<UInt8>) {
            self.name = name
            self.content = Array(content)
        }
    }

    var entries: [Entry] = []
    var comment = ""

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let data = entry.deflated ?? entry.content
            let offset = file.count
            let crc = Int(entry.crc ?? Self.crc32(entry.content))
            var shared = Self.word(20) + Self.word(entry.flags)
            shared += Self.word(entry.method ?? (entry.deflated == nil ? 0 : 8)) + Self.long(0)
            shared += Self.long(crc) + Self.long(data.count)
            shared += Self.long(entry.size ?? entry.content.count)
            let localName = Array((entry.localName ?? entry.name).utf8)
            file += Self.long(0x0403_4B50) + shared
            file += Self.word(localName.count) + Self.word(0) + localName + data
            let name = Array(entry.name.utf8)
            directory += Self.long(0x0201_4B50) + Self.word(20) + shared
            directory += Self.word(name.count) + [UInt8](repeating: 0, count: 12)
            directory += Self.long(offset) + name
        }
        let start = file.count
        file += directory + Self.long(0x0605_4B50) + Self.long(0)
        file += Self.word(entries.count) + Self.word(entries.count)
        file += Self.long(directory.count) + Self.long(start)
        return file + Self.word(comment.utf8.count) + Array(comment.utf8)
    }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)]
    }

    private static func long(_ value: Int) -> [UInt8] {
        word(value & 0xFFFF) + word(value >> 16 & 0xFFFF)
    }

    /// Bit by bit, to check the fast one.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = crc & 1 == 1
                crc >>= 1
                if isOdd { crc ^= 0xEDB8_8320 }
            }
        }
        return ~crc
    }
}

/// The message of the error that `body` throws; "no error" if it throws none.
func dataError(_ body: () throws(DataError) -> Void) -> String {
    do throws(DataError) {
        try body()
        return "no error"
    } catch {
        return error.description
    }
}
