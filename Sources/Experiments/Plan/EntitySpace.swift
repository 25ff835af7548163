import Retrieval

/// The things one side of a model encodes: a key for each distinct id, with the values of every
/// column that depends on the id alone.
struct EntitySpace: Sendable {
    /// One row per key: the id column and, where there is a side table, its columns.
    let table: Table
    /// The key of each interaction.
    let keyOfInteraction: [Int32]
    /// How many keys, from 0 on, stand in the side table; nil where there is none.
    let listedCount: Int?

    var count: Int { table.rowCount }

    /// - Parameters:
    ///   - id: the column that identifies the thing.
    ///   - sideTable: what is known of the things beside the interactions; its ids come first, in
    ///     its order, then those that only interactions mention.
    init(id: String, interactions: Table, sideTable: Table?) throws(DataError) {
        let ids = try interactions.tokens(id)
        guard let sideTable, sideTable[id] != nil else {
            table = Table(
                name: interactions.name,
                columns: [
                    (
                        id,
                        .tokens(
                            TokenColumn(
                                codes: ids.dictionary.indices.map(Int32.init),
                                dictionary: ids.dictionary))
                    )
                ])
            keyOfInteraction = ids.codes
            listedCount = nil
            return
        }
        let listed = try sideTable.tokens(id)
        var keyOfToken: [String: Int32] = [:]
        var rows: [Int32] = []
        for row in 0..<sideTable.rowCount where keyOfToken[listed[row]] == nil {
            keyOfToken[listed[row]] = Int32(rows.count)
            rows.append(Int32(row))
        }
        let unlisted = ids.dictionary.first { keyOfToken[$0] == nil }
        if let unlisted {
            throw .impossible(
                "the interactions mention \(id) '\(unlisted)', which the \(sideTable.name) lack")
        }
        table = sideTable.selecting(rows)
        let keyOfCode = ids.dictionary.map { keyOfToken[$0] ?? -1 }
        keyOfInteraction = ids.codes.map { keyOfCode[Int($0)] }
        listedCount = rows.count
    }

    /// A feature's view of one of the columns.
    ///
    /// - Parameter training: the interactions that train; their tokens are the vocabulary where
    ///   no side table lists one.
    func input(
        column: String, interactions: Table, training: [Int32]
    ) throws(DataError) -> FeatureInput {
        let values = try table.column(column)
        guard case .tokens(let tokens) = values else {
            return FeatureInput(values: values, vocabulary: nil)
        }
        if listedCount != nil { return FeatureInput(values: values, vocabulary: tokens.dictionary) }
        var isSeen = [Bool](repeating: false, count: tokens.dictionary.count)
        var vocabulary: [String] = []
        for row in training {
            let code = Int(tokens.codes[Int(keyOfInteraction[Int(row)])])
            guard !isSeen[code] else { continue }
            isSeen[code] = true
            vocabulary.append(tokens.dictionary[code])
        }
        return FeatureInput(values: values, vocabulary: vocabulary)
    }
}
