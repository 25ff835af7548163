/// Specs that run in milliseconds, even without optimisation.
enum Specs {
    static func small(name: String = "small", epochs: Int = 2, _ more: String = "") -> String {
        """
        name: \(name)
        data:
          source: synthetic
          users: 24
          items: 120
          interactions: 300
          split: {train: 240, test: 60}
        \(towers)
        train: {epochs: \(epochs), batch_size: 64, optimizer: {type: adagrad, learning_rate: 0.1}}
        \(more)

        """
    }

    /// Real data, or a stand-in of which little is used.
    static func movielens(offline: String) -> String {
        """
        name: real
        data: {source: movielens, offline: \(offline), split: {train: 300, test: 100}}
        \(towers)
        train: {batch_size: 100}

        """
    }

    static let diverging = small(epochs: 3).replacing(
        "learning_rate: 0.1", with: "learning_rate: 1.0e+38")

    private static let towers = """
        towers:
          query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}
        """
}
