import ResultsFormat

/// The index of a sweep on the disk, with its tables beside it.
struct SweepIndexFile {
    let path: String

    /// - Parameter shard: whose part of the sweep it is; nil: all of it.
    init(folder: String, shard: SweepShard?) {
        let part = shard.map { "-\($0.number)-of-\($0.count)" } ?? ""
        path = "\(folder)/sweep\(part).json"
    }

    /// What stands there; nil where that is no index.
    var found: SweepIndex? {
        try? ResultsFile.read(from: path) {
            json throws(ResultsDecodingError) in try SweepIndex(json: json)
        }
    }

    func write(_ index: SweepIndex) throws(ResultsFileError) {
        try ResultsFile.write(json: index.json, to: path, createDirectories: true)
        let base = path.dropLast(".json".count)
        try ResultsFile.write(text: index.csv(), to: "\(base).csv")
        try ResultsFile.write(text: index.figuresCSV(), to: "\(base)-figures.csv")
    }
}
