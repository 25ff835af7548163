/// Moments with parts of a second, one a row: whole numbers of the coarsest unit that keeps them
/// all exactly.
///
/// Moments of whole seconds alone are a column of integers, seconds since 1970.
public struct TimeColumn: Hashable, Sendable {
    /// Since 1970, UTC, in units of which a second has ``perSecond``.
    public var ticks: [Int64]
    /// 1,000, 1,000,000 or 1,000,000,000.
    public let perSecond: Int64

    /// Traps on a unit that is none of the three.
    public init(ticks: [Int64], perSecond: Int64) {
        precondition(Self.units.contains(perSecond), "a second has no \(perSecond) ticks")
        self.ticks = ticks
        self.perSecond = perSecond
    }

    static let units: [Int64] = [1000, 1_000_000, 1_000_000_000]

    /// - Parameters:
    ///   - seconds: since 1970, towards the past.
    ///   - nanoseconds: what is beyond those, below a second.
    /// - Returns: nil where 64 bits do not hold them all.
    init?(seconds: [Int64], nanoseconds: [Int32]) {
        let unit = Self.units.first { perSecond in
            let width = Int32(1_000_000_000 / perSecond)
            return nanoseconds.allSatisfy { $0 % width == 0 }
        }
        perSecond = unit ?? 1_000_000_000
        let width = 1_000_000_000 / perSecond
        ticks = []
        ticks.reserveCapacity(seconds.count)
        for (whole, part) in zip(seconds, nanoseconds) {
            let (scaled, overflowed) = whole.multipliedReportingOverflow(by: perSecond)
            let (sum, overflowedToo) = scaled.addingReportingOverflow(Int64(part) / width)
            guard !overflowed, !overflowedToo else { return nil }
            ticks.append(sum)
        }
    }

    public var count: Int { ticks.count }

    /// The whole seconds of a row, towards the past.
    public func wholeSeconds(of row: Int) -> Int64 {
        ticks[row].flooredQuotient(by: perSecond).quotient
    }

    /// The seconds of a row, as near as a double comes.
    public func seconds(of row: Int) -> Double {
        let (whole, rest) = ticks[row].flooredQuotient(by: perSecond)
        return Double(whole) + Double(rest) / Double(perSecond)
    }
}

extension Int64 {
    /// The quotient towards minus infinity, and what is left: at least 0 and below the divisor,
    /// which is above 0.
    func flooredQuotient(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
