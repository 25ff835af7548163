import ArgumentParser
import Experiments
import Platform
import Safeguards

/// The model that a command uses.
struct ModelArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The folder of a model, as output.model or --save-model has written it.",
            valueName: "model"), completion: .directory)
    var model: String

    @Option(
        help: ArgumentHelp(
            "Threads that may run at once.",
            discussion: "Without it, one for each processor. No result depends on it.",
            valueName: "count"))
    var threads: Int?

    mutating func validate() throws {
        if let threads, threads < 1 {
            throw ValidationError("--threads requires at least 1; found \(threads)")
        }
    }

    /// Reads the model, or says why it cannot be.
    func load() throws(ExitStatus) -> SavedModel {
        do {
            try InstructionSetChoice.apply()
            return try SavedModel(
                at: model, catalog: TFRSRun.catalog,
                threads: threads ?? HostEnvironment.processorCount)
        } catch {
            throw .tellingOfModel(error)
        }
    }
}

extension ExitStatus {
    /// Tells on standard error what is wrong with a model or with what it is asked.
    static func tellingOfModel(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        switch error as? ModelError {
        case .query, .noModel:
            StandardError.writeLine("tfrs-run: \(error)")
            return .usage
        case .unreadable, .damaged, .unfitting, .unwritable:
            StandardError.writeLine("tfrs-run: \(error)")
            return .runFailed
        case nil:
            return .telling(error)
        }
    }
}

/// Lines of the standard input as they come.
struct InputLines {
    private var pending: [UInt8] = []
    private var isAtEnd = false

    /// Lines that one call gives at most.
    private static let most = 4096

    /// The next lines that are there, at least one; nil at the end. Whoever asks line by line is
    /// answered line by line.
    mutating func next() throws(ExitStatus) -> [String]? {
        while true {
            if let lines = taken() { return lines }
            guard !isAtEnd else { return nil }
            try read()
        }
    }

    private mutating func taken() -> [String]? {
        var lines: [String] = []
        var start = 0
        while lines.count < Self.most,
            let end = pending[start...].firstIndex(of: UInt8(ascii: "\n"))
        {
            lines.append(String(decoding: pending[start..<end], as: UTF8.self))
            start = end + 1
        }
        if isAtEnd, lines.count < Self.most, start < pending.count {
            lines.append(String(decoding: pending[start...], as: UTF8.self))
            start = pending.count
        }
        pending.removeFirst(start)
        return lines.isEmpty ? nil : lines
    }

    private mutating func read() throws(ExitStatus) {
        guard pending.count < 1 << 26 else {
            StandardError.writeLine("tfrs-run: a line of the standard input is longer than 64 MiB")
            throw .usage
        }
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        let count = piece.withUnsafeMutableBytes {
            FileDescriptor.readSome(STDIN_FILENO, into: $0)
        }
        if count > 0 {
            pending += piece[..<count]
        } else if count == 0 {
            isAtEnd = true
        } else if errno != EINTR {
            StandardError.writeLine(
                "tfrs-run: cannot read the standard input: \(String(cString: strerror(errno)))")
            throw .runFailed
        }
    }
}
