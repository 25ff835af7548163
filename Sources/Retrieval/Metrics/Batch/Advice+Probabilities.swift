extension Advice {
    /// What a metric says that is told that scores are probabilities.
    static func takingScoresForProbabilities(at field: Field<Bool>) -> Advice {
        Advice(
            at: field,
            """
            'from_logits: false' takes scores for probabilities, which dot products are not
            """)
    }
}
