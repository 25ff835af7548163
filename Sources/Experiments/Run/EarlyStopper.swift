import ResultsFormat
import Retrieval

/// Watches a figure of the epochs and keeps the weights of the best one.
///
/// The rules are those of `tf.keras.callbacks.EarlyStopping`: an epoch without the figure is not
/// watched, a baseline must be bettered before an improvement counts against the patience, and an
/// improvement never stops. As in Keras 3 the best weights are put back however training ends;
/// Keras 2 puts them back only where it stopped early.
package struct EarlyStopper {
    private let section: EarlyStoppingSection
    private let direction: MetricDirection
    private let epochs: Int
    private var best: (epoch: Int, value: Double, parameters: Parameters?)?
    /// Watched epochs since the last improvement that counts.
    private var wait = 0
    /// The last epoch that ended.
    private var lastEpoch = 0
    private var stoppedEpoch: Int?
    private var restoredEpoch: Int?

    /// - Parameters:
    ///   - direction: which way the watched figure is better.
    ///   - epochs: how many there are if training does not stop.
    package init(_ section: EarlyStoppingSection, direction: MetricDirection, epochs: Int) {
        self.section = section
        self.direction = direction
        self.epochs = epochs
    }

    /// Takes note of a finished epoch.
    ///
    /// - Returns: whether training is to stop.
    package mutating func observe(
        _ epoch: EpochRecord, _ parameters: @autoclosure () -> Parameters
    ) -> Bool {
        lastEpoch = epoch.epoch
        guard epoch.epoch > section.startFromEpoch, let value = epoch.figure(section.monitor) else {
            return false
        }
        wait += 1
        if isImprovement(value, over: best?.value) {
            best = (epoch.epoch, value, section.restoreBestWeights ? parameters() : nil)
            if isImprovement(value, over: section.baseline) { wait = 0 }
            return false
        }
        guard wait >= section.patience, epoch.epoch < epochs else { return false }
        stoppedEpoch = epoch.epoch
        return true
    }

    /// The weights of the best epoch, if they are not those that the last epoch left.
    package mutating func weightsToRestore(after lastEpoch: Int) -> Parameters? {
        guard let best, best.epoch < lastEpoch, let parameters = best.parameters else { return nil }
        restoredEpoch = best.epoch
        return parameters
    }

    private func isImprovement(_ value: Double, over reference: Double?) -> Bool {
        guard let reference else { return true }
        return direction == .minimize
            ? value + section.minDelta < reference : value - section.minDelta > reference
    }

    package var record: EarlyStoppingRecord {
        EarlyStoppingRecord(
            monitor: section.monitor, direction: direction, bestEpoch: best?.epoch,
            bestValue: best?.value, stoppedEpoch: stoppedEpoch, restoredEpoch: restoredEpoch,
            reason: reason)
    }

    private var reason: String {
        guard let best else {
            return "\(section.monitor) was measured after none of the epochs that are watched"
        }
        guard stoppedEpoch != nil else {
            let end =
                lastEpoch < epochs
                ? "training was cut short after epoch \(lastEpoch) of \(epochs)"
                : "training went to its last epoch"
            return "\(end); \(section.monitor) was best in epoch \(best.epoch)"
        }
        if let baseline = section.baseline, !isImprovement(best.value, over: baseline) {
            return """
                \(section.monitor) did not better the baseline of \(baseline) within \
                \(count(wait, "epoch"))
                """
        }
        return """
            \(section.monitor) has not improved for \(count(wait, "watched epoch")), since epoch \
            \(best.epoch)
            """
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension EarlyStopper {
    /// What was watched so far, and the best epoch's weights where they may be put back.
    package func save(to arrays: inout NamedArrays, as name: String) {
        let epochs = [best?.epoch, wait, lastEpoch, stoppedEpoch, restoredEpoch]
        arrays.add(
            .integers(epochs.map { Int64($0 ?? Self.never) }),
            as: NamedArrays.path(name, "epochs"))
        (best?.value ?? 0).save(to: &arrays, as: NamedArrays.path(name, "best_value"))
        best?.parameters?.save(to: &arrays, as: NamedArrays.path(name, "best"))
    }

    /// - Parameter parameters: the model's, as they are; those that are kept are of their shapes.
    package mutating func restore(
        from arrays: inout NamedArrays, as name: String, of parameters: Parameters
    ) throws(StateError) {
        let path = NamedArrays.path(name, "epochs")
        let epochs = try arrays.takeIntegers(path, count: 5).map {
            $0 == Int64(Self.never) ? nil : Int($0)
        }
        (wait, lastEpoch) = (epochs[1] ?? 0, epochs[2] ?? 0)
        (stoppedEpoch, restoredEpoch) = (epochs[3], epochs[4])
        var value = 0.0
        try value.restore(from: &arrays, as: NamedArrays.path(name, "best_value"))
        best = nil
        guard let bestEpoch = epochs[0] else { return }
        var kept: Parameters?
        if section.restoreBestWeights {
            var copy = parameters
            try copy.restore(from: &arrays, as: NamedArrays.path(name, "best"))
            kept = copy
        }
        best = (bestEpoch, value, kept)
    }

    /// Stands for the number of an epoch that there is not.
    private static let never = -1
}

extension EpochRecord {
    /// A figure of the epoch by the name that the results give it.
    func figure(_ name: String) -> Double? {
        switch name {
        case "loss": loss
        case "batch_loss_mean": batchLossMean
        case "regularization_loss": regularizationLoss
        case "total_loss": totalLoss
        default: metrics[name]
        }
    }
}
