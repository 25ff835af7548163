/// One part of a model as a spec declared it: a feature, a layer, or one inside another.
public struct ModelPart: Hashable, Sendable {
    /// What its parameters are called by: `query/user_id`, `candidate/dense_0`.
    public var path: String
    /// The component's name in the catalogue.
    public var component: String
    /// 0 for a tower's own parts, 1 for those inside them, and so on.
    public var depth: Int
    /// The length of each vector that it makes.
    public var outputDimension = 0
    /// How many vectors it makes of each.
    public var heads = 1
    /// The parameters that came with it, those of the parts inside it included. One that is shared
    /// came with the part that was built first.
    public var parameters: [ParameterID] = []
}

extension ModelBuilder {
    /// Builds a feature and takes note of it in ``parts``.
    public mutating func recording(
        _ component: String, at path: String,
        _ build: (inout ModelBuilder) throws -> any FeatureEncoder
    ) rethrows -> any FeatureEncoder {
        try recording(component, path, build) { ($0.outputDimension, 1) }
    }

    /// Builds a layer and takes note of it in ``parts``.
    public mutating func recording(
        layer component: String, at path: String,
        _ build: (inout ModelBuilder) throws -> any Layer
    ) rethrows -> any Layer {
        try recording(component, path, build) { ($0.outputDimension, $0.heads) }
    }

    private mutating func recording<Built>(
        _ component: String, _ path: String, _ build: (inout ModelBuilder) throws -> Built,
        shape: (Built) -> (dimension: Int, heads: Int)
    ) rethrows -> Built {
        let place = parts.count
        let firstParameter = parameters.ids.count
        parts.append(ModelPart(path: path, component: component, depth: depth))
        depth += 1
        defer { depth -= 1 }
        let built = try build(&self)
        (parts[place].outputDimension, parts[place].heads) = shape(built)
        parts[place].parameters = Array(parameters.ids[firstParameter...])
        return built
    }
}
