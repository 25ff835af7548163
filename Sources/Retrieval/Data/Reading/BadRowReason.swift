/// What a bad row lacked, and what helps, which messages have behind it in parentheses.
struct BadRowReason {
    var words: String
    /// Nil where nothing is known to help.
    var remedy: String?

    init(_ text: String) {
        words = text
        guard text.hasSuffix(")"), let start = text.firstRange(of: " (") else { return }
        words = String(text[..<start.lowerBound])
        remedy = String(text[start.upperBound...].dropLast())
    }

    /// How many rows were left out for which reason, the commonest first, each with what helps.
    ///
    /// - Parameter counts: by what was required, with what helps behind it.
    static func words(of counts: [String: Int]) -> [String] {
        var all: [String: (count: Int, remedies: Set<String>)] = [:]
        for (text, count) in counts {
            let reason = BadRowReason(text)
            all[reason.words, default: (0, [])].count += count
            if let remedy = reason.remedy { all[reason.words]?.remedies.insert(remedy) }
        }
        return all.sorted { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }
            .map { words, reason in
                let remedies = reason.remedies.sorted().joined(separator: "; ")
                return "\(reason.count) for want of \(words)"
                    + (remedies.isEmpty ? "" : " (\(remedies))")
            }
    }
}
