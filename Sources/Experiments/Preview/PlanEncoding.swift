import ResultsFormat
import Retrieval
import YAMLTree

extension PlanSummary {
    /// The resolved spec, every default written out, which runs as it is: what it comes to stands
    /// in `x-plan`, which a spec may hold.
    public var json: JSONValue {
        var members = SpecEncoding.json(.object(spec.resolved)).objectValue ?? [:]
        var plan: JSONObject = [
            "data": data, "model": model.json, "training": training?.json ?? .null,
            "estimate": estimate?.json ?? .null,
            "warnings": .array(warnings.map { .string($0.message) }),
        ]
        plan["ranks"] = ranks?.json
        members["x-plan"] = .object(plan)
        return .object(members)
    }

    private var data: JSONValue {
        var counts: JSONObject = [
            "interactions": .integer(self.counts.interactions),
            "queries": .integer(self.counts.queries),
            "candidates": .integer(self.counts.candidates), "corpus": .integer(corpusCount),
            "train": .integer(self.counts.train), "test": .integer(self.counts.test),
        ]
        counts["validation"] = self.counts.validation.map(JSONValue.integer)
        return [
            "source": .string(origin.source), "variant": origin.variant.json,
            "stand_in_for": origin.standInFor.json, "fingerprint": .string(fingerprint),
            "counts": .object(counts),
            "filters": .array(
                filters.map { filter in
                    [
                        "name": .string(filter.name), "removed": .integer(filter.removed),
                        "interactions": .integer(filter.interactions),
                    ]
                }),
            "unseen": .object(
                OrderedMap(
                    unseen.map { part in
                        (
                            part.part,
                            .object(
                                OrderedMap(
                                    part.record.map { ($0.key, JSONValue.integer($0.value)) }))
                        )
                    })),
            "notes": .array(notes.map(JSONValue.string)),
        ]
    }
}

extension ModelSummary {
    fileprivate var json: JSONValue {
        [
            "baseline": baseline.json,
            "towers": .array(
                towers.map { tower in
                    [
                        "name": .string(tower.name), "output_dim": .integer(tower.outputDimension),
                        "heads": .integer(tower.heads),
                        "parameters": .integer(tower.parameterCount),
                        "parts": .array(tower.parts.map(\.json)),
                    ]
                }),
            "parameters": .array(
                parameters.map { parameter in
                    [
                        "name": .string(parameter.name),
                        "shape": [.integer(parameter.rows), .integer(parameter.columns)],
                        "trainable": .bool(parameter.isTrainable),
                        "optimizer": parameter.optimizer.json,
                    ]
                }),
            "trainable_parameters": .integer(trainableCount),
            "non_trainable_parameters": .integer(nonTrainableCount),
        ]
    }
}

extension ModelSummary.Part {
    fileprivate var json: JSONValue {
        [
            "path": .string(path), "component": .string(component), "depth": .integer(depth),
            "output_dim": .integer(outputDimension), "heads": .integer(heads),
            "parameters": .integer(parameterCount),
        ]
    }
}

extension TrainingSummary {
    fileprivate var json: JSONValue {
        [
            "epochs": .integer(epochs), "steps_per_epoch": .integer(stepsPerEpoch),
            "batch_size": .integer(batchSize), "last_batch_size": .integer(lastBatchSize),
            "dense_scores": .integer(denseScores), "computed_scores": .integer(computedScores),
            "deduplication_factor": .number(deduplicationFactor),
            "same_every_epoch": .bool(isSameEveryEpoch),
        ]
    }
}

extension RanksSummary {
    /// Lists have a number for each rank.
    fileprivate var json: JSONValue {
        func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map(JSONValue.integer)) }
        return [
            "size": .integer(size),
            "tables": .array(
                tables.map { table in
                    [
                        "name": .string(table.name), "rows": .integer(table.rows),
                        "rows_of_ranks": list(table.rowsOfRanks),
                    ]
                }),
            "whole": .array(whole.map(JSONValue.string)), "held_bytes": list(heldBytes),
            "first_step": firstStep.map { step in
                [
                    "queries": .integer(step.queries), "candidates": .integer(step.candidates),
                    "sent_bytes": list(step.sentBytes),
                ]
            } ?? .null,
        ]
    }
}

extension RunEstimate {
    /// Ranges are written as [least, most].
    fileprivate var json: JSONValue {
        func range(_ range: ClosedRange<Double>) -> JSONValue {
            [.number(range.lowerBound), .number(range.upperBound)]
        }
        return [
            "method": .string(
                "planning, the first training steps and the first evaluated interactions are "
                    + "measured on this machine, and the rest is taken to go on like that"),
            "threads": .integer(threads), "trial_steps": .integer(trialSteps),
            "trial_interactions": .integer(trialInteractions),
            "plan_seconds": .number(planSeconds), "train_seconds": range(trainSeconds),
            "evaluate_seconds": range(evaluateSeconds), "total_seconds": range(totalSeconds),
            "peak_memory_bytes": [
                .integer(peakMemoryBytes.lowerBound), .integer(peakMemoryBytes.upperBound),
            ],
        ]
    }
}

extension String? {
    fileprivate var json: JSONValue { map(JSONValue.string) ?? .null }
}
