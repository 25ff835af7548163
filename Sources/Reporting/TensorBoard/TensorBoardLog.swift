import ResultsFormat

/// A run as TensorBoard shows it: scalars by epoch, final figures, and its settings.
package enum TensorBoardLog {
    /// The name of the file in the run's folder. It is the same whenever the same run is logged, so
    /// that a second time replaces the first.
    package static func fileName(of document: ResultsDocument) -> String {
        let digest = document.digest ?? document.experiment.specSHA256
        return "events.out.tfevents.\(digest.prefix(10)).tfrs-run"
    }

    /// What the file holds.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970 that the events carry.
    ///   - settings: hyperparameters, by path; what a sweep varies, or nothing.
    package static func bytes(
        of document: ResultsDocument, time: Double, settings: OrderedMap<JSONValue> = [:]
    ) -> [UInt8] {
        var log = EventLog(time: time)
        hyperparameters(settings, of: document, time, to: &log)
        var steps = 0
        for epoch in document.training?.epochs ?? [] {
            steps += epoch.steps
            log.scalar("epoch/loss", epoch.loss, step: epoch.epoch)
            log.scalar("step/loss", epoch.loss, step: steps)
            if let penalty = epoch.regularizationLoss {
                log.scalar("epoch/regularization_loss", penalty, step: epoch.epoch)
            }
            for metric in epoch.metrics {
                log.scalar("epoch/\(metric.key)", metric.value, step: epoch.epoch)
                log.scalar("step/\(metric.key)", metric.value, step: steps)
            }
            for rate in epoch.learningRates {
                log.scalar("learning_rate/\(rate.key)", rate.value, step: steps)
            }
            log.scalar("examples_per_second", epoch.examplesPerSecond, step: epoch.epoch)
        }
        let last = document.training?.epochs.last?.epoch ?? 0
        for part in document.evaluation {
            if let loss = part.value.loss { log.scalar("\(part.key)/loss", loss, step: last) }
            for metric in part.value.metrics {
                log.scalar("\(part.key)/\(metric.key)", metric.value, step: last)
            }
        }
        return log.bytes
    }

    // MARK: Hyperparameters

    private static let plugin = "hparams"

    /// The session of the plugin `hparams`: its start with the settings, its end with the status
    /// (tensorboard/plugins/hparams/plugin_data.proto).
    private static func hyperparameters(
        _ settings: OrderedMap<JSONValue>, of document: ResultsDocument, _ time: Double,
        to log: inout EventLog
    ) {
        guard !settings.isEmpty else { return }
        var start = ProtocolBuffer()
        start.add(1, integer: 0)
        start.add(3) { session in
            for setting in settings {
                session.add(1) { entry in
                    entry.add(1, text: setting.key)
                    entry.add(2) { value(setting.value, to: &$0) }
                }
            }
            session.add(4, text: document.experiment.name)
            session.add(5, double: time)
        }
        log.metadata("_hparams_/session_start_info", plugin: plugin, start.bytes)
        var end = ProtocolBuffer()
        end.add(4) { session in
            // STATUS_SUCCESS, STATUS_FAILURE
            session.add(1, integer: document.status == .completed ? 1 : 2)
            session.add(2, double: time + document.timing.totalSeconds)
        }
        log.metadata("_hparams_/session_end_info", plugin: plugin, end.bytes)
    }

    /// A `google.protobuf.Value`.
    private static func value(_ value: JSONValue, to message: inout ProtocolBuffer) {
        switch value {
        case .bool(let flag): message.add(4, integer: flag ? 1 : 0)
        case .integer, .number: message.add(2, double: value.doubleValue ?? 0)
        case .string(let text): message.add(3, text: text)
        default: message.add(3, text: (try? value.jsonText(.compact)) ?? "")
        }
    }
}
