import ResultsFormat
import Retrieval

/// What stands against running a plan on several ranks.
struct SpreadCheck {
    let plan: ExperimentPlan
    let catalog: Catalog
    let ranks: any Communicator

    /// - Throws: `SpecError` for what cannot be spread, ``RankError`` where the ranks are not about
    ///   to do the same.
    func check() throws {
        guard !ranks.isAlone else { return }
        if let section = plan.spec.warmStart, section.optimizer == .keep, !section.frozen {
            throw plan.spec.error(
                at: "warm_start.optimizer",
                "a warm start whose optimizers go on cannot be spread over ranks; 'reset' can")
        }
        if plan.evaluation.isSampled, !plan.evaluation.index.keepsEmbeddings {
            throw plan.spec.error(
                at: "evaluate.candidates",
                "sampled negatives among candidates that are not kept cannot be spread over ranks; "
                    + "'brute_force' can")
        }
        let own = Array(try identity().utf8)
        guard let other = ranks.allGather(own).firstIndex(where: { $0 != own }) else { return }
        throw RankError.differentPlans(rank: ranks.rank, other: other)
    }

    /// What has to be the same at all ranks: the spec, the data and the program.
    private func identity() throws -> String {
        [
            try plan.spec.record(catalog: catalog).specSHA256, plan.fingerprint,
            ToolVersion.current,
        ].joined(separator: " ")
    }
}

/// Why ranks cannot work together.
public enum RankError: Error, Hashable, CustomStringConvertible {
    /// The specs, the data or the programs of two ranks differ.
    case differentPlans(rank: Int, other: Int)

    public var description: String {
        switch self {
        case .differentPlans(let rank, let other):
            "rank \(rank) and rank \(other) have different specs, data or versions of tfrs-run; all "
                + "hosts have to see the same files"
        }
    }
}
