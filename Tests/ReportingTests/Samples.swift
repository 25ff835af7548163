import Reporting
import ResultsFormat
import TestSupport

/// Results that reports are made of.
enum Samples {
    /// Names that nothing may break out of, and that no place is wide enough for.
    static let hostileNames = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a'b\"c&d<e>f",
        "\u{1B}[31mred\u{7}\u{0}", "line\nbreak\ttab\r", "\u{202E}abc\u{202C}", "שלום עולם טוב",
        "مرحبا بالعالم", String(repeating: "long-name_", count: 30), "👩‍👩‍👧‍👦🏳️‍🌈🤷🏽‍♀️", "]]>--><!--", "",
        "=1+1", "${PATH}", "日本語の題名", "javascript:alert(1)", "</svg></style></title>",
    ]

    /// A run in which every name is one that somebody may have chosen to do harm.
    ///
    /// - Parameter name: stands wherever a spec or data name something.
    static func run(
        named name: String = "movielens", epochs: Int = 5, seed: Int = 42, rate: Double = 0.1,
        status: RunStatus = .completed
    ) throws -> ResultsDocument {
        let metrics: OrderedMap<Double> = [
            "recall@10": 0.031234567890123, "ndcg@10": 1.0 / 3, "median_rank": 272,
            "m\(name)": 0.5,
        ]
        var records: [EpochRecord] = []
        for epoch in 1...max(1, epochs) {
            let falling = 8.5 / Double(epoch).squareRoot() + 0.001 * Double(seed)
            records.append(
                EpochRecord(
                    epoch: epoch, loss: falling, batchLossMean: falling * 64,
                    metrics: ["val_loss": falling * 1.1, "val_recall@10": 0.03 / Double(epoch)],
                    learningRates: ["default": rate, name: rate / 2], examples: 70_000, steps: 35,
                    seconds: 0.25, examplesPerSecond: 280_000))
        }
        return ResultsDocument(
            status: status, failure: status == .failed ? RunFailure(reason: name, epoch: 2) : nil,
            experiment: try ExperimentRecord(
                name: name,
                spec: [
                    "name": .string(name), "data": ["source": "movielens", "path": .string(name)],
                    "train": ["epochs": .integer(epochs), "learning_rate": .number(rate)],
                    name: [.string(name), 1, nil],
                ]),
            seed: seed,
            data: DataRecord(
                source: name, variant: name, fingerprint: "f00d",
                counts: ["interactions": 100_000, "train": 70_000, "test": 20_000],
                filters: [
                    FilterRecord(
                        name: name, removed: 1, interactions: 2, queries: 3, candidates: 4)
                ], unseen: ["test": ["queries": 0, "candidates": 48]], notes: [name]),
            training: TrainingRecord(
                epochs: epochs == 0 ? [] : records,
                earlyStopping: EarlyStoppingRecord(
                    monitor: "val_recall@10", direction: .maximize, bestEpoch: 1, bestValue: 0.03,
                    reason: name)),
            evaluation: [
                "test": EvaluationRecord(
                    metrics: metrics, examples: 20_000, loss: 8.0233,
                    intervals: ["recall@10": ConfidenceInterval(lower: 0.027, upper: 0.0332)],
                    slices: [
                        name: SliceRecord(examples: 12, metrics: metrics),
                        "genre=drama": SliceRecord(examples: 99, metrics: metrics),
                    ],
                    baselines: ["most_popular": ["recall@10": 0.04], name: ["ndcg@10": 0.1]],
                    definitions: [
                        "metrics": [
                            "recall@10": ["better": "higher", "range": [0, 1]],
                            "median_rank": ["better": "lower", "unit": .string(name)],
                        ]
                    ])
            ],
            warnings: [name],
            environment: EnvironmentRecord(
                toolVersion: "0.2.0", os: "Debian 12", cpu: "a CPU", instructionSet: "avx2",
                threads: 2, started: "2026-11-26T19:15:00Z", host: name),
            timing: TimingRecord(seconds: ["plan": 0.1, "train": 1.25], totalSeconds: 1.5),
            peakMemoryBytes: 123_456_789, profile: profile(named: name))
    }

    static func profile(named name: String) -> RunProfile {
        let candidate = NamedCandidate(id: name, title: name)
        return RunProfile(
            parameters: 84_064,
            popularity: [
                PopularityPoint(rank: 1, interactions: 495),
                PopularityPoint(rank: 10, interactions: 300),
                PopularityPoint(rank: 1574, interactions: 1),
            ], shareOfTopTenth: 0.42,
            histories: [
                HistoryBin(from: 0, to: 0, queries: 3), HistoryBin(from: 1, to: 1, queries: 5),
                HistoryBin(from: 2, to: 3, queries: 900),
            ], medianHistory: 3,
            time: TimeProfile(
                column: name, start: 874_724_710, stepSeconds: 86_400 * 7,
                parts: ["train": [1, 5, 9], "test": [0, 2, 4]]),
            evaluation: [
                "test": PartProfile(
                    ranks: [
                        RankShare(rank: 1, share: 0.003), RankShare(rank: 10, share: 0.0297),
                        RankShare(rank: 1682, share: 1),
                    ],
                    popularity: [
                        PopularityBin(from: 0, to: 0, examples: 59, found: ["1": 0, "10": 0]),
                        PopularityBin(from: 1, to: 1, examples: 99, found: ["1": 0, "10": 0.01]),
                    ],
                    examples: [
                        QueryExample(
                            query: name, rank: 1, positive: candidate, history: [candidate],
                            recommended: [candidate]),
                        QueryExample(
                            query: name, rank: nil, positive: candidate, history: [],
                            recommended: []),
                    ])
            ])
    }

    static func input(_ document: ResultsDocument, path: String = "results/run.json") throws
        -> RunInput
    {
        RunInput(
            path: path, document: try document.sealed(),
            nonDefaults: ["train.epochs"])
    }

    /// A sweep of two settings with many trials.
    static func sweep(trials count: Int = 24, named name: String = "sweep") -> SweepInput {
        var random = SeededGenerator(seed: 7)
        var costs: [String: SweepInput.Cost] = [:]
        let trials = (0..<count).map { place -> TrialEntry in
            let rate = [0.01, 0.03, 0.1][place % 3]
            let value = 0.02 + rate / 10 + Double.random(in: 0..<0.01, using: &random)
            let trial = "learning_rate=\(rate),\(name)\(place)"
            costs[trial] = SweepInput.Cost(
                seconds: Double.random(in: 1..<9, using: &random), parameters: 1000 + place % 2)
            return TrialEntry(
                name: trial, configuration: "learning_rate=\(rate)",
                settings: [
                    "train.optimizer.learning_rate": .number(rate),
                    "loss.type": .string(place % 2 == 0 ? name : "info_nce"),
                    "train.batch_size": .integer(64 << (place % 4)),
                    "task.temperature": place % 5 == 0 ? .null : .number(Double(place) / 10),
                ],
                seed: place, status: place == 3 ? .failed : .completed,
                reason: place == 3 ? name : nil, specSHA256: "\(place)",
                metrics: ["validation": ["recall@10": value], "test": ["recall@10": value / 2]])
        }
        return SweepInput(
            path: "sweep/sweep.json",
            index: SweepIndex(
                name: name,
                objective: SweepObjective(
                    metric: "recall@10", direction: .maximize, part: "validation"),
                trials: trials,
                configurations: [
                    ConfigurationEntry(
                        name: name, settings: [:], rank: 1, trials: 8, completed: 8,
                        metrics: ["validation": ["recall@10": MetricSummary([0.1, 0.2])]])
                ]), costs: costs)
    }

    /// The report of a check with a figure of each kind.
    static func gate(named name: String = "movielens") -> JSONValue {
        [
            "schema_version": 1, "kind": "check", "outcome": "regression", "significance": 0.01,
            "cases": [
                [
                    "experiment": .string(name), "configuration": "", "metric": "recall@10",
                    "verdict": "regressed", "better": "higher", "baseline": 0.0197,
                    "candidate": 0.0084, "relative_change": -0.5736, "allowance": 0.000394,
                    "runs": 1, "p_value": 0.0002, "difference_interval_95": [-0.01375, -0.00885],
                    "moved": [
                        ["query": .string(name), "baseline": 0.5, "candidate": 0.125]
                    ],
                ],
                [
                    "experiment": .string(name), "configuration": .string(name),
                    "metric": .string(name), "verdict": "not_comparable", "reason": .string(name),
                ],
            ],
            "differences": [
                [
                    "experiment": .string(name), "configuration": "",
                    "spec": [["path": .string(name), "baseline": 0.1, "candidate": nil]],
                ]
            ],
        ]
    }

    /// The figures of so many interactions.
    static func queries(_ count: Int = 200, named name: String = "u") -> PerQueryFigures {
        var random = SeededGenerator(seed: 3)
        let ranks = (0..<count).map { place in
            place % 17 == 0 ? Float.nan : Float(Int.random(in: 1...1682, using: &random))
        }
        let users = max(1, count / 20)
        return PerQueryFigures(
            experiment: name, specSHA256: "s", dataFingerprint: "d", seed: 1, part: "test",
            interactions: FigureTable(
                rowCount: count,
                columns: [
                    "query": .strings((0..<count).map { "\(name)\($0 % users)" }),
                    "candidate": .strings((0..<count).map { "\(name)-item-\($0 % 1682)" }),
                    "weight": .float32([Float](repeating: 1, count: count)),
                    "rank": .float32(ranks),
                ]),
            queries: FigureTable(
                rowCount: users,
                columns: [
                    "query": .strings((0..<users).map { "\(name)\($0)" }),
                    "recall@10": .float32((0..<users).map { Float($0 % 5) / 4 }),
                    "weight:recall@10": .float32([Float](repeating: 1, count: users)),
                ]))
    }
}
