extension SyntheticSource: CatalogComponent {
    static let usersField = Field<Int>(
        "users", default: 943, .between(1, and: 5_000_000), "Users.")
    static let itemsField = Field<Int>(
        "items", default: 1682, .between(1, and: 5_000_000), "Items.")
    static let interactionsField = Field<Int>(
        "interactions", default: 100_000, .between(1, and: 100_000_000), "Interactions.")
    static let dimensionField = Field<Int>(
        "dimension", default: 8, .between(1, and: 64), "Latent factors of a user or an item.")
    static let popularitySkewField = Field<Double>(
        "popularity_skew", default: 1.5, .between(0, and: 4),
        "Exponent by which an item's weight falls with its rank; 0 for none.")
    static let activitySkewField = Field<Double>(
        "activity_skew", default: 1, .between(0, and: 4),
        "The same for the users' numbers of interactions.")
    static let minimumPerUserField = Field<Int?>(
        "minimum_per_user", optional: .atLeast(0),
        "Least interactions of a user; null: 20, or half the mean where that is less.")
    static let dataSeedField = Field<Int>(
        "data_seed", default: 1, .atLeast(0),
        "Seed of the generator, apart from the experiment's: another seed is other data.")

    public static let entry = ComponentEntry<any DataSource>(
        "synthetic", summary: "Generated interactions of MovieLens's shape.",
        source: "tfrs-run",
        fields: [
            usersField.description, itemsField.description, interactionsField.description,
            dimensionField.description, popularitySkewField.description,
            activitySkewField.description, minimumPerUserField.description,
            dataSeedField.description,
        ]
    ) { values in
        SyntheticSource(
            users: values[usersField], items: values[itemsField],
            interactions: values[interactionsField], dimension: values[dimensionField],
            popularitySkew: values[popularitySkewField],
            activitySkew: values[activitySkewField],
            minimumPerUser: values[minimumPerUserField], seed: UInt64(values[dataSeedField]))
    }
}
