/// What the first bytes of a file tell of its format.
public enum FileForm: Sendable {
    /// What the first bytes of a file say that it is.
    case text, gzip, zip, parquet, arrow, sqlite, zstandard, bzip2, xz, lz4, avro, hdf5, numpy
    /// What pandas and Python write with pickle.
    case pickle
    /// A page, such as a server gives in the place of a file.
    case html
    /// What spreadsheets were before .xlsx.
    case oldSpreadsheet
    /// Archives of several files, and what else people have tables in.
    case tar, sevenZip, rar, orc, xml, r, stata, spss, matlab

    private static let marks: [(form: FileForm, bytes: [UInt8])] = [
        (.gzip, [0x1F, 0x8B]), (.zip, Array("PK\u{03}\u{04}".utf8)),
        (.parquet, Array("PAR1\u{15}".utf8)), (.arrow, Array("ARROW1".utf8)),
        (.sqlite, Array("SQLite format 3\0".utf8)), (.zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
        (.bzip2, Array("BZh91AY&SY".utf8)), (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        (.lz4, [0x04, 0x22, 0x4D, 0x18]), (.avro, Array("Obj\u{01}".utf8)),
        (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A]),
        (.numpy, [0x93] + Array("NUMPY".utf8)), (.pickle, [0x80, 0x04, 0x95]),
        (.pickle, [0x80, 0x05, 0x95]), (.html, Array("<!DOCTYPE".utf8)),
        (.html, Array("<!doctype".utf8)), (.html, Array("<html".utf8)),
        (.oldSpreadsheet, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]),
        (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), (.rar, Array("Rar!\u{1A}\u{07}".utf8)),
        (.xml, Array("<?xml".utf8)), (.r, Array("RDX2\n".utf8)), (.r, Array("RDX3\n".utf8)),
        (.r, [0x58, 0x0A, 0, 0, 0]), (.stata, Array("<stata_dta>".utf8)),
        (.spss, Array("$FL2@(#)".utf8)), (.matlab, Array("MATLAB 5.0 MAT-file".utf8)),
    ]
    /// Where the headers of archives of tar have their mark.
    private static let tarMark = (place: 257, bytes: Array("ustar".utf8))

    init(_ bytes: some Collection<UInt8>) {
        let marked = Self.marks.first { bytes.starts(with: $0.bytes) }?.form
        let isTar = bytes.dropFirst(Self.tarMark.place).starts(with: Self.tarMark.bytes)
        // A table's name may begin so, too, but no text goes on so.
        let isORC = bytes.starts(with: "ORC".utf8) && bytes.prefix(64).contains { $0 < 0x09 }
        self = marked ?? (isTar ? .tar : isORC ? .orc : .text)
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
        case .lz4: "it is compressed by lz4: unpack it, or compress it by gzip"
        case .avro: "it is an Avro file: save it as Parquet"
        case .hdf5: "it is an HDF5 file: save its table as Parquet, as pandas does"
        case .numpy: "it is an array of NumPy: save it as CSV with names, or as Parquet"
        case .pickle: "it is a pickle of Python: save it as Parquet, as to_parquet of pandas does"
        case .html: "it is an HTML page: the file behind it was not what was fetched"
        case .oldSpreadsheet: "it is a spreadsheet (.xls): save it as CSV"
        case .tar: "it is an archive of tar: unpack it, and name the file within"
        case .sevenZip, .rar: "it is an archive: unpack it, and name the file within"
        case .orc: "it is an ORC file: save it as Parquet"
        case .xml: "it is XML: save it as CSV, or as JSON Lines"
        case .r: "it is a file of R: save it as CSV, as write.csv does, or as Parquet"
        case .stata, .spss: "it is a file of a statistics program: save it as CSV, or as Parquet"
        case .matlab: "it is a file of MATLAB: save its table as CSV, as writetable does"
        }
    }
}
