/// Which rows of the interactions train the model, and which it is judged by.
public struct DataSplit: Hashable, Sendable {
    /// Row numbers, 0-based, in the order in which training takes them up.
    public let train: [Int32]
    /// Nil where the split names no validation part.
    public let validation: [Int32]?
    public let test: [Int32]
    /// SHA-256 in lower-case hexadecimal over the parts, their rows in order.
    public let digest: String

    public init(train: [Int32], validation: [Int32]? = nil, test: [Int32]) {
        self.train = train
        self.validation = validation
        self.test = test
        var digest = ContentDigest(domain: "tfrs-run/split/1")
        for (name, rows) in [("train", train), ("validation", validation), ("test", test)] {
            guard let rows else { continue }
            digest.update(name)
            digest.update(rows)
        }
        self.digest = digest.finalize()
    }
}

extension Dataset {
    /// SHA-256 in lower-case hexadecimal over the content and the split: runs whose fingerprints
    /// are equal trained and were judged on the same rows of the same data.
    public func fingerprint(of split: DataSplit) -> String {
        var digest = ContentDigest(domain: "tfrs-run/data/1")
        digest.update(origin.contentDigest)
        digest.update(split.digest)
        return digest.finalize()
    }
}

/// A way to divide interactions into parts.
public protocol Splitter: Sendable {
    /// - Parameters:
    ///   - seed: the experiment's; a splitter draws from streams of its own name.
    ///   - environment: resolves relative file names.
    func split(
        _ interactions: Table, seed: UInt64, in environment: DataEnvironment
    ) throws(DataError) -> DataSplit
}

extension Splitter {
    public func split(_ interactions: Table, seed: UInt64 = 42) throws(DataError) -> DataSplit {
        try split(interactions, seed: seed, in: .process)
    }
}
