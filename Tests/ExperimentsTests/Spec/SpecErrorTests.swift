import Experiments
import Foundation
import Retrieval
import Testing

/// What people get to read for each mistake in a spec, exactly.
struct SpecErrorTests {
    /// A right spec with more lines from line 6 on.
    private static func more(_ text: String) -> String { Sample.minimal + text + "\n" }

    /// The right spec with another `data:`, from line 2, column 7.
    private static func data(_ text: String) -> String {
        "name: sample\ndata: \(text)\n\(Sample.towers)\n"
    }

    /// The right spec with another feature list for the queries, from line 4, column 21.
    private static func features(_ text: String) -> String {
        """
        name: sample
        data: {source: synthetic}
        towers:
          query: {features: \(text)}
          candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 4}}]}

        """
    }

    @Test func aRightSpecHasNoErrors() {
        #expect(errors(Sample.minimal, catalog: Toy.catalog) == [])
        #expect(errors(Self.more("seed: 7"), catalog: Toy.catalog) == [])
    }

    private static let randomSplitFields = names(
        ObjectDescription(
            name: "random",
            fields: Toy.catalog.descriptions(of: .split).first { $0.name == "random" }?.fields ?? []
        ))
    private static let sections = names(ExperimentSpec.description)
    private static let rate =
        "a number, at least 0, or the name of a learning rate schedule, or a mapping with 'type'"
    private static let trainFields: String = {
        let train = ExperimentSpec.description.fields.first { $0.name == "train" }
        guard case .object(let section)? = train?.type else { return "no section" }
        return names(section)
    }()

    private static func names(_ object: ObjectDescription) -> String {
        object.fields.map(\.name).joined(separator: ", ")
    }

