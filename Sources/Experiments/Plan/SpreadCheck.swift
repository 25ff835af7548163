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
        let own = try identity()
        for (what, text) in own {
            let bytes = Array(text.utf8)
            guard let other = ranks.allGather(bytes).firstIndex(where: { $0 != bytes }) else {
                continue
            }
            throw RankError.differentPlans(rank: ranks.rank, other: other, what: what)
        }
    }

    /// What has to be the same at all ranks, and what many of it are called.
    private func identity() throws -> [(what: String, text: String)] {
        [
            ("versions of tfrs-run", ToolVersion.current),
            ("specs", try plan.spec.record(catalog: catalog).specSHA256),
            ("data", plan.fingerprint),
        ]
    }
}

/// Why ranks cannot work together.
public enum RankError: Error, Hashable, CustomStringConvertible {
    /// The specs, the data or the programs of two ranks differ; which of them.
    case differentPlans(rank: Int, other: Int, what: String)

    public var description: String {
        switch self {
        case .differentPlans(let rank, let other, let what):
            "rank \(rank) and rank \(other) have different \(what); all hosts have to see the same "
                + "files and to run the same program"
        }
    }
}
