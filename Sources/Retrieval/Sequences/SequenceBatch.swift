/// Sequences of vectors, each of a length of its own, and the places at which they are read.
///
/// An encoder is causal: what it makes of the first steps of a sequence does not depend on those
/// after them. So histories that begin alike are one sequence, read at several lengths, and each of
/// its steps is computed once.
public struct SequenceBatch: Sendable {
    /// [steps of all sequences, dimension], those of one sequence after each other.
    public var vectors: Matrix
    /// Where each sequence starts among the steps, and where the last one ends: count + 1 numbers.
    public let offsets: [Int]
    /// What is read: one vector is made of each.
    public let places: [Place]
    /// The position of each sequence's first step; nil: 0. More where padding stands before it,
    /// and positions count from where the padding begins.
    public let firstPositions: [Int32]?
    /// What each sequence is known by to who draws random numbers for it, whatever the others of
    /// the batch are; nil: their order.
    public let identities: [UInt64]?
    /// The sequences of each piece by which lanes sum gradients, where the batch is a part of a larger
    /// one; nil: by what is in it.
    var pieces: [Range<Int>]?

    /// The first `length` steps of a sequence.
    public struct Place: Hashable, Sendable {
        /// Which of the batch's sequences, from 0.
        public var sequence: Int32
        /// At least 0; nothing is made of 0 steps but zeros.
        public var length: Int32

        public init(sequence: Int32, length: Int32) {
            self.sequence = sequence
            self.length = length
        }
    }

    public init(
        vectors: Matrix, offsets: [Int], places: [Place], firstPositions: [Int32]? = nil,
        identities: [UInt64]? = nil
    ) {
        precondition(
            offsets.first == 0 && offsets.last == vectors.rows, "sequences of all the steps")
        self.vectors = vectors
        self.offsets = offsets
        self.places = places
        self.firstPositions = firstPositions
        self.identities = identities
    }

    /// Sequences.
    public var count: Int { offsets.count - 1 }

    /// Steps of all sequences.
    public var steps: Int { vectors.rows }

    /// The length of a step's vector.
    public var dimension: Int { vectors.columns }

    /// The steps of one sequence.
    func steps(of sequence: Int) -> Range<Int> { offsets[sequence]..<offsets[sequence + 1] }

    /// The last step that a place reads; nil where it reads none.
    func lastStep(of place: Place) -> Int? {
        place.length == 0 ? nil : offsets[Int(place.sequence)] + Int(place.length) - 1
    }

    /// A vector of each place, which lanes write where a place reads any step; zeros elsewhere.
    func vectorsOfPlaces(
        columns: Int, _ write: (LanePointer<Float>) -> Void
    ) -> Matrix {
        Matrix(rows: places.count, columns: columns) { vectors in
            for (index, place) in places.enumerated() where place.length == 0 {
                (vectors + index * columns).update(repeating: 0, count: columns)
            }
            write(LanePointer(vectors))
        }
    }

    /// A vector of each step, which lanes write.
    func vectorsOfSteps(_ write: (LanePointer<Float>) -> Void) -> Matrix {
        Matrix(rows: steps, columns: dimension) { write(LanePointer($0)) }
    }

    /// The places of some lengths, the greatest first; those of one length stay in their order.
    static func fromLongest(_ lengths: [Int]) -> [Int32] {
        let longest = lengths.max() ?? 0
        return Groups(groupOf: lengths.map { Int32(longest - $0) }, count: longest + 1).all
    }

    /// The places that end with each step. Those that read nothing are a group of their own, the
    /// last.
    func placesByStep() -> Groups {
        Groups(
            groupOf: places.map { Int32(lastStep(of: $0) ?? steps) }, count: steps + 1)
    }
}

/// Makes one vector of each place of some sequences.
public protocol SequenceEncoder: Sendable {
    /// The length of the vector that a sequence becomes.
    var outputDimension: Int { get }

    /// As ``Tower/requiresDistinctRows``.
    var requiresDistinctRows: Bool { get }

    /// Whether it matters where among positions a sequence starts.
    var readsPositions: Bool { get }

    /// Operations of a step, where gradients of weights are sums over the pieces into
    /// which a batch's sequences are cut, so that ranks may each encode some of them; nil: they may
    /// not.
    var stepCost: Int? { get }

    /// Whether it is quicker where sequences of like lengths stand together: histories then stand
    /// from the longest on.
    var takesLongestFirst: Bool { get }

    /// One vector per place, [places, outputDimension], zeros where a place reads nothing; the
    /// pullback returns the gradient of the batch's vectors.
    func encode(
        _ batch: SequenceBatch, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput
}

extension SequenceEncoder {
    public var requiresDistinctRows: Bool { false }
    public var readsPositions: Bool { false }
    public var stepCost: Int? { nil }
    public var takesLongestFirst: Bool { false }
}

/// A sequence encoder as a spec declares it.
public protocol SequenceEncoderDefinition: Sendable {
    /// The length of the vector that a sequence becomes, where it is known before any are read; nil
    /// where it is not.
    ///
    /// - Parameter dimension: of the sequence's vectors.
    func outputDimension(of dimension: Int) -> Int?

    /// Whether the encoder can read vectors of a length: known before there are data, and so told
    /// by `validate`.
    ///
    /// - Throws: ``LayerError`` that says what is required, at the field of the encoder that does.
    func check(dimension: Int) throws(LayerError)

    /// Adds the encoder's parameters and returns the encoder.
    ///
    /// - Parameters:
    ///   - dimension: of the vectors.
    ///   - length: steps of a sequence at most, padding included.
    func prepare(
        dimension: Int, length: Int, path: String, _ builder: inout ModelBuilder
    ) throws -> any SequenceEncoder
}

extension SequenceEncoderDefinition {
    public func outputDimension(of dimension: Int) -> Int? { nil }
    public func check(dimension: Int) throws(LayerError) {}
}

extension ComponentKind where Product == any SequenceEncoderDefinition {
    /// What makes one vector of a history.
    public static var sequenceEncoder: ComponentKind {
        ComponentKind(noun: "sequence encoder", pluralNoun: "sequence encoders")
    }
}