    @Test(arguments: [
        // Unknown keys, at every depth.
        ("traim: {epochs: 1}", "6:1: experiment has no 'traim'; did you mean 'train'?"),
        ("SEED: 1", "6:1: experiment has no 'SEED'; did you mean 'seed'?"),
        ("epochs: 1", "6:1: experiment has no 'epochs'; did you mean 'train.epochs'?"),
        (
            "batch_size: 1",
            "6:1: experiment has no 'batch_size'; "
                + "did you mean 'train.batch_size' or 'evaluate.batch_size'?"
        ),
        ("zebra: 1", "6:1: experiment has no 'zebra'; it has \(sections)"),
        ("1: x", "6:1: experiment has no '1'; it has \(sections)"),
        ("train: {epoch: 1}", "6:9: train has no 'epoch'; did you mean 'epochs'?"),
        ("train: {epohcs: 1}", "6:9: train has no 'epohcs'; did you mean 'epochs'?"),
        (
            "train: {lr: 1}",
            "6:9: train has no 'lr'; did you mean 'train.optimizer.learning_rate'?"
        ),
        (
            "train: {temperature: 1}",
            "6:9: train has no 'temperature'; did you mean 'task.temperature'?"
        ),
        (
            "task: {hard_negatives: 1}",
            "6:8: task has no 'hard_negatives'; did you mean 'num_hard_negatives'?"
        ),
        ("task: {temprature: 1}", "6:8: task has no 'temprature'; did you mean 'temperature'?"),
        (
            "train: {optimizer: {type: adagrad, lr: 0.1}}",
            "6:36: adagrad has no 'lr'; did you mean 'learning_rate'?"
        ),
        (
            "train: {optimizer: {type: adagrad, momentum: 0.1}}",
            "6:36: adagrad has no 'momentum'; "
                + "it has type, learning_rate, initial_accumulator_value, epsilon, weight_decay, "
                + "clipnorm, global_clipnorm, clipvalue, lazy"
        ),
        ("loss: {type: hinge, margni: 1}", "6:21: hinge has no 'margni'; did you mean 'margin'?"),
        (
            "metrics: {factorized: [{type: factorized_top_k, k: [1]}]}",
            "6:49: factorized_top_k has no 'k'; did you mean 'ks'?"
        ),
        (
            "metrics: {factorised: []}",
            "6:11: metrics has no 'factorised'; did you mean 'factorized'?"
        ),
        (
            "evaluate: {batchsize: 1}",
            "6:12: evaluate has no 'batchsize'; did you mean 'batch_size'?"
        ),
        ("\"\\e[2J\": 1", "6:1: experiment has no '\\u{1B}[2J'; it has \(sections)"),

        // Wrong types.
        ("seed: abc", "6:7: 'seed' requires an integer, at least 0; found 'abc'"),
        ("seed: 1.5", "6:7: 'seed' requires an integer, at least 0; found 1.5"),
        ("seed: 2.0", "6:7: 'seed' requires an integer, at least 0; found 2.0; did you mean 2?"),
        ("seed: '2'", "6:7: 'seed' requires an integer, at least 0; found '2'; did you mean 2?"),
        ("seed: true", "6:7: 'seed' requires an integer, at least 0; found true"),
        ("seed: [1]", "6:7: 'seed' requires an integer, at least 0; found a list"),
        ("seed: []", "6:7: 'seed' requires an integer, at least 0; found an empty list"),
        ("seed: {a: 1}", "6:7: 'seed' requires an integer, at least 0; found a mapping"),
        ("seed: ''", "6:7: 'seed' requires an integer, at least 0; found an empty string"),
        ("seed:", "6:6: 'seed' requires an integer, at least 0; found no value"),
        ("seed: null", "6:7: 'seed' requires an integer, at least 0; found null"),
        ("seed: ~", "6:7: 'seed' requires an integer, at least 0; found null"),
        (
            "seed: 99999999999999999999",
            "6:7: 'seed' requires an integer, at least 0; found 99999999999999999999"
        ),
        ("description: 5", "6:14: 'description' requires a string; found 5; did you mean \"5\"?"),
        ("train: {reshuffle: 1}", "6:20: 'reshuffle' requires true or false; found 1"),
        (
            "train: {reshuffle: no}",
            "6:20: 'reshuffle' requires true or false; found 'no'; did you mean false?"
        ),
        (
            "train: {batch_size: 8_192}",
            "6:21: 'batch_size' requires an integer, at least 1; found '8_192'; did you mean 8192?"
        ),
        ("train: 3", "6:8: 'train' requires a mapping with \(trainFields); found 3"),
        ("train:", "6:7: 'train' requires a mapping with \(trainFields); found no value"),
        ("train: []", "6:8: 'train' requires a mapping with \(trainFields); found an empty list"),
        (
            "train: {optimizer: {type: adagrad, learning_rate: fast}}",
            "6:51: 'learning_rate' requires \(rate); found 'fast'"
        ),
        (
            "train: {optimizer: {type: adagrad, learning_rate: '0.1'}}",
            "6:51: 'learning_rate' requires \(rate); found '0.1'; "
                + "did you mean 0.1, without quotes?"
        ),
        (
            "train: {deduplicate: of}",
            "6:22: 'deduplicate' requires one of auto, off; found 'of'; did you mean 'off'?"
        ),
        (
            "train: {deduplicate: never}",
            "6:22: 'deduplicate' requires one of auto, off; found 'never'"
        ),
        (
            "loss: {type: hinge, reduction: mean}",
            "6:32: 'reduction' requires one of sum, sum_over_batch_size, none; found 'mean'"
        ),

        // Out of range.
        ("seed: -1", "6:7: 'seed' requires an integer, at least 0; found -1"),
        ("train: {epochs: 0}", "6:17: 'epochs' requires an integer, at least 1; found 0"),
        (
            "task: {temperature: 0}",
            "6:21: 'temperature' requires a number, greater than 0; found 0"
        ),
        (
            "task: {temperature: .inf}",
            "6:21: 'temperature' requires a number, greater than 0; found .inf"
        ),
        (
            "task: {temperature: .nan}",
            "6:21: 'temperature' requires a number, greater than 0; found .nan"
        ),
        (
            "task: {num_hard_negatives: 0}",
            "6:28: 'num_hard_negatives' requires an integer, at least 1; found 0"
        ),
        (
            "loss: {type: hinge, margin: 0}",
            "6:29: 'margin' requires a number, greater than 0; found 0"
        ),
        (
            "train: {optimizer: {type: adagrad, learning_rate: -1}}",
            "6:51: 'learning_rate' requires a number, at least 0; found -1"
        ),

        // Lists.
        (
            "metrics: {factorized: [{type: factorized_top_k, ks: []}]}",
            "6:53: 'ks' requires a non-empty list of integers, each at least 1; found an empty list"
        ),
        (
            "metrics: {factorized: [{type: factorized_top_k, ks: 5}]}",
            "6:53: 'ks' requires a non-empty list of integers, each at least 1; found 5"
        ),
        (
            "metrics: {factorized: [{type: factorized_top_k, ks: [1, 0]}]}",
            "6:57: 'ks[1]' requires an integer, at least 1; found 0"
        ),
        (
            "metrics: {factorized: factorized_top_k}",
            "6:23: 'factorized' requires a list of factorized metrics; found 'factorized_top_k'"
        ),

        // Components.
        ("loss: hing", "6:7: no loss is called 'hing'; did you mean 'hinge'?"),
        ("loss: quadratic", "6:7: no loss is called 'quadratic'; there are hinge, softmax"),
        ("loss: {type: hing}", "6:14: no loss is called 'hing'; did you mean 'hinge'?"),
        ("loss: {type: 5}", "6:14: no loss is called '5'; there are hinge, softmax"),
        ("loss: {type: [hinge]}", "6:14: 'type' requires the name of a loss; found a list"),
        ("loss: {type: }", "6:14: 'type' requires the name of a loss; found no value"),
        ("loss: {typ: hinge}", "6:8: a loss has no 'typ'; did you mean 'type'?"),
        ("loss: {name: hinge}", "6:8: a loss has no 'name'; did you mean 'type'?"),
        ("loss: {margin: 1}", "6:7: a loss requires 'type': one of hinge, softmax"),
        ("loss: {}", "6:7: a loss requires 'type': one of hinge, softmax"),
        (
            "loss: [hinge]",
            "6:7: 'loss' requires the name of a loss, or a mapping with 'type'; found a list"
        ),
        (
            "loss: null",
            "6:7: 'loss' requires the name of a loss, or a mapping with 'type'; found null"
        ),
        (
            "train: {optimizer: 3}",
            "6:20: 'optimizer' requires the name of an optimizer, or a mapping with 'type'; found 3"
        ),
        ("train: {optimizer: adam}", "6:20: no optimizer is called 'adam'; there is only adagrad"),
        (
            "train: {optimizer: {learning_rate: 1}}",
            "6:20: an optimizer requires 'type': one of adagrad"
        ),
        (
            "metrics: {factorized: [top_k]}",
            "6:24: no factorized metric is called 'top_k'; there is only factorized_top_k"
        ),
    ])
    func moreLines(text: String, expected: String) {
        #expect(errors(Self.more(text), catalog: Toy.catalog) == [expected])
    }

