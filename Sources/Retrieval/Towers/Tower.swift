/// Turns inputs into embeddings, and gradients of embeddings into gradients of parameters.
///
/// A tower knows its inputs by key: row `key` of the features that were prepared when it was
/// built. Inputs that are equal to the tower share a key, so a batch encodes each of them once.
public protocol Tower: Sendable {
    /// The length of an embedding.
    var outputDimension: Int { get }

    /// Encodes the inputs with these keys.
    func encode(_ keys: [Int32], _ parameters: Parameters) -> Encoding
}

/// The embeddings of some inputs and the way back from their gradient.
public struct Encoding: Sendable {
    /// [inputs, outputDimension].
    public var embeddings: Matrix

    /// Adds to `gradients` what a gradient of the embeddings, [inputs, outputDimension], means for
    /// the parameters.
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
    var outputDimension: Int { get }
    func encode(_ keys: [Int32], _ parameters: Parameters) -> Encoding
}

/// A step from one vector per input to another.
public protocol Layer: Sendable {
    var outputDimension: Int { get }

    /// Applies the layer to `inputs`, [inputs, previous layer's outputDimension]. The pullback
    /// adds the parameters' gradients and returns that of the inputs.
    func apply(_ inputs: Matrix, _ parameters: Parameters) -> LayerOutput
}

public struct LayerOutput: Sendable {
    public var outputs: Matrix
    public var pullback: @Sendable (_ gradient: Matrix, _ gradients: inout Gradients) -> Matrix

    public init(
        outputs: Matrix, pullback: @escaping @Sendable (Matrix, inout Gradients) -> Matrix
    ) {
        self.outputs = outputs
        self.pullback = pullback
    }
}
