/// A log that TensorBoard reads: events of protocol buffers (tensorboard/compat/proto/event.proto
/// and summary.proto) in the framing of TFRecord files.
struct EventLog {
    /// What the file holds.
    private(set) var bytes: [UInt8] = []
    /// When the events happened, in seconds since 1970.
    let time: Double

    init(time: Double) {
        self.time = time
        record { $0.add(3, text: "brain.Event:2") }
    }

    /// A scalar of a step.
    mutating func scalar(_ tag: String, _ value: Double, step: Int) {
        record { event in
            event.add(2, integer: Int64(step))
            event.add(5) { summary in
                summary.add(1) { scalar in
                    scalar.add(1, text: tag)
                    scalar.add(2, float: Float(value))
                }
            }
        }
    }

    /// A value that stands for a plugin's data alone, such as those of hyperparameters.
    mutating func metadata(_ tag: String, plugin: String, _ content: [UInt8]) {
        record { event in
            event.add(5) { summary in
                summary.add(1) { value in
                    value.add(1, text: tag)
                    value.add(9) { metadata in
                        metadata.add(1) { data in
                            data.add(1, text: plugin)
                            data.add(2, bytes: content)
                        }
                    }
                    // A tensor of one float without a shape, as the plugin's own writer has it.
                    value.add(8) { tensor in
                        tensor.add(1, integer: 1)
                        tensor.add(2) { _ in }
                        tensor.add(5, bytes: [0, 0, 0, 0])
                    }
                }
            }
        }
    }

    private mutating func record(_ build: (inout ProtocolBuffer) -> Void) {
        var event = ProtocolBuffer()
        event.add(1, double: time)
        build(&event)
        let length = little(UInt64(event.bytes.count))
        bytes += length + little(CRC32C.masked(of: length))
        bytes += event.bytes + little(CRC32C.masked(of: event.bytes))
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
