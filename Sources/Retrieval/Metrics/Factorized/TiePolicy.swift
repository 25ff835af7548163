/// Where a positive stands among the candidates of its own score.
///
/// TFRS counts only what scores strictly above a positive, so a model that gives everything one
/// score would find everything; ``expected`` is what such a model is worth.
public enum TiePolicy: String, FieldChoice {
    /// Every order of the tied is as likely as any other, and figures are their expected values,
    /// in closed form (McSherry and Najork, 2008, "Computing Information Retrieval Performance
    /// Measures Efficiently in the Presence of Tied Scores").
    case expected
    /// As TFRS: before all others where a positive is found by its score; in the corpus's order
    /// where it is found by its id.
    case tfrs
    /// After all others.
    case pessimistic
    /// In the middle of the others: at the mean rank over all orders.
    case mean

    /// The places that tied relevant candidates are taken to stand on.
    ///
    /// Only ``expected`` leaves it open which of the group's places they have. Elsewhere these
    /// follow one another, so that no two candidates share a place.
    ///
    /// - Parameter group: all candidates of one score.
    func places(of group: TiedGroup) -> TiedGroup {
        let others = Double(group.size - group.relevant)
        var placed = group
        if self != .expected { placed.size = group.relevant }
        switch self {
        case .expected, .tfrs: break
        case .pessimistic: placed.start += others
        case .mean: placed.start += others / 2
        }
        return placed
    }
}
