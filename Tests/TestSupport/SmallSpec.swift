/// Specs on data so small that they run in milliseconds, even without optimisation.
public enum SmallSpec {
    public static let towers = """
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}
        """

    /// 300 interactions of 24 users, a fifth of them for the test.
    ///
    /// - Parameter more: further sections, as YAML.
    public static func text(
        name: String = "sample", items: Int = 30,
        train: String =
            "{epochs: 2, batch_size: 64, optimizer: {type: adagrad, learning_rate: 0.1}}",
        more: String = ""
    ) -> String {
        """
        name: \(name)
        data:
          source: synthetic
          users: 24
          items: \(items)
          interactions: 300
          split: {train: 240, test: 60}
        \(towers)
        train: \(train)
        \(more)
        """
    }
}
