/// `|got − want| ≤ atol + rtol · max|want|` for each tensor, and non-finite values in the same
/// places.
struct Tolerance {
    var relative: Double
    var absolute = 1e-6

    /// Of losses and gradients.
    static func loss(temperature: Double?) -> Tolerance {
        Tolerance(relative: (temperature.map(abs) ?? 1) < 0.5 ? 1e-4 : 1e-5)
    }

    /// What is wrong with a tensor; nil if nothing is.
    func difference(_ what: String, _ got: [Float], _ want: [Float]) -> String? {
        guard got.count == want.count else {
            return "\(what): \(got.count) values instead of \(want.count)"
        }
        let largest = want.filter(\.isFinite).map { abs(Double($0)) }.max() ?? 0
        let limit = absolute + relative * largest
        for (index, (got, want)) in zip(got, want).enumerated() {
            let agrees =
                want.isNaN
                ? got.isNaN
                : want.isFinite ? abs(Double(got) - Double(want)) <= limit : got == want
            if !agrees { return "\(what)[\(index)]: \(got) instead of \(want)" }
        }
        return nil
    }
}
