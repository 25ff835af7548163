/// The words of a Swift source outside of comments and literals, as far as it takes to tell what
/// a file declares and what it uses.
struct SourceTokens {
    struct Token: Hashable {
        var text: String
        /// How many braces are open around it.
        var depth: Int
        var followsDot: Bool
        /// Whether `(` follows.
        var isCalled = false
    }

    private(set) var tokens: [Token] = []
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
        scan(until: nil)
    }

    /// Reads on to the end, or past the parenthesis that closes an interpolation.
    private mutating func scan(until closing: UInt8?) {
        var parentheses = 0
        while place < bytes.count {
            let byte = bytes[place]
            if Self.isWord(byte) {
                readWord()
                continue
            }
            switch byte {
            case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
                while place < bytes.count && bytes[place] != UInt8(ascii: "\n") { place += 1 }
                continue
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                skipComment()
                continue
            case UInt8(ascii: "\""):
                skipLiteral()
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "("): parentheses += 1
            case UInt8(ascii: ")"):
                if parentheses == 0, closing != nil {
                    place += 1
                    return
                }
                parentheses -= 1
            default: break
            }
            place += 1
        }
    }

    /// The byte after the one at hand; 0 at the end.
    private var next: UInt8 { place + 1 < bytes.count ? bytes[place + 1] : 0 }

    private mutating func skipComment() {
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "*") && next == UInt8(ascii: "/") { break }
            place += 1
        }
        place += 2
    }

    /// Passes over a literal of one line or of several; what is interpolated is read.
    private mutating func skipLiteral() {
        let quotes = atThreeQuotes ? 3 : 1
        place += quotes
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\") where next == UInt8(ascii: "("):
                place += 2
                scan(until: UInt8(ascii: ")"))
            case UInt8(ascii: "\\"):
                place += 2
            case UInt8(ascii: "\"") where quotes == 1 || atThreeQuotes:
                place += quotes
                return
            default:
                place += 1
            }
        }
    }

    private var atThreeQuotes: Bool {
        place + 2 < bytes.count && next == UInt8(ascii: "\"")
            && bytes[place + 2] == UInt8(ascii: "\"")
    }

    private mutating func readWord() {
        let start = place
        while place < bytes.count && Self.isWord(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        let before = start == 0 ? 0 : bytes[start - 1]
        tokens.append(
            Token(
                text: word, depth: depth, followsDot: before == UInt8(ascii: "."),
                isCalled: place < bytes.count && bytes[place] == UInt8(ascii: "(")))
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 128...:
            true
        default: false
        }
    }
}
