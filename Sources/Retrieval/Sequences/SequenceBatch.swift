/// Sequences of vectors of one length; shorter ones are padded.
public struct SequenceBatch: Sendable {
    /// [count · length, dimension], the steps of one sequence after each other.
    public var vectors: Matrix
    /// Steps of each sequence, at least 1.
    public let length: Int
    /// Whether each step, in the order of ``vectors``, is one; false: padding. Nil: all are.
    public var mask: [Bool]?

    public init(vectors: Matrix, length: Int, mask: [Bool]? = nil) {
        precondition(length > 0 && vectors.rows % length == 0, "sequences of \(length) steps")
        precondition(mask.map { $0.count == vectors.rows } ?? true, "one flag per step")
        self.vectors = vectors
        self.length = length
        self.mask = mask
    }

    public var count: Int { vectors.rows / length }

    /// The length of a step's vector.
    public var dimension: Int { vectors.columns }

    func isStep(_ sequence: Int, _ step: Int) -> Bool {
        mask?[sequence * length + step] ?? true
    }
}

extension Matrix {
    /// Rows `first`, `first + length`, … : one step of all sequences, [rows / length, columns].
    func step(_ first: Int, of length: Int) -> Matrix {
        let count = rows / length
        return Matrix(rows: count, columns: columns) { target in
            values.withUnsafeBufferPointer { source in
                for sequence in 0..<count {
                    (target + sequence * columns).initialize(
                        from: source.baseAddress! + (sequence * length + first) * columns,
                        count: columns)
                }
            }
        }
    }

    /// Puts one step of all sequences in its place, the inverse of ``step(_:of:)``.
    mutating func setStep(_ first: Int, of length: Int, to step: Matrix) {
        let columns = columns
        values.withUnsafeMutableBufferPointer { target in
            step.values.withUnsafeBufferPointer { source in
                for sequence in 0..<step.rows {
                    (target.baseAddress! + (sequence * length + first) * columns).update(
                        from: source.baseAddress! + sequence * columns, count: columns)
                }
            }
        }
    }
}

/// Makes one vector of each sequence.
public protocol SequenceEncoder: Sendable {
    /// The length of the vector that a sequence becomes.
    var outputDimension: Int { get }

    /// As ``Tower/requiresDistinctRows``.
    var requiresDistinctRows: Bool { get }

    /// One vector per sequence, [count, outputDimension]; the pullback returns the gradient of the
    /// batch's vectors, 0 where they pad.
    func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput
}

extension SequenceEncoder {
    public var requiresDistinctRows: Bool { false }
}

/// A sequence encoder as a spec declares it.
public protocol SequenceEncoderDefinition: Sendable {
    /// Adds the encoder's parameters and returns the encoder.
    ///
    /// - Parameters:
    ///   - dimension: of the vectors.
    ///   - length: steps of a sequence, padding included.
    func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder
}

extension ComponentKind where Product == any SequenceEncoderDefinition {
    /// What makes one vector of a history.
    public static var sequenceEncoder: ComponentKind {
        ComponentKind(noun: "sequence encoder", pluralNoun: "sequence encoders")
    }
}