    @Test(arguments: [
        (
            "{source: movielense}",
            "2:16: no data source is called 'movielense'; did you mean 'movielens'?"
        ),
        ("movielense", "2:7: no data source is called 'movielense'; did you mean 'movielens'?"),
        ("{soruce: movielens}", "2:8: a data source has no 'soruce'; did you mean 'source'?"),
        ("{type: movielens}", "2:8: a data source has no 'type'; did you mean 'source'?"),
        ("{users: 5}", "2:7: a data source requires 'source': one of movielens, synthetic"),
        ("{source: synthetic, user: 5}", "2:27: synthetic has no 'user'; did you mean 'users'?"),
        (
            "{source: synthetic, train: 5}",
            "2:27: synthetic has no 'train'; did you mean 'data.split.train'?"
        ),
        (
            "{source: synthetic, data_seed: -1}",
            "2:38: 'data_seed' requires an integer, at least 0; found -1"
        ),
        (
            "{source: synthetic, popularity_skew: 9}",
            "2:44: 'popularity_skew' requires a number, at least 0 and at most 4; found 9"
        ),
        (
            "{source: movielens, path: 5}",
            "2:33: 'path' requires a path; found 5; did you mean \"5\"?"
        ),
        (
            "{source: movielens, offline: generate}",
            "2:36: 'offline' requires one of error, synthetic; found 'generate'"
        ),
        (
            "{source: synthetic, split: {train: 0}}",
            "2:42: 'train' requires an integer, at least 1; found 0"
        ),
        (
            "{source: synthetic, split: {train: 1.5}}",
            "2:42: 'train' requires a number, greater than 0 and at most 1; found 1.5"
        ),
        (
            "{source: synthetic, split: {train: most}}",
            "2:42: 'train' requires an integer, at least 1, "
                + "or a number, greater than 0 and at most 1; found 'most'"
        ),
        (
            "{source: synthetic, split: {strategy: rondom}}",
            "2:45: no split is called 'rondom'; did you mean 'random'?"
        ),
        (
            "{source: synthetic, split: {train_rows: a}}",
            "2:34: index_files requires 'test_rows': a path"
        ),
        (
            "{source: synthetic, split: {strategy: random, train_rows: a}}",
            "2:53: random has no 'train_rows'; index_files has; it has strategy, \(randomSplitFields)"
        ),
        (
            "{source: synthetic, query: ''}",
            "2:34: 'query' requires a string; found an empty string"
        ),
    ])
    func dataSection(text: String, expected: String) {
        #expect(errors(Self.data(text), catalog: Toy.catalog) == [expected])
    }

