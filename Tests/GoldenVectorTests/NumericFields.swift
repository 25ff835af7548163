import Retrieval

extension NumericLayers {
    /// Our layer of one input, and its fields from Keras's constructor arguments.
    static func fields(
        of layer: String, _ options: inout Fields
    ) throws -> (name: String, fields: FieldValues) {
        var fields = FieldValues()
        func copyInteger(_ name: String, _ options: inout Fields) throws {
            if let value = try options.integer(name) { fields[name] = .integer(value) }
        }
        func copyNumber(_ name: String, _ options: inout Fields) throws {
            if let value = try options.number(name) { fields[name] = .number(value) }
        }
        func copyFlag(_ name: String, _ options: inout Fields) throws {
            if options.has(name) { fields[name] = .boolean(try options.flag(name)) }
        }
        func copyName(_ name: String, _ options: inout Fields) throws {
            if let value = try options.string(name) { fields[name] = .string(value) }
        }
        /// Vectors stand along the last axis.
        func checkAxis(_ options: inout Fields) throws {
            guard try options.integer("axis") ?? -1 == -1 else {
                throw VectorProblem("\(layer): only the last axis has a counterpart")
            }
        }
        switch layer {
        case "Dense":
            try copyInteger("units", &options)
            try copyFlag("use_bias", &options)
            try copyName("activation", &options)
            return ("dense", fields)
        case "Activation":
            try copyName("activation", &options)
            return ("activation", fields)
        case "gelu":
            let isApproximate = try options.flag("approximate")
            fields["activation"] = .string(isApproximate ? "gelu_approximate" : "gelu")
            return ("activation", fields)
        case "LeakyReLU", "ELU":
            fields["activation"] = .string(layer == "ELU" ? "elu" : "leaky_relu")
            // The layer's default is not the function's.
            let alpha = try options.number("alpha")
            fields["alpha"] = .number(alpha ?? (layer == "ELU" ? 1 : 0.3))
            return ("activation", fields)
        case "tfrs.MLP":
            let units = try options.list("units").map { $0 as? Int ?? 0 }
            fields["units"] = units.fieldValue
            try copyFlag("use_bias", &options)
            try copyName("activation", &options)
            try copyName("final_activation", &options)
            return ("mlp", fields)
        case "tfrs.Cross":
            try copyInteger("projection_dim", &options)
            try copyNumber("diag_scale", &options)
            try copyFlag("use_bias", &options)
            try copyName("preactivation", &options)
            return ("cross", fields)
        case "tfrs.DotInteraction":
            try copyFlag("self_interaction", &options)
            try copyFlag("skip_gather", &options)
            return ("dot_interaction", fields)
        case "LayerNormalization":
            try checkAxis(&options)
            try copyNumber("epsilon", &options)
            try copyFlag("center", &options)
            try copyFlag("scale", &options)
            return ("layer_normalization", fields)
        case "BatchNormalization":
            try copyNumber("epsilon", &options)
            try copyNumber("momentum", &options)
            try copyFlag("center", &options)
            try copyFlag("scale", &options)
            return ("batch_normalization", fields)
        case "UnitNormalization", "l2_normalize":
            try checkAxis(&options)
            try copyNumber("epsilon", &options)
            return ("unit_normalization", fields)
        default:
            throw VectorProblem("unknown layer '\(layer)'")
        }
    }
}
