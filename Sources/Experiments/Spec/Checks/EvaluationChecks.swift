import Retrieval

extension SpecFindings {
    mutating func checkEvaluation() {
        checkIndex()
        checkTrainingEvaluation()
        let section = spec.evaluate
        if let sampled = section.sampledNegatives {
            warn(
                at: "evaluate.sampled_negatives",
                """
                corpus metrics rank among \(sampled.count) sampled negatives: they are not \
                comparable with those over the whole corpus, and may order models differently
                """)
        }
        if section.excludeSeen == .trainAndValidation, hasValidationPart == false {
            warn(
                at: "evaluate.exclude_seen",
                "data.split has no validation part: this excludes what 'train' does")
        }
        if (1..<100).contains(section.bootstrapSamples) {
            warn(
                at: "evaluate.bootstrap_samples",
                """
                \(section.bootstrapSamples) samples say little of the ends of a 95% interval; \
                1000 are usual
                """)
        }
        if spec.metrics.factorized.isEmpty {
            for name in ["slices", "bootstrap_samples", "sampled_negatives", "candidate_filter"]
            where isWritten("evaluate.\(name)") && hasEffect(name) {
                warn(
                    at: "evaluate.\(name)",
                    "'\(name)' has no effect: metrics.factorized names no corpus metric")
            }
        }
    }

    private func hasEffect(_ name: String) -> Bool {
        switch name {
        case "slices": !spec.evaluate.slices.isEmpty
        case "bootstrap_samples": spec.evaluate.bootstrapSamples > 0
        case "sampled_negatives": spec.evaluate.sampledNegatives != nil
        default: spec.evaluate.candidateFilter != nil
        }
    }

    /// What an index that is not exact cannot tell, and what a sample cannot.
    private mutating func checkIndex() {
        guard let index = made(spec.evaluate.candidates, in: catalog.candidateIndexes) else {
            return
        }
        let isSampled = spec.evaluate.sampledNegatives != nil
        if !index.isExact, !(spec.evaluate.idBased ?? false) {
            error(
                at: "evaluate.candidates",
                """
                an index that is not exact finds positives by their ids only: say 'id_based: true'
                """)
        }
        if !index.isExact, isSampled {
            error(
                at: "evaluate.candidates",
                "sampled negatives are scored one by one: leave the index out")
        }
        let lists = [
            ("metrics.factorized", spec.metrics.factorized),
            ("evaluate.metrics", spec.evaluate.metrics ?? []),
        ]
        for (list, choices) in lists {
            for (place, choice) in choices.enumerated() {
                guard let metric = made(choice, in: catalog.factorizedMetrics) else { continue }
                let path = "\(list)[\(place)]"
                if metric.needs.rankDepth == nil, !index.isExact {
                    error(
                        at: path,
                        "\(choice.name) needs every positive's rank: an exact index")
                }
                if metric.needs.listDepth > 0, isSampled {
                    error(
                        at: path,
                        """
                        \(choice.name) reads what a model lists: it excludes \
                        evaluate.sampled_negatives
                        """)
                }
            }
        }
    }

    private mutating func checkTrainingEvaluation() {
        let section = spec.evaluate
        guard let every = section.every else {
            for name in ["on", "metrics"] where isWritten("evaluate.\(name)") {
                warn(
                    at: "evaluate.\(name)",
                    "'\(name)' has no effect: 'every' is null, so nothing is evaluated in training")
            }
            return
        }
        if section.on == .validation, hasValidationPart == false {
            error(
                at: "evaluate.every",
                """
                there is no validation part to evaluate during training: give data.split one, or \
                say 'on: test'
                """)
        }
        if every > spec.train.epochs {
            warn(
                at: "evaluate.every",
                """
                nothing is evaluated in training: there are only \(spec.train.epochs) epochs
                """)
        }
    }
}
