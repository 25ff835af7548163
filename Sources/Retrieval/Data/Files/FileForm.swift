/// What the first bytes of a file tell of its format.
public enum FileForm: Sendable {
    /// What the first bytes of a file say that it is.
    case text, gzip, zip, parquet, arrow, sqlite, zstandard, bzip2, xz

    private static let marks: [(form: FileForm, bytes: [UInt8])] = [
        (.gzip, [0x1F, 0x8B]), (.zip, Array("PK\u{03}\u{04}".utf8)),
        (.parquet, Array("PAR1\u{15}".utf8)), (.arrow, Array("ARROW1".utf8)),
        (.sqlite, Array("SQLite format 3\0".utf8)), (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
        (.bzip2, Array("BZh91AY&SY".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ]

    init(_ bytes: some Collection<UInt8>) {
        self = Self.marks.first { bytes.starts(with: $0.bytes) }?.form ?? .text
    }

    /// What to do about a file that is no text; nil for one that is, gzipped or not.
    public var remedy: String? {
        switch self {
        case .text, .gzip: nil
        case .zip:
            "it is a zip archive, as spreadsheets (.xlsx) are too: unpack it, or save it as CSV"
        case .parquet: "it is a Parquet file, which 'source: parquet' reads"
        case .arrow: "it is an Arrow file: save it as Parquet"
        case .sqlite: "it is a database of SQLite, which 'source: sqlite' reads"
        case .zstandard: "it is compressed by zstd: unpack it, or compress it by gzip"
        case .bzip2: "it is compressed by bzip2: unpack it, or compress it by gzip"
        case .xz: "it is compressed by xz: unpack it, or compress it by gzip"
        }
    }
}
