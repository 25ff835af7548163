import Retrieval

/// Optimizers and schedules from Keras's constructor arguments.
enum KerasOptimizers {
    static func make(_ value: Any?) throws -> any Optimizer {
        var fields = try Fields(value, "optimizer")
        let name = try fields.string("class") ?? ""
        let rate = fields.take("learning_rate")
        var optimizer = try rule(name, &fields)
        if let number = rate as? Double {
            optimizer.options.learningRate = LearningRate(constant: Float(number))
        } else if let rate {
            optimizer.options.learningRate = LearningRate(try schedule(rate))
        }
        if let decay = try fields.number("weight_decay") {
            optimizer.options.weightDecay = Float(decay)
        } else if name == "AdamW" {
            optimizer.options.weightDecay = 0.004
        }
        // In Keras's order of precedence.
        if let limit = try fields.number("clipvalue") {
            optimizer.options.clipping = .value(Float(limit))
        }
        if let limit = try fields.number("global_clipnorm") {
            optimizer.options.clipping = .globalNorm(Float(limit))
        }
        if let limit = try fields.number("clipnorm") {
            optimizer.options.clipping = .norm(Float(limit))
        }
        try fields.finish()
        return optimizer
    }

    private static func rule(_ name: String, _ fields: inout Fields) throws -> any Optimizer {
        func float(_ name: String, _ standard: Float) throws -> Float {
            try fields.number(name).map { Float($0) } ?? standard
        }
        func double(_ name: String, _ standard: Double) throws -> Double {
            try fields.number(name) ?? standard
        }
        switch name {
        case "SGD":
            return SGD(
                momentum: try float("momentum", 0), nesterov: try fields.flag("nesterov"))
        case "Adagrad":
            return Adagrad(
                initialAccumulatorValue: try float("initial_accumulator_value", 0.1),
                epsilon: try float("epsilon", 1e-7))
        case "Adam", "AdamW":
            return Adam(
                beta1: try double("beta_1", 0.9), beta2: try double("beta_2", 0.999),
                epsilon: try float("epsilon", 1e-7), amsgrad: try fields.flag("amsgrad"))
        case "Nadam":
            return Nadam(
                beta1: try double("beta_1", 0.9), beta2: try double("beta_2", 0.999),
                epsilon: try float("epsilon", 1e-7))
        case "Adamax":
            return Adamax(
                beta1: try double("beta_1", 0.9), beta2: try double("beta_2", 0.999),
                epsilon: try float("epsilon", 1e-7))
        case "RMSprop":
            return RMSprop(
                rho: try double("rho", 0.9), momentum: try float("momentum", 0),
                epsilon: try float("epsilon", 1e-7), centered: try fields.flag("centered"))
        case "Adadelta":
            return Adadelta(rho: try double("rho", 0.95), epsilon: try float("epsilon", 1e-7))
        case "Ftrl":
            return FTRL(
                learningRatePower: try float("learning_rate_power", -0.5),
                initialAccumulatorValue: try float("initial_accumulator_value", 0.1),
                l1RegularizationStrength: try float("l1_regularization_strength", 0),
                l2RegularizationStrength: try float("l2_regularization_strength", 0),
                l2ShrinkageRegularizationStrength: try float(
                    "l2_shrinkage_regularization_strength", 0),
                beta: try float("beta", 0))
        case "ClippyAdagrad":
            let clips = try fields.flag("clip_accumulator_update")
            let isStandard = try fields.flag("use_standard_accumulator_update")
            return ClippyAdagrad(
                initialAccumulatorValue: try float("initial_accumulator_value", 0.1),
                variableRelativeThreshold: try float("variable_relative_threshold", 0.1),
                accumulatorRelativeThreshold: try float("accumulator_relative_threshold", 0),
                absoluteThreshold: try float("absolute_threshold", 1e-7),
                epsilon: try float("epsilon", 1e-7),
                exportClippingFactors: try fields.flag("export_clipping_factors"),
                accumulatorUpdate: clips ? .clipped : isStandard ? .standard : .delayed)
        default:
            throw VectorProblem("unknown optimizer '\(name)'")
        }
    }

    static func schedule(_ value: Any?) throws -> any LearningRateSchedule {
        var fields = try Fields(value, "schedule")
        let name = try fields.string("class") ?? ""
        func number(_ name: String, _ standard: Double = 0) throws -> Double {
            try fields.number(name) ?? standard
        }
        func pace() throws -> DecayPace {
            DecayPace(
                initialLearningRate: try number("initial_learning_rate"),
                decaySteps: try number("decay_steps"), decayRate: try number("decay_rate"),
                staircase: try fields.flag("staircase"))
        }
        let schedule: any LearningRateSchedule
        switch name {
        case "ExponentialDecay":
            schedule = ExponentialDecay(try pace())
        case "InverseTimeDecay":
            schedule = InverseTimeDecay(try pace())
        case "PolynomialDecay":
            schedule = PolynomialDecay(
                initialLearningRate: try number("initial_learning_rate"),
                decaySteps: try number("decay_steps"),
                endLearningRate: try number("end_learning_rate", 0.0001),
                power: try number("power", 1), cycle: try fields.flag("cycle"))
        case "CosineDecay":
            schedule = CosineDecay(
                initialLearningRate: try number("initial_learning_rate"),
                decaySteps: try number("decay_steps"), alpha: try number("alpha"),
                warmupTarget: try fields.number("warmup_target"),
                warmupSteps: try number("warmup_steps"))
        case "CosineDecayRestarts":
            schedule = CosineDecayRestarts(
                initialLearningRate: try number("initial_learning_rate"),
                firstDecaySteps: try number("first_decay_steps"),
                lengthening: try number("t_mul", 2), lowering: try number("m_mul", 1),
                alpha: try number("alpha"))
        case "PiecewiseConstantDecay":
            guard let boundaries = try fields.list("boundaries") as? [Int],
                let values = try fields.list("values") as? [Double]
            else { throw VectorProblem("unexpected boundaries or values") }
            schedule = try PiecewiseConstantDecay(boundaries: boundaries, values: values)
        default:
            throw VectorProblem("unknown schedule '\(name)'")
        }
        try fields.finish()
        return schedule
    }
}
