/// The names of all random streams that the engine and experiments draw from. They are format: another
/// name draws other numbers, so that results change as by another seed.
///
/// What stands after the first slash tells streams of one kind apart. Layers draw by their path, such
/// as `query/dropout_1`, in training steps; their paths begin with their tower's name, as none of
/// these does.
package enum StreamNames {
    // MARK: Data

    /// The order of ``RandomSplit``.
    package static let split = "split"
    /// The order of ``KFoldSplit``, the same for every fold.
    package static let kFold = "split/k_fold"
    /// The order of the interactions of ``PerUserSplit``.
    package static let perUser = "split/per_user"
    /// The order of the users of ``WholeUserSplit``.
    package static let wholeUsers = "split/users"
    /// What ``RandomSample`` keeps.
    package static let sample = "sample"

    /// Where a genre lies, by genre.
    package static let syntheticGenre = "synthetic/genre"
    /// What a user likes, by user.
    package static let syntheticUser = "synthetic/user"
    /// What an item is, by item.
    package static let syntheticItem = "synthetic/item"
    /// Which items are popular.
    package static let syntheticPopularity = "synthetic/popularity"
    /// Which users are busy.
    package static let syntheticActivity = "synthetic/activity"
    /// What a user picks, by user.
    package static let syntheticPicks = "synthetic/picks"
    /// In which order the interactions stand.
    package static let syntheticOrder = "synthetic/order"
    /// When the interactions happened.
    package static let syntheticTime = "synthetic/time"

    // MARK: Training

    /// The first values of the parameter of a path.
    package static func initialize(_ path: String) -> String { "initialize/" + path }
    /// The order of the examples, by epoch.
    package static let batches = "batches"
    /// Negatives out of the corpus, by step.
    package static let extraNegatives = "extra_negatives"

    // MARK: Evaluation

    /// The candidates of ``SampledNegatives``, by interaction.
    package static let sampledNegatives = "sampled_negatives"
    /// The queries by which an index that is not exact is judged.
    package static let indexRecall = "index_recall"
    /// The first centroids of ``Partitioned``.
    package static let kMeans = "index/k_means"
    /// The numbers of a baseline's random ranking, by key.
    package static func randomRanking(_ part: String) -> String { "baseline/random/" + part }
    /// The samples behind intervals, by number.
    package static let bootstrap = "bootstrap"

    // MARK: Around runs

    /// The draws of a random search along the axis of a path, by number.
    package static func sweepAxis(_ path: String) -> String { "sweep/" + path }
    /// The proposals of a search by Parzen estimators along the axis of a path, by attempt.
    package static func proposals(_ path: String) -> String { "sweep/tpe/" + path }
    /// The signs of the gate's test by permutation.
    package static let gatePermutation = "gate/permutation"
    /// The samples of the gate's test over seeds and queries.
    package static let gateBootstrap = "gate/bootstrap"
}
