import Retrieval

/// A piece of work that is both timed and checked: its correctness test and its benchmark run the
/// same code.
public struct BenchmarkCase: Sendable {
    public enum Group: String, CaseIterable, Sendable {
        /// One kernel, on one thread.
        case kernel
        /// One training step.
        case step
        /// The ranking of queries over a corpus.
        case evaluation
        /// A saved model, read or asked.
        case model
    }

    public let name: String
    public let group: Group
    /// What is timed.
    public let shape: Shape
    /// The case whose time this one's is stated against; nil: none.
    public private(set) var reference: String?
    /// Prepares the work on some shape, its inputs from a random stream.
    public let make: @Sendable (Shape, inout RandomStream, Lanes) -> Work

    init(
        _ name: String, _ group: Group, _ shape: Shape,
        make: @escaping @Sendable (Shape, inout RandomStream, Lanes) -> Work
    ) {
        self.name = name
        self.group = group
        self.shape = shape
        self.make = make
    }

    /// The case, to be stated against another one.
    func compared(with reference: String) -> BenchmarkCase {
        var test = self
        test.reference = reference
        return test
    }

    /// All cases.
    public static let all: [BenchmarkCase] =
        matrixProducts + rowKernels + tableKernels + dataReading + trainingSteps + largeTableSteps
        + optionSteps + lossSteps + scoreMasks + sequenceSteps + evaluations + savedModels

    /// Compares the work with its plain version on a shape.
    public func check(_ shape: Shape, seed: UInt64, threads: Int = 1) -> Disagreement? {
        var random = RandomStream(seed: seed, stream: name)
        let outcome = make(shape, &random, Lanes(threads: threads)).check()
        guard outcome.found.count == outcome.expected.count else {
            return Disagreement(
                index: 0, found: Float(outcome.found.count),
                expected: Double(outcome.expected.count))
        }
        for (index, (found, expected)) in zip(outcome.found, outcome.expected).enumerated()
        where !outcome.agree(found, expected) {
            return Disagreement(index: index, found: found, expected: expected)
        }
        return nil
    }

    /// A small shape, awkward as often as not: 0, 1, odd, no multiple of a vector's lanes.
    public func smallShape(_ random: inout RandomStream) -> Shape {
        let sizes = [0, 1, 2, 7, 15, 16, 17, 31, 33, 50]
        func size(atLeast least: Int) -> Int { max(least, sizes[random.below(sizes.count)]) }
        // Steps and rankings are of something; no bytes of nothing are left to the kernels.
        let least = group == .kernel ? 0 : 2
        return Shape(
            size(atLeast: least), size(atLeast: least), size(atLeast: group == .kernel ? 0 : 1))
    }
}

/// The size of a case's work: rows (queries, examples), columns (candidates, values), depth
/// (length of an embedding).
public struct Shape: Hashable, Sendable, CustomStringConvertible {
    public var rows: Int
    public var columns: Int
    public var depth: Int

    public init(_ rows: Int, _ columns: Int, _ depth: Int) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
    }

    public var description: String { "\(rows) x \(columns) x \(depth)" }
}

/// Work that is ready to run, over and over.
public struct Work {
    /// Floating-point operations of one run that the kernels cannot do without.
    public var flops = 0.0
    /// Bytes that one run has to read or write.
    public var bytes = 0.0
    /// What one run gets done, to be counted: examples of a step, queries of a ranking.
    public var items = 0
    public var run: () -> Void
    /// The share of the operations that a run computes, where it can leave some out.
    public var computedShare: (() -> Double)?
    /// Runs once on the inputs as they were made, and the plain version beside it.
    public var check: () -> Outcome

    public struct Outcome {
        public var found: [Float]
        public var expected: [Double]
        /// Relative, and absolute below 1.
        public var tolerance: Double

        public init(found: [Float], expected: [Double], tolerance: Double) {
            self.found = found
            self.expected = expected
            self.tolerance = tolerance
        }

        public var agrees: Bool {
            found.count == expected.count && zip(found, expected).allSatisfy(agree)
        }

        func agree(_ found: Float, _ expected: Double) -> Bool {
            Double(found) == expected || (found.isNaN && expected.isNaN)
                || abs(Double(found) - expected) <= tolerance * max(1, abs(expected))
        }
    }
}

/// Where a case and its plain version differ.
public struct Disagreement: Error, CustomStringConvertible {
    public var index: Int
    public var found: Float
    public var expected: Double

    public var description: String { "output \(index) is \(found), not \(expected)" }
}

/// Memory of a case: a class, so that closures share it.
final class Floats {
    var values: [Float]

    init(_ values: [Float]) { self.values = values }

    static func random(_ count: Int, _ random: inout RandomStream) -> Floats {
        Floats((0..<count).map { _ in random.uniformFloat(in: -1..<1) })
    }

    var doubles: [Double] { values.map(Double.init) }
}
