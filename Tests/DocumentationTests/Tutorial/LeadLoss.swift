import Retrieval

/// Asks the positive to lead every negative by one: Σⱼ max(0, 1 + zⱼ − z₊).
struct LeadLoss: Loss {
    func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float {
        guard let positive = labels.positive else {
            for column in logits.indices { logits[column] = 0 }
            return 0
        }
        let score = logits[positive]
        var loss: Float = 0
        var violations: Float = 0
        for column in logits.indices where column != positive {
            let gap = 1 + logits[column] - score
            logits[column] = gap > 0 ? 1 : 0
            loss += max(0, gap)
            violations += logits[column]
        }
        logits[positive] = -violations
        return loss
    }
}

extension LeadLoss: CatalogComponent {
    static let entry = ComponentEntry<any Loss>(
        "lead", summary: "Asks the positive to lead every negative by one.",
        source: "an example"
    ) { _ in LeadLoss() }
}
