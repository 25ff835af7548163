extension Scale {
    /// A scale of seconds since 1970, with ticks where years, months, days or hours begin.
    static func time(_ values: [Double]) -> Scale {
        var scale = linear(values)
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), high > low else { return scale }
        let days = (high - low) / 86_400
        scale.lower = low
        scale.upper = high
        scale.ticks =
            if days > 700 {
                years(low, high, step: max(1, Int((days / 365 / 4).rounded(.up))))
            } else if days > 60 {
                months(low, high, step: max(1, Int((days / 30 / 4).rounded(.up))))
            } else if days > 3 {
                steps(low, high, of: 86_400 * max(1, (days / 4).rounded(.up))) {
                    String(DateText.day($0).dropFirst(5))
                }
            } else {
                steps(low, high, of: max(60, niceStep((high - low) / 4 / 3600) * 3600)) {
                    String(DateText.time($0).dropFirst(11).prefix(5))
                }
            }
        return scale
    }

    private static func years(_ low: Double, _ high: Double, step: Int) -> [Tick] {
        let first = DateText.date(low).year / step * step
        return stride(from: first, through: DateText.date(high).year, by: step).map {
            Tick(value: DateText.seconds($0, 1, 1), label: "\($0)")
        }.filter { $0.value >= low && $0.value <= high }
    }

    private static func months(_ low: Double, _ high: Double, step: Int) -> [Tick] {
        let (first, last) = (DateText.date(low), DateText.date(high))
        return stride(
            from: first.year * 12 + first.month - 1, through: last.year * 12 + last.month - 1,
            by: step
        ).map { month in
            let seconds = DateText.seconds(month / 12, month % 12 + 1, 1)
            return Tick(value: seconds, label: String(DateText.day(seconds).prefix(7)))
        }.filter { $0.value >= low && $0.value <= high }
    }

    private static func steps(
        _ low: Double, _ high: Double, of step: Double, _ label: (Double) -> String
    ) -> [Tick] {
        stride(from: (low / step).rounded(.up) * step, through: high, by: step).map {
            Tick(value: $0, label: label($0))
        }
    }
}
