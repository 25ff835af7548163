/// Crosses of the features with what the layers below made of them: `tfrs.layers.dcn.Cross`, any
/// number of times over the same x₀ (Wang et al., "DCN V2", 2021, equations 1 and 2).
///
/// `x ← x₀ ⊙ (preactivation(x·W + b) + diag_scale·x) + x`, with W = U·V where it is of low rank.
public struct Cross: Layer {
    public let outputDimension: Int
    package let steps: [CrossStep]

    package init(steps: [CrossStep], outputDimension: Int) {
        self.steps = steps
        self.outputDimension = outputDimension
    }

    public func spreads(rows: Int, _ parameters: Parameters) -> Bool {
        steps.allSatisfy { $0.product.spreads(rows: rows, parameters) }
    }

    public func apply(
        _ inputs: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> LayerOutput {
        var vectors = inputs
        var pullbacks: [CrossStep.Pullback] = []
        for step in steps {
            let output = step.apply(inputs, vectors, parameters, context)
            vectors = output.outputs
            pullbacks.append(output.pullback)
        }
        return LayerOutput(outputs: vectors) { [pullbacks] gradient, gradients in
            var gradient = gradient
            var ofFirst = Matrix(rows: inputs.rows, columns: inputs.columns)
            for pullback in pullbacks.reversed() {
                let (first, previous) = pullback(gradient, &gradients)
                ofFirst = ofFirst.adding(first)
                gradient = previous
            }
            return gradient.adding(ofFirst)
        }
    }
}

/// One cross of x with x₀.
package struct CrossStep: Sendable {
    /// Takes the outputs' gradient to those of x₀ and x.
    package typealias Pullback =
        @Sendable (Matrix, inout Gradients) -> (ofFirst: Matrix, ofPrevious: Matrix)

    /// One layer, or two for a product of low rank.
    let product: LayerStack
    let diagScale: Float

    package func apply(
        _ first: Matrix, _ previous: Matrix, _ parameters: Parameters, _ context: EncodingContext
    ) -> (outputs: Matrix, pullback: Pullback) {
        let output = product.apply(previous, parameters, context)
        var factors = output.outputs
        if diagScale != 0 { factors = factors.adding(previous.scaled(by: diagScale)) }
        return (
            first.multiplied(by: factors).adding(previous),
            { [diagScale, factors] gradient, gradients in
                let ofFactors = gradient.multiplied(by: first)
                var ofPrevious = gradient.adding(output.pullback(ofFactors, &gradients))
                if diagScale != 0 {
                    ofPrevious = ofPrevious.adding(ofFactors.scaled(by: diagScale))
                }
                return (gradient.multiplied(by: factors), ofPrevious)
            }
        )
    }
}

/// `cross` and `multi_layer_dcn` as a spec declares them.
public struct CrossDefinition: LayerDefinition {
    /// Cross layers after each other; at least 1.
    public var numLayers: Int
    /// Rank of the kernel; nil: full.
    public var projectionDim: Int?
    /// What is added to the kernel's diagonal; at least 0.
    public var diagScale: Double
    /// What the linear map passes through before it is multiplied.
    public var preactivation: ActivationFunction
    public var options: KernelOptions

    public init(
        numLayers: Int = 1, projectionDim: Int? = nil, diagScale: Double = 0,
        preactivation: ActivationFunction = .linear,
        options: KernelOptions = KernelOptions(
            kernelInitializer: RandomNormal(isTruncated: true))
    ) {
        self.numLayers = numLayers
        self.projectionDim = projectionDim
        self.diagScale = diagScale
        self.preactivation = preactivation
        self.options = options
    }

    public func outputDimension(of input: Int?) -> Int? { input }

    public func prepare(
        _ input: LayerInput, path: String, _ builder: inout ModelBuilder
    ) throws -> any Layer {
        let dimension = input.dimension
        var steps: [CrossStep] = []
        for index in 0..<numLayers {
            let name = numLayers == 1 ? path : "\(path)/cross_\(index)"
            var layers: [any Layer] = []
            if let projectionDim {
                var down = DenseDefinition(units: projectionDim)
                down.options = options
                down.options.useBias = false
                layers.append(try down.prepare(input, path: name + "/down", &builder))
            }
            var up = DenseDefinition(units: dimension, activation: Activation(preactivation))
            up.options = options
            layers.append(
                try up.prepare(
                    LayerInput(dimension: projectionDim ?? dimension),
                    path: projectionDim == nil ? name : name + "/up", &builder))
            steps.append(
                CrossStep(
                    product: LayerStack(layers, inputDimension: dimension),
                    diagScale: Float(diagScale)))
        }
        return Cross(steps: steps, outputDimension: dimension)
    }
}

extension CrossDefinition: CatalogComponent {
    private static let rank = Bounds<Int>.between(1, and: 1 << 16)
    static let projectionDimField = Field<Int?>(
        "projection_dim", optional: rank, "Rank of the kernel; null: a full matrix."
    ).alsoKnown(as: "rank", "low_rank")
    static let diagScaleField = Field<Double>(
        "diag_scale", default: 0, .atLeast(0), "Added to the kernel's diagonal.")
    static let preactivationField = Field<ActivationFunction>(
        "preactivation", default: .linear, "What the product passes through before it multiplies.")
    static let numLayersField = Field<Int>(
        "num_layers", default: 1, .between(1, and: 64),
        "Crosses, one after the other, all with this layer's input as x0."
    ).alsoKnown(as: "layers", "depth")

    public static let entry = ComponentEntry<any LayerDefinition>(
        "cross", summary: "Crosses the features: x0 * (x W + b) + x.",
        source: "tfrs.layers.dcn.Cross; Wang et al., 2021",
        fields: [
            numLayersField.description, projectionDimField.description,
            diagScaleField.description, preactivationField.description,
        ] + KernelOptions.fields(kernelInitializer: "truncated_normal")
    ) { values, components in
        try CrossDefinition(
            numLayers: values[numLayersField], projectionDim: values[projectionDimField],
            diagScale: values[diagScaleField], preactivation: values[preactivationField],
            options: KernelOptions(values, components, kernelInitializer: "truncated_normal"))
    }

    static let dcnProjectionDimField = Field<Int>(
        "projection_dim", default: 1, rank, "Rank of the kernels."
    ).alsoKnown(as: "rank", "low_rank")
    static let dcnNumLayersField = Field<Int>(
        "num_layers", default: 3, .between(1, and: 64), "Crosses, one after the other."
    ).alsoKnown(as: "layers", "depth")

    /// `multi_layer_dcn`.
    public static let multiLayerEntry = ComponentEntry<any LayerDefinition>(
        "multi_layer_dcn", summary: "Crosses of low rank, one after the other.",
        source: "tfrs.layers.feature_interaction.MultiLayerDCN; Wang et al., 2021",
        fields: [dcnProjectionDimField.description, dcnNumLayersField.description]
            + KernelOptions.fields(kernelInitializer: "truncated_normal")
    ) { values, components in
        try CrossDefinition(
            numLayers: values[dcnNumLayersField], projectionDim: values[dcnProjectionDimField],
            options: KernelOptions(values, components, kernelInitializer: "truncated_normal"))
    }
}
