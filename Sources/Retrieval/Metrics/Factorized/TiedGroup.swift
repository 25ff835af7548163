/// Relevant candidates of one score in a ranked list, and the places that they may stand on: any
/// choice of places is as likely as any other.
///
/// A relevant candidate without equals is a group of one place. What follows from the places is an
/// expected value here (McSherry and Najork, 2008); places count from 0 and may begin half way
/// between two, where a tie policy says so.
public struct TiedGroup: Hashable, Sendable {
    /// How many candidates stand before the group.
    public var start: Double
    /// How many places it covers, at least ``relevant``.
    public var size: Int
    /// Which of the list's relevant candidates it holds, counted from the best.
    public var members: Range<Int>

    public init(start: Double, size: Int, members: Range<Int>) {
        self.start = start
        self.size = size
        self.members = members
    }

    /// How many of its candidates are relevant.
    public var relevant: Int { members.count }

    /// The mean place.
    public var middle: Double { start + Double(size - 1) / 2 }

    /// How many of its places are among the first `k`.
    public func places(within k: Int) -> Int {
        let room = (Double(k) - start).rounded(.up)
        return room <= 0 ? 0 : Int(min(room, Double(size)))
    }

    /// How many relevant candidates stand among the first `k`: m·c / n for m relevant ones on n
    /// places, c of them among the first k.
    public func hits(_ k: Int) -> Double {
        Double(relevant) * Double(places(within: k)) / Double(size)
    }

    /// How likely any relevant candidate stands among the first `k`: 1 − C(n − m, c) / C(n, c).
    public func hitProbability(_ k: Int) -> Double {
        let covered = places(within: k)
        guard covered > 0 else { return 0 }
        guard covered + relevant <= size else { return 1 }
        guard relevant > 1 else { return hits(k) }
        let (few, many) = (min(covered, relevant), max(covered, relevant))
        var miss = 1.0
        for index in 0..<few where miss > 0 {
            miss *= Double(size - many - index) / Double(size - index)
        }
        return 1 - miss
    }

    /// 1 / rank of its first relevant candidate, which counts 0 beyond rank `k`:
    /// Σₚ P(the first stands on p) / (start + p + 1), with P = C(n − p − 1, m − 1) / C(n, m).
    public func firstReciprocal(within k: Int) -> Double {
        let covered = min(places(within: k), size - relevant + 1)
        guard relevant > 1 else { return reciprocals(covered) / Double(size) }
        var probability = Double(relevant) / Double(size)
        var sum = 0.0
        for place in 0..<covered {
            sum += probability / (start + Double(place + 1))
            probability *= Double(size - place - relevant) / Double(size - place - 1)
            // What is left is likelier nowhere than here.
            if probability * Double(size - place) < 1e-20 { break }
        }
        return sum
    }

    /// The precision at the rank of each of its relevant candidates among the first `k`, summed.
    ///
    /// On place p stands a relevant one with probability m/n, and then p·(m − 1)/(n − 1) others of
    /// the group before it: Σₚ m/n · (before + 1 + p·(m − 1)/(n − 1)) / (start + p + 1).
    ///
    /// - Parameter before: relevant candidates of the groups before.
    public func precisions(within k: Int, before: Int) -> Double {
        let covered = places(within: k)
        let share = Double(relevant) / Double(size)
        let others = size > 1 ? Double(relevant - 1) / Double(size - 1) : 0
        guard covered > Self.fewPlaces else {
            return (0..<covered).reduce(0.0) { sum, place in
                let found = Double(before + 1) + Double(place) * others
                return sum + share * found / (start + Double(place + 1))
            }
        }
        let rest = Double(before + 1) - others * (start + 1)
        return share * (Double(covered) * others + rest * reciprocals(covered))
    }

    /// So many terms are added one by one; more are a difference of logarithms.
    private static let fewPlaces = 1024

    /// Σ 1 / (start + i) for i from 1 to `count`.
    private func reciprocals(_ count: Int) -> Double {
        guard count > Self.fewPlaces else {
            return (0..<count).reduce(0.0) { $0 + 1 / (start + Double($1 + 1)) }
        }
        // ψ(b) − ψ(a) by its asymptotic series, which wants large arguments.
        let few = 32
        let (a, b) = (start + Double(few + 1), start + Double(count + 1))
        func tail(_ x: Double) -> Double {
            let square = 1 / (x * x)
            return 1 / (2 * x) + square / 12 - square * square / 120
                + square * square * square / 252
        }
        let first = (0..<few).reduce(0.0) { $0 + 1 / (start + Double($1 + 1)) }
        return first + Kernels.log(b / a) - tail(b) + tail(a)
    }
}
