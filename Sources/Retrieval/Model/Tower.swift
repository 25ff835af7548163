/// Turns inputs into embeddings, and gradients of embeddings into gradients of parameters.
///
/// A tower knows its inputs by key: row `key` of the features that were prepared when it was
/// built. Inputs that are equal to the tower share a key, so a batch encodes each of them once.
public protocol Tower: Sendable {
    /// The length of an embedding.
    var outputDimension: Int { get }

    /// Whether, in training, inputs of equal keys have embeddings of their own, as dropout gives
    /// them. Training batches then encode every input, copies too; inference still encodes each
    /// key once.
    var requiresDistinctRows: Bool { get }

    /// How many embeddings each input has; a query's score is that of its best one.
    var heads: Int { get }

    /// Whether an input takes so long that who needs its embedding twice should keep it, as
    /// histories do.
    var encodesOnce: Bool { get }

    /// Whether ranks may each encode some of this many inputs, with the bits that encoding all of
    /// them has: what is made of an input does not depend on others, and gradients of weights are
    /// sums over lanes.
    func spreads(rows: Int, _ parameters: Parameters) -> Bool

    /// Encodes the inputs with these keys.
    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding
}

extension Tower {
    public var requiresDistinctRows: Bool { false }
    public var encodesOnce: Bool { false }
    public var heads: Int { 1 }
    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { false }
}

/// The embeddings of some inputs and the way back from their gradient.
public struct Encoding: Sendable {
    /// [inputs · heads, outputDimension], the heads of one input after each other.
    public var embeddings: Matrix

    /// Adds to `gradients` what a gradient of the embeddings, of their shape, means for the
    /// parameters. A row is the sum of the gradients of all copies of its input.
    ///
    /// Called at most once, in training only; what else a step owes the parameters, such as
    /// moving statistics and the loss of activity regularizers, is added to `gradients` too.
    public var pullback: @Sendable (_ gradient: Matrix, _ gradients: inout Gradients) -> Void

    public init(
        embeddings: Matrix, pullback: @escaping @Sendable (Matrix, inout Gradients) -> Void
    ) {
        self.embeddings = embeddings
        self.pullback = pullback
    }
}

/// One input feature of a tower, ready to encode.
public protocol FeatureEncoder: Sendable {
    /// The length of an embedding.
    var outputDimension: Int { get }

    /// As ``Tower/requiresDistinctRows``.
    var requiresDistinctRows: Bool { get }

    /// As ``Tower/encodesOnce``.
    var encodesOnce: Bool { get }

    /// As ``Tower/spreads(rows:_:)``, of any number of inputs.
    var spreads: Bool { get }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding
}

extension FeatureEncoder {
    public var requiresDistinctRows: Bool { false }
    public var encodesOnce: Bool { false }
    public var spreads: Bool { false }
}

/// A step from one vector per input to another.
public protocol Layer: Sendable {
    /// The length of an output vector.
    var outputDimension: Int { get }

    /// As ``Tower/requiresDistinctRows``.
    var requiresDistinctRows: Bool { get }

    /// How many vectors it makes of each; those of one input stand after each other.
    var heads: Int { get }

    /// As ``Tower/spreads(rows:_:)``.
    func spreads(rows: Int, _ parameters: Parameters) -> Bool

    /// Applies the layer to `inputs`, [inputs, previous layer's outputDimension]. The pullback
    /// adds the parameters' gradients, as ``Encoding/pullback`` does, and returns that of the
    /// inputs.
    func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput
}

extension Layer {
    public var requiresDistinctRows: Bool { false }
    public var heads: Int { 1 }
    public func spreads(rows: Int, _ parameters: Parameters) -> Bool { false }
}

/// The outputs of some inputs and the way back from their gradient.
public struct LayerOutput: Sendable {
    /// [inputs · heads, outputDimension], the heads of one input after each other.
    public var outputs: Matrix
    /// Adds to `gradients` what a gradient of the outputs, of their shape, means for the layer's
    /// parameters, and returns that of the inputs, of the inputs' shape. Called at most once.
    public var pullback: @Sendable (_ gradient: Matrix, _ gradients: inout Gradients) -> Matrix

    public init(
        outputs: Matrix, pullback: @escaping @Sendable (Matrix, inout Gradients) -> Matrix
    ) {
        self.outputs = outputs
        self.pullback = pullback
    }
}