    @Test(arguments: [
        ("[]", "4:21: 'features' requires a non-empty list of features; found an empty list"),
        (
            "string_lookup",
            "4:21: 'features' requires a non-empty list of features; found 'string_lookup'"
        ),
        ("[{type: hashing}]", "4:29: no feature is called 'hashing'; there is only string_lookup"),
        (
            "[{type: string_lookup, column: user_id, embedding: {dimension: 4}}]",
            "4:73: embedding has no 'dimension'; did you mean 'output_dim'?"
        ),
        (
            "[{type: string_lookup, column: user_id, embedding: {}}]",
            "4:72: embedding requires 'output_dim': an integer, at least 1 and at most 65536"
        ),
        (
            "[{type: string_lookup, column: user_id, embedding: 32}]",
            "4:72: 'embedding' requires a mapping with output_dim, embeddings_initializer, "
                + "embeddings_regularizer, combiner, mask_zero, table, weights, trainable; found 32"
        ),
        (
            "[{type: string_lookup, name: user_id, embedding: {output_dim: 4}}]",
            "4:44: string_lookup has no 'name'; did you mean 'column'?"
        ),
        (
            "[{type: string_lookup, column: 5, embedding: {output_dim: 4}}]",
            "4:52: 'column' requires a string; found 5; did you mean \"5\"?"
        ),
        (
            "[null]",
            "4:22: 'features[0]' requires the name of a feature, or a mapping with 'type'; found null"
        ),
    ])
    func towers(text: String, expected: String) {
        #expect(errors(Self.features(text), catalog: Toy.catalog) == [expected])
    }

    @Test func noComponentsAtAll() {
        let text = Sample.minimal.replacingOccurrences(
            of: "{features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}]}",
            with: """
                {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 4}}], \
                layers: [dense]}
                """)
        #expect(
            errors(text, catalog: Toy.catalog) == [
                "4:100: no layer is called 'dense'; there is none"
            ])
    }
}
