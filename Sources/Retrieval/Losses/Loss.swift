/// The loss of one example over its row of logits.
///
/// TFRS hands a Keras loss the labels `eye(Q, C)` and the transformed scores; every such loss is
/// computed row by row, so a loss here sees one row at a time and a Q × C matrix never exists.
/// Implement ``evaluate(_:labels:)`` and register a ``CatalogComponent`` to use it from a spec.
/// The rest has defaults; a faster path is a refinement (``SharedRowLoss``), not a requirement.
public protocol Loss: Sendable {
    /// Returns the loss of one example and replaces each logit by ∂loss/∂logit.
    ///
    /// - Parameters:
    ///   - logits: scores of the example's query against every column, transformed by
    ///     temperature, sampling correction, masks and mining; replaced by the gradient. Where a
    ///     column stands for several (see ``supportsCounts``), its gradient is their sum.
    ///   - labels: which column is the positive.
    func evaluate(_ logits: inout MutableSpan<Float>, labels: RowLabels) -> Float

    /// How the examples' losses become one number. TFRS's default loss sums.
    var reduction: Reduction { get }

    /// Whether ``evaluate(_:labels:)`` honours ``RowLabels/counts``, so that equal candidates of a
    /// batch may be scored once. False unless a loss says otherwise.
    var supportsCounts: Bool { get }
}

extension ComponentKind where Product == any Loss {
    public static var loss: ComponentKind {
        ComponentKind(noun: "loss", pluralNoun: "losses")
    }
}

extension Loss {
    public var reduction: Reduction { .sum }
    public var supportsCounts: Bool { false }
}

/// Keras's loss reductions.
public enum Reduction: String, FieldChoice {
    /// Σ wᵢ·lᵢ.
    case sum
    /// Σ wᵢ·lᵢ divided by the number of rows, not by the sum of the weights.
    case sumOverBatchSize = "sum_over_batch_size"
    /// The losses stay apart; what is differentiated is their sum.
    case none
}

/// The labels of one row: 1 in the positive's column, 0 elsewhere.
public struct RowLabels: Sendable {
    /// The positive's column; nil where the row has none (fewer candidates than queries, or a
    /// masked positive that mining dropped).
    public let positive: Int?

    /// How many columns of the batch each column stands for, or nil where each stands for itself.
    /// The positive's own column counts its label once: its other copies are negatives.
    public let counts: [Float]?

    /// The number of columns the row stands for, copies counted.
    public let columnCount: Float

    /// What ``withScratch(of:count:_:)`` lends.
    var scratch: RowScratch?

    public init(positive: Int?, columns: Int) {
        self.positive = positive
        counts = nil
        columnCount = Float(columns)
    }

    public init(positive: Int?, counts: [Float], columnCount: Float) {
        self.positive = positive
        self.counts = counts
        self.columnCount = columnCount
    }

    /// 1 for the positive's column, 0 for any other.
    public subscript(column: Int) -> Float { column == positive ? 1 : 0 }

    /// Calls `body` with memory for `count` numbers, whatever they hold, that is gone when it
    /// returns. In a training step it is the same memory for row after row: a loss or a metric
    /// that takes it from here asks nothing of the system.
    public func withScratch<Element: BitwiseCopyable, R>(
        of type: Element.Type, count: Int,
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
    ) rethrows -> R {
        try scratch.with(type, count: count, body)
    }
}

extension Reduction {
    /// The field that every loss declares. Its default is that of TFRS's default loss, not Keras's
    /// mean, so that a loss keeps its scale when only its name changes.
    public static let field = Field<Reduction>(
        "reduction", default: .sum, "How the examples' losses become one number.")
}
