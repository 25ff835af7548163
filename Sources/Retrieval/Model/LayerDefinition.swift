/// A layer as a spec declares it.
public protocol LayerDefinition: Sendable {
    /// The length of its output, as far as it is known before the layer is made; nil where it is
    /// not. From it a spec's mistakes are told without data.
    ///
    /// - Parameter input: the input's length, where that is known.
    func outputDimension(of input: Int?) -> Int?

    /// Adds the layer's parameters and returns the layer.
    ///
    /// - Parameter path: what the parameters are called, such as `query/dense_0`.
    /// - Throws: ``LayerError`` where the layer cannot take its inputs.
    func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer

    /// Whether its outputs have length 1 whatever its inputs, so that dot products of two towers
    /// that end in such layers are cosines, in −1 ... 1. False unless a layer says otherwise.
    var hasUnitOutput: Bool { get }
}

extension LayerDefinition {
    public var hasUnitOutput: Bool { false }
}

extension ComponentKind where Product == any LayerDefinition {
    /// Steps of a tower: ``LayerDefinition``.
    public static var layer: ComponentKind {
        ComponentKind(noun: "layer", pluralNoun: "layers")
    }
}

extension LayerDefinition {
    public func outputDimension(of input: Int?) -> Int? { nil }
}

/// What a layer takes: one vector per input, made of parts side by side.
public struct LayerInput: Hashable, Sendable {
    /// The lengths of the parts: of the features, for a tower's first layer; else one.
    public var parts: [Int]

    public init(parts: [Int]) {
        self.parts = parts
    }

    public init(dimension: Int) {
        self.init(parts: [dimension])
    }

    /// The length of the whole vector.
    public var dimension: Int { parts.reduce(0, +) }
}

/// Why a layer cannot stand where a spec has it.
public struct LayerError: Error, Hashable, CustomStringConvertible {
    /// What is required and what was found.
    public var description: String
    /// Where within the layer's own fields, such as `.layers[1]`; empty: the layer itself.
    public var place: String

    public init(_ description: String, at place: String = "") {
        self.description = description
        self.place = place
    }
}
