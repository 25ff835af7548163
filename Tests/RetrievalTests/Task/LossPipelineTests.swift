import Foundation
import Retrieval
import Testing

/// Every loss behind every combination of the task's options: values and gradients of both
/// embeddings against a plain double-precision version and its central differences.
@Suite struct LossPipelineTests {
    /// A contrastive loss has its embeddings divided by their length first, which ``PlainTask`` does
    /// not do: those are held by other tests of the task.
    @Test(
        arguments: LossCase.all.filter {
            $0.domain == .reals && !($0.loss is any ContrastiveLoss)
        })
    func gradientsAreDerivatives(test: LossCase) throws {
        var compared = 0
        for combination in TaskSwitches.combinations {
            let plain = PlainTask(
                TaskSwitches(rawValue: combination), formula: test.formula, seed: combination)
            let value = plain.loss()
            // Smoothed labels of columns at −3.4e36 make a loss too large for a difference to show.
            guard abs(value) < 1e6 else { continue }
            let output = try plain.call(test.loss)
            #expect(abs(Double(output.loss) - value) < 2e-4 * max(1, abs(value)))
            for (isQuery, gradient) in [
                (true, output.queryGradient), (false, output.candidateGradient),
            ] {
                for index in gradient.values.indices {
                    // A kink between the steps leaves no derivative to compare with.
                    guard let slope = plain.slope(isQuery: isQuery, index) else { continue }
                    compared += 1
                    #expect(
                        abs(Double(gradient.values[index]) - slope) < 2e-3 * max(1, abs(slope)),
                        "switches \(combination), query \(isQuery), element \(index)")
                }
            }
        }
        #expect(compared > 300)
    }
}

/// A small task in double precision, nothing shared and nothing skipped.
private struct PlainTask {
    private static let minimum = -Double(Float.greatestFiniteMagnitude / 100)
    private let dimension: Int
    private let switches: TaskSwitches
    private let formula: LossCase.Formula
    private let ids: [Int]
    private let probabilities: [Float]
    private let weights: [Float]
    private let mask: [Bool]
    private var queries: [Double]
    private var candidates: [Double]

    private var rows: Int { queries.count / dimension }
    private var columns: Int { candidates.count / dimension }

    init(
        _ switches: TaskSwitches, formula: @escaping LossCase.Formula,
        seed: Int
    ) {
        var stream = RandomStream(seed: 9, stream: "pipeline", index: seed)
        func numbers(_ count: Int) -> [Double] {
            (0..<count).map { _ in Double(stream.uniformFloat(in: -1.5..<1.5)) }
        }
        self.switches = switches
        self.formula = formula
        let rows = 2 + stream.below(3)
        let columns = rows + (switches.contains(.extraNegatives) ? 1 + stream.below(3) : 0)
        dimension = 1 + stream.below(3)
        queries = numbers(rows * dimension)
        candidates = numbers(columns * dimension)
        ids = (0..<columns).map { _ in stream.below(3) }
        probabilities = (0..<columns).map { _ in stream.uniformFloat(in: 0.01..<0.9) }
        weights = (0..<rows).map { _ in stream.uniformFloat(in: 0.2..<2) }
        mask = (0..<rows * columns).map { index in
            index / columns == index % columns || stream.below(3) > 0
        }
    }

    /// The library's answer.
    func call(_ loss: any Loss) throws -> RetrievalOutput {
        func matrix(_ values: [Double]) -> Matrix {
            Matrix(
                rows: values.count / dimension, columns: dimension,
                values: values.map { Float($0) })
        }
        let task = RetrievalTask(
            loss: loss, temperature: switches.contains(.temperature) ? 0.7 : nil,
            numHardNegatives: switches.contains(.mining) ? 1 : nil,
            removeAccidentalHits: switches.contains(.accidentalHits))
        return try task(
            queryEmbeddings: matrix(queries), candidateEmbeddings: matrix(candidates),
            options: RetrievalCallOptions(
                sampleWeight: switches.contains(.weights) ? weights : nil,
                candidateSamplingProbability: switches.contains(.correction)
                    ? probabilities : nil,
                candidateIDs: ids, scoreMask: switches.contains(.mask) ? mask : nil))
    }

    func loss() -> Double {
        (0..<rows).reduce(0) { sum, row in
            let kept = keptColumns(of: row)
            let value = formula(kept.map(\.score), kept.map { $0.column == row ? 1 : 0 })
            return sum + value * (switches.contains(.weights) ? Double(weights[row]) : 1)
        }
    }

    private func keptColumns(of row: Int) -> [(column: Int, score: Double)] {
        let scored = (0..<columns).map { column in
            (column: column, score: score(row, column))
        }
        guard switches.contains(.mining) else { return scored }
        let negatives = scored.filter { $0.column != row }.sorted { $0.score > $1.score }
        return [scored[row]] + negatives.prefix(1)
    }

    private func score(_ row: Int, _ column: Int) -> Double {
        var score = (0..<dimension).reduce(0) {
            $0 + queries[row * dimension + $1] * candidates[column * dimension + $1]
        }
        if switches.contains(.temperature) { score /= Double(Float(0.7)) }
        if switches.contains(.correction) { score -= log(Double(probabilities[column])) }
        if switches.contains(.accidentalHits), column != row, ids[column] == ids[row] {
            score += Self.minimum
        }
        if switches.contains(.mask), !mask[row * columns + column] { score = Self.minimum }
        return score
    }

    /// ∂loss/∂element by central differences; nil where two steps disagree.
    func slope(isQuery: Bool, _ index: Int) -> Double? {
        func difference(_ step: Double) -> Double {
            func moved(_ by: Double) -> Double {
                var copy = self
                if isQuery { copy.queries[index] += by } else { copy.candidates[index] += by }
                return copy.loss()
            }
            return (moved(step) - moved(-step)) / (2 * step)
        }
        let (coarse, fine) = (difference(1e-4), difference(5e-5))
        return abs(coarse - fine) < 1e-4 * max(1, abs(fine)) ? fine : nil
    }
}
