/// The readers of single formats as they are, for the fuzzer: a package of its own, which sees
/// nothing else of them.
@_spi(Fuzzing) public enum RawReaders {
    /// All entries of a ZIP archive of these names.
    public static func zip(_ bytes: [UInt8], entries: [String]) {
        guard let archive = try? ZipArchive(bytes) else { return }
        for entry in entries { _ = try? archive.contents(of: entry, limit: 1 << 20) }
    }

    /// A file of NumPy's.
    public static func npy(_ bytes: [UInt8]) {
        _ = try? NPYFile.matrix(bytes, file: "a.npy")
    }

    /// A file of tensors, with a name and without.
    public static func safetensors(_ bytes: [UInt8]) {
        for tensor in [nil, "a"] {
            _ = try? SafetensorsFile.matrix(bytes, file: "a.safetensors", tensor: tensor)
        }
    }

    /// A text of embeddings, by each separator.
    public static func delimitedWeights(_ bytes: [UInt8]) {
        for separator in [UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "\t")] {
            _ = try? DelimitedWeights.parse(bytes, file: "a.txt", separator: separator)
        }
    }

    /// A table of the cache, with checksums of its values if it has some or not.
    public static func tableCache(path: String) {
        for checks in [true, false] {
            guard let reader = try? TableFile.Reader(path: path, checks: checks) else { continue }
            _ = try? reader.outcome(named: "table")
        }
    }
}
