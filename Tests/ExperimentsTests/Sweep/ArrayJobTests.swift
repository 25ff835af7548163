import Experiments
import Testing

/// The part of a sweep that a scheduler's variables tell.
@Suite struct ArrayJobTests {
    private typealias Variables = [String: String]

    private static let slurm: Variables = [
        "SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_STEP": "2",
    ]

    @Test func everySchedulerCountsItsOwnWay() throws {
        let cases: [(variables: Variables, count: Int?, part: String)] = [
            (["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "4"], nil, "1/4"),
            // --array=1-7:2
            (Self.slurm, nil, "3/4"),
            (["JOB_COMPLETION_INDEX": "0"], 3, "1/3"), (["JOB_COMPLETION_INDEX": "2"], 3, "3/3"),
            (["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "4"], nil, "2/4"),
            (["AWS_BATCH_JOB_ARRAY_INDEX": "9", "AWS_BATCH_JOB_ARRAY_SIZE": "10"], nil, "10/10"),
            // An empty variable is as good as none.
            (["SLURM_ARRAY_TASK_ID": "", "CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "1"], nil, "1/1"),
            // What the command line says of the number goes first.
            (["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "4"], 8, "2/8"),
        ]
        for example in cases {
            let shard = try SweepShard(arrayJobIn: example.variables, count: example.count)
            #expect(shard.description == example.part, "\(example)")
        }
    }

    /// Every job of an array has a part of its own, and no part is left.
    @Test(arguments: [(0, 1), (1, 1), (3, 7)])
    func partsOfAnArrayAreAllParts(first: Int, step: Int) throws {
        let parts = try (0..<6).map { place in
            try SweepShard(arrayJobIn: [
                "SLURM_ARRAY_TASK_ID": "\(first + place * step)", "SLURM_ARRAY_TASK_COUNT": "6",
                "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_STEP": "\(step)",
            ]).number
        }
        #expect(parts == [1, 2, 3, 4, 5, 6])
    }

    @Test func whatTellsNoPartSaysWhy() {
        let cases: [(variables: Variables, count: Int?, error: ArrayJobError)] = [
            ([:], nil, .noArray), ([:], 4, .noArray),
            (["JOB_COMPLETION_INDEX": "1"], nil, .unknownCount(variable: "JOB_COMPLETION_INDEX")),
            (
                ["CI_NODE_INDEX": "x", "CI_NODE_TOTAL": "4"], nil,
                .invalid(
                    variable: "CI_NODE_INDEX", required: "a whole number, at least 0", found: "x")
            ),
            (
                ["CI_NODE_INDEX": "5", "CI_NODE_TOTAL": "4"], nil,
                .invalid(
                    variable: "CI_NODE_INDEX", required: "a place among 4 parts", found: "5")
            ),
            (
                ["JOB_COMPLETION_INDEX": "9223372036854775807"], 4,
                .invalid(
                    variable: "JOB_COMPLETION_INDEX", required: "a whole number, at least 0",
                    found: "9223372036854775807")
            ),
            (
                Self.slurm.merging(["SLURM_ARRAY_TASK_ID": "4"]) { $1 }, nil,
                .invalid(
                    variable: "SLURM_ARRAY_TASK_ID", required: "1, or so many times 2 more",
                    found: "4")
            ),
        ]
        for example in cases {
            #expect(throws: example.error, "\(example.variables)") {
                try SweepShard(arrayJobIn: example.variables, count: example.count)
            }
        }
    }
}
