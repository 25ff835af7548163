import TestSupport

/// Specs that run in milliseconds, even without optimisation.
enum Specs {
    static func small(name: String = "small", epochs: Int = 2, _ more: String = "") -> String {
        let optimizer = "{type: adagrad, learning_rate: 0.1}"
        return SmallSpec.text(
            name: name, items: 120,
            train: "{epochs: \(epochs), batch_size: 64, optimizer: \(optimizer)}",
            more: more + "\n")
    }

    /// Real data, or a stand-in of which little is used.
    static func movielens(offline: String) -> String {
        """
        name: real
        data: {source: movielens, offline: \(offline), split: {train: 300, test: 100}}
        \(SmallSpec.towers)
        train: {batch_size: 100}

        """
    }

    static let diverging = small(epochs: 3).replacing(
        "learning_rate: 0.1", with: "learning_rate: 1.0e+38")
}
