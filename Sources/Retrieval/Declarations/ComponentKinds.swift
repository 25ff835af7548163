extension ComponentKind {
    public static let loss = ComponentKind(noun: "loss", pluralNoun: "losses")
    public static let optimizer = ComponentKind(noun: "optimizer", pluralNoun: "optimizers")
    public static let schedule = ComponentKind(
        noun: "learning rate schedule", pluralNoun: "learning rate schedules")
    public static let factorizedMetric = ComponentKind(
        noun: "factorized metric", pluralNoun: "factorized metrics")
    public static let baseline = ComponentKind(noun: "baseline", pluralNoun: "baselines")
    public static let candidateIndex = ComponentKind(
        noun: "candidate index", pluralNoun: "candidate indexes")
    public static let batchMetric = ComponentKind(
        noun: "batch metric", pluralNoun: "batch metrics")
    public static let lossMetric = ComponentKind(
        noun: "loss metric", pluralNoun: "loss metrics")
    public static let feature = ComponentKind(noun: "feature", pluralNoun: "features")
    public static let layer = ComponentKind(noun: "layer", pluralNoun: "layers")
    public static let sequenceEncoder = ComponentKind(
        noun: "sequence encoder", pluralNoun: "sequence encoders")
    public static let initializer = ComponentKind(
        noun: "initializer", pluralNoun: "initializers")
    public static let regularizer = ComponentKind(
        noun: "regularizer", pluralNoun: "regularizers")
    public static let dataSource = ComponentKind(
        noun: "data source", pluralNoun: "data sources")
    public static let filter = ComponentKind(noun: "filter", pluralNoun: "filters")
    public static let split = ComponentKind(noun: "split", pluralNoun: "splits")
}
