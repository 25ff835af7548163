import Retrieval

/// The memory that training a model surely takes: what is certain before a single step, so that a
/// spec for which the machine is too small is refused rather than ended by the system midway.
struct MemoryNeed {
    /// The parameters; an optimizer's state and gradients come on top.
    let parameterBytes: Int
    /// What the parts of the towers make of the rows of a batch, kept for the way back.
    let batchBytes: Int
    private let spec: ExperimentSpec
    private let rows: Int

    /// - Parameters:
    ///   - rows: distinct queries or candidates that a batch may have, whichever are more.
    ///   - ranks: the processes that share the tables.
    init(
        model: TwoTowerModel, parts: [ModelPart], spec: ExperimentSpec, rows: Int, ranks: Int
    ) {
        self.spec = spec
        self.rows = rows
        let size = MemoryLayout<Float>.stride
        parameterBytes = model.parameters.ids.reduce(0) {
            $0 + model.parameters.rows(of: $1, sharedBy: ranks)
                * model.parameters.columns(of: $1) * size
        }
        // The widest has a gradient beside it.
        let widths = parts.filter { $0.depth == 0 }.map {
            Self.product($0.outputDimension, $0.heads)
        }
        let width = (widths + [widths.max() ?? 0]).reduce(0) {
            $0.addingReportingOverflow($1).overflow ? .max : $0 + $1
        }
        batchBytes = Self.product(Self.product(width, rows), size)
    }

    private static func product(_ a: Int, _ b: Int) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }

    /// - Throws: `SpecError` with what is needed and what there is.
    func check(_ options: RunOptions) throws {
        let (sum, overflow) = parameterBytes.addingReportingOverflow(batchBytes)
        let needed = overflow ? Int.max : sum
        guard needed > options.memoryLimit else { return }
        let isBatch = batchBytes > parameterBytes
        let allowed =
            options.memoryLimitIsGiven ? "--memory-limit allows" : "this process may have"
        throw spec.error(
            at: isBatch ? "train.batch_size" : "towers",
            "training needs at least \(needed >> 20) MiB of memory, \(parameterBytes >> 20) MiB for "
                + "the parameters and \(batchBytes >> 20) MiB for what the towers make of \(rows) "
                + "rows of a batch; \(allowed) \(options.memoryLimit >> 20) MiB")
    }
}
