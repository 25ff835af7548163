/// A file of numbers that an embedding table starts with.
///
/// Delimited text (`.csv`, `.tsv`, `.txt`) brings its tokens in the first field; `.npy` and
/// `.safetensors` have rows alone, which belong to the tokens of another file, one a line, or
/// without it to the indices as they are, special ones included.
public struct PretrainedWeights: Hashable, Sendable {
    /// The file, relative to the working directory.
    public var path: String
    /// The file of the rows' tokens.
    public var tokens: String?
    /// Which tensor of a safetensors file.
    public var tensor: String?

    init(_ values: FieldValues) {
        path = values[Self.pathField]
        tokens = values[Self.tokensField]
        tensor = values[Self.tensorField]
    }

    public init(path: String, tokens: String? = nil, tensor: String? = nil) {
        self.path = path
        self.tokens = tokens
        self.tensor = tensor
    }

    static let pathField = Field<String>(
        "path", type: .path, default: nil,
        "The file: .npy, .safetensors, or .csv, .tsv or .txt with a token before its numbers.")
    static let tokensField = Field<String?>(
        "tokens", type: .optional(.path), default: .null,
        "The tokens of the rows of an .npy or .safetensors file, one a line.")
    static let tensorField = Field<String?>(
        "tensor", default: nil,
        "Which tensor of a safetensors file; null: the only one.")

    static let description = ObjectDescription(
        name: "weights",
        fields: [pathField.description, tokensField.description, tensorField.description])

    /// Numbers from a file, with the tokens they belong to where the file names them.
    struct Contents {
        var rows: Matrix
        var tokens: [String]?
    }

    /// Writes the file's numbers over the rows that they belong to.
    ///
    /// - Parameter vocabulary: the token of each row; nil where rows are numbers.
    /// - Returns: how many tokens of the vocabulary the file lacks.
    package func fill(
        _ matrix: inout Matrix, vocabulary: [String?]?, in environment: DataEnvironment
    ) throws(DataError) -> Int {
        let contents = try read(in: environment)
        let rows = contents.rows
        guard rows.columns == matrix.columns else {
            throw .impossible(
                "'\(path)' holds embeddings of \(rows.columns) numbers; 'output_dim' is "
                    + "\(matrix.columns)")
        }
        guard let tokens = contents.tokens else {
            guard rows.rows == matrix.rows else {
                throw .impossible(
                    "'\(path)' holds \(rows.rows) rows; the table has \(matrix.rows), special "
                        + "indices included: name the rows' tokens by 'tokens'")
            }
            matrix = rows
            return 0
        }
        guard let vocabulary else {
            throw .impossible(
                "'\(path)' has tokens, but the feature's indices stand for none")
        }
        var rowOfToken: [UTF8Token: Int] = [:]
        for (row, token) in tokens.enumerated() {
            if let first = rowOfToken.updateValue(row, forKey: UTF8Token(token)) {
                throw .impossible(
                    "'\(path)' has two rows for '\(token)': row \(first + 1) and row \(row + 1)")
            }
        }
        var missing = 0
        for (index, token) in vocabulary.enumerated() {
            guard let token else { continue }
            guard let row = rowOfToken[UTF8Token(token)] else {
                missing += 1
                continue
            }
            for column in 0..<matrix.columns { matrix[index, column] = rows[row, column] }
        }
        return missing
    }

    private func read(in environment: DataEnvironment) throws(DataError) -> Contents {
        let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let separators = ["csv": UInt8(ascii: ","), "tsv": 9, "txt": UInt8(ascii: " ")]
        let isText = separators[suffix] != nil
        guard isText || ["npy", "safetensors"].contains(suffix) else {
            throw .impossible(
                "weights require a file whose name ends in .npy, .safetensors, .csv, .tsv or "
                    + ".txt; found '\(path)'")
        }
        if isText && tokens != nil {
            throw .impossible("'\(path)' brings its own tokens; leave 'tokens' out")
        }
        if tensor != nil && suffix != "safetensors" {
            throw .impossible("'tensor' is for .safetensors files; found '\(path)'")
        }
        let bytes = try LineFile.bytes(of: path, in: environment)
        if let separator = separators[suffix] {
            return try DelimitedWeights.parse(bytes, file: path, separator: separator)
        }
        let rows =
            suffix == "npy"
            ? try NPYFile.matrix(bytes, file: path)
            : try SafetensorsFile.matrix(bytes, file: path, tensor: tensor)
        guard let tokens else { return Contents(rows: rows, tokens: nil) }
        let names = try LineFile.lines(of: tokens, in: environment)
        guard names.count == rows.rows else {
            throw .impossible(
                "'\(tokens)' has \(names.count) tokens for the \(rows.rows) rows of '\(path)'")
        }
        return Contents(rows: rows, tokens: names)
    }
}
