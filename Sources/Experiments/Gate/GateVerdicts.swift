import ResultsFormat

extension GateCheck {
    /// A tested case, the way round in which a positive difference is worse.
    private struct Tested {
        var place: Int
        var worse: Double
        /// The chances of a difference at least as bad, or as good, if there is none.
        var worseP: Double?
        var betterP: Double?
    }

    /// Holds all tests of the check to one level together.
    mutating func judge() {
        let cases = tested.compactMap { entry -> Tested? in
            guard let test = outcome.cases[entry.case].test else { return nil }
            let isMaximized = entry.direction == .maximize
            return Tested(
                place: entry.case, worse: isMaximized ? -test.difference : test.difference,
                worseP: isMaximized ? test.lowerTail : test.upperTail,
                betterP: isMaximized ? test.upperTail : test.lowerTail)
        }
        let testable = cases.filter { $0.worseP != nil && $0.betterP != nil }
        let worsePs = Holm.adjusted(testable.compactMap(\.worseP))
        let betterPs = Holm.adjusted(testable.compactMap(\.betterP))
        for item in cases where item.worseP == nil || item.betterP == nil {
            judgeUntested(item)
        }
        for (index, item) in testable.enumerated() {
            outcome.cases[item.place].pValue = worsePs[index]
            let isSurelyWorse = worsePs[index] <= outcome.significance
            let isSurelyBetter = betterPs[index] <= outcome.significance
            outcome.cases[item.place].verdict =
                switch (isSurelyWorse, isBeyond(item, item.worse)) {
                case (true, true): .regressed
                case (true, false): .tolerated
                case (false, true): .uncertain
                case (false, false):
                    isSurelyBetter && isBeyond(item, -item.worse) ? .improved : .unchanged
                }
        }
    }

    /// Whether a difference is more than the rule allows; one that is equal is not.
    private func isBeyond(_ item: Tested, _ difference: Double) -> Bool {
        let found = outcome.cases[item.place]
        return Rounding.exceeds(
            difference, found.allowance ?? 0,
            of: [found.baseline, found.candidate].compactMap { $0 })
    }

    /// The tolerance alone decides.
    private mutating func judgeUntested(_ item: Tested) {
        outcome.cases[item.place].verdict =
            isBeyond(item, item.worse)
            ? .regressed : isBeyond(item, -item.worse) ? .improved : .unchanged
        outcome.cases[item.place].reason =
            outcome.cases[item.place].runs > 1
            ? "untested: the values are too large for a test, so the tolerance alone decides"
            : "untested: one run without values per query, so the tolerance alone decides"
    }
}
