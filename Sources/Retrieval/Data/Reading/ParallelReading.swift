import Safeguards

/// Reads a text's rows on several threads, with the same outcome as one after the other.
///
/// What a window holds is cut behind line ends into pieces, which threads read while another one
/// fills the next window. A piece that begins within a quoted field is read in vain: whether it
/// began where the piece before it ended is seen afterwards, in the order of the text, and what was
/// read in vain is read again. Each thread encodes tokens by itself for as long as the file lasts;
/// window by window they are merged in the order of their first appearance in the file, so that
/// what the threads read into is used again before it has left the caches.
final class ParallelReading {
    /// Reads rows from a place on into a collector, and answers where the first one begins that the
    /// text does not hold whole.
    typealias Read = @Sendable (TextPiece, RowCollector) throws(DataError) -> Int

    private let window: TextWindow
    private let collector: RowCollector
    private let lanes: Lanes
    private let read: Read
    private let states: [State]
    /// What of the window was read.
    private var parts: [RowPart] = []
    /// Rows of files before this one.
    private let firstRow: Int
    /// At so many rows, how many the file will have is asked once more.
    private var rowsAtNextGuess: Int
    /// Windows that are read in one piece, after one that was cut at the wrong places.
    private var wholeWindows = 0

    /// Whatever a thread reads into; one thread at a time.
    private final class State: @unchecked Sendable {
        let collector: RowCollector

        init(_ collector: RowCollector) { self.collector = collector }
    }

    /// - Parameter collector: has its columns.
    init(
        _ window: TextWindow, into collector: RowCollector, threads: Int, read: @escaping Read
    ) throws(DataError) {
        self.window = window
        self.collector = collector
        self.read = read
        firstRow = collector.rowCount
        rowsAtNextGuess = max(1, 2 * firstRow)
        lanes = Lanes(threads: threads)
        var states: [State] = []
        for _ in 0..<threads { states.append(State(try collector.forked())) }
        self.states = states
    }

    /// Reads from a place in the window to the end of the file.
    func run(from start: Int, progress: () -> Void) throws(DataError) {
        var start = start
        while true {
            let cut = window.isFinal ? window.place.bytes.count : window.lastLineEnd
            let pieces = pieces(from: start, to: cut)
            let reached = window.progress
            let found = try readAll(pieces, readingAheadFrom: cut)
            var rest = try accept(found, from: start)
            if rest < cut {
                wholeWindows = wholeWindows > 0 ? min(64, wholeWindows * 2) : 4
                rest = try readRest(from: rest)
            } else {
                wholeWindows = max(0, wholeWindows - 1)
            }
            try collector.append(parts, of: states.map(\.collector), lanes)
            parts = []
            if window.isFinal { return }
            makeRoom(reached)
            progress()
            try window.turn(to: rest, from: cut)
            start = 0
        }
    }

    /// Makes room for the rows to come, whenever there are twice as many as the last time.
    ///
    /// - Parameter reached: how far into the file the rows go that were read.
    private func makeRoom(_ reached: (done: Int, total: Int)) {
        guard collector.rowCount >= rowsAtNextGuess else { return }
        rowsAtNextGuess = 2 * collector.rowCount
        collector.reserve(reached, from: firstRow)
    }

    /// Cuts a part of the window behind line ends.
    private func pieces(from start: Int, to cut: Int) -> [TextPiece] {
        let place = window.place
        let count = wholeWindows > 0 ? 1 : 2 * lanes.threads
        var pieces: [TextPiece] = []
        var (start, line) = (start, place.line(at: start))
        for index in 1...count where start < cut {
            var end = start + (cut - start) / (count - index + 1)
            if index == count {
                end = cut
            } else {
                while end < cut, place.bytes[end] != 0x0A { end += 1 }
                end = min(cut, end + 1)
            }
            let isLast = end == cut && window.isFinal
            pieces.append(
                TextPiece(place, start..<end, line: line, end: isLast ? .file : .line))
            line += Kernels.countByte(
                place.bytes.baseAddress.map { $0 + start }, end - start, 0x0A)
            start = end
        }
        return pieces
    }

    private struct Outcome {
        var piece: TextPiece
        var part: RowPart
        var rest: Int
        var error: DataError?
    }

    /// Reads pieces, and the window that comes next.
    private func readAll(
        _ pieces: [TextPiece], readingAheadFrom cut: Int
    ) throws(DataError) -> [Outcome] {
        struct Work {
            var next = 0
            var idle: [Int]
            var found: [Outcome?]
        }
        let work = Guarded(
            Work(idle: Array(states.indices), found: Array(repeating: nil, count: pieces.count)))
        // The first piece of work alone touches what is not the window's text.
        nonisolated(unsafe) let window = window
        let (states, read) = (states, read)
        lanes.forEach(pieces.count + 1) { task in
            guard task > 0 else {
                if !window.isFinal { window.readAhead(from: cut) }
                return
            }
            // Together, so that no state sees an earlier piece after a later one.
            let (index, state) = work.withLock { work in
                defer { work.next += 1 }
                return (work.next, work.idle.removeLast())
            }
            let piece = pieces[index]
            let collector = states[state].collector
            var outcome = Outcome(piece: piece, part: RowPart(state: state), rest: 0, error: nil)
            do throws(DataError) {
                outcome.rest = try read(piece, collector)
            } catch {
                outcome.error = error
            }
            outcome.part = collector.takePart(of: state)
            let finished = outcome
            work.withLock { work in
                work.idle.append(state)
                work.found[index] = finished
            }
        }
        return work.withLock { $0.found.compactMap(\.self) }
    }

    /// Takes pieces up to the first that begins elsewhere than the one before it ended; answers
    /// where that was.
    private func accept(_ found: [Outcome], from start: Int) throws(DataError) -> Int {
        var rest = start
        for outcome in found {
            guard outcome.piece.start == rest else {
                parts.append(outcome.part.withoutRows)
                continue
            }
            if let error = outcome.error { throw error }
            parts.append(outcome.part)
            rest = outcome.rest
        }
        return rest
    }

    /// Reads what is left of the window in one piece.
    private func readRest(from start: Int) throws(DataError) -> Int {
        let place = window.place
        let piece = TextPiece(
            place, start..<place.bytes.count, line: place.line(at: start),
            end: window.isFinal ? .file : .window)
        defer { parts.append(states[0].collector.takePart(of: 0)) }
        return try read(piece, states[0].collector)
    }
}

/// Some of a window's text, from the beginning of a line on.
struct TextPiece: @unchecked Sendable {
    /// What ends with the piece.
    enum End {
        /// The file.
        case file
        /// A line; the record as well, if the piece began where one does.
        case line
        /// Nothing but the window.
        case window
    }

    let place: TextPlace
    /// Where in the window it begins.
    let start: Int
    let end: End

    init(_ window: TextPlace, _ range: Range<Int>, line: Int, end: End) {
        place = TextPlace(
            file: window.file, bytes: Cell(rebasing: window.bytes[range]), firstLine: line)
        start = range.lowerBound
        self.end = end
    }
}

/// The rows of a piece of text, taken out of the collector that they were read into.
struct RowPart {
    /// Whose tokens the codes are.
    let state: Int
    var rowCount = 0
    var columns: [ColumnPart] = []
    var skipped = 0
    var firstSkipped: String?
    var reasons: [String: Int] = [:]
    var rejects: RejectedRows?
    var holdsRemnants = false

    init(state: Int) { self.state = state }

    /// The tokens of a piece that was read in vain.
    var withoutRows: RowPart {
        var part = RowPart(state: state)
        part.columns = columns.map(\.withoutRows)
        part.holdsRemnants = true
        return part
    }
}

/// The values of a column in some rows.
enum ColumnPart {
    /// Codes, and the tokens that had none before.
    case tokens(codes: [Int32], new: Range<Int>)
    /// Where each row ends among the codes, too.
    case lists(ends: [Int], codes: [Int32], new: Range<Int>)
    case integers([Int64], missing: [Int])
    case numbers([Double], missing: [Int])
    case times(seconds: [Int64], nanoseconds: [Int32], missing: [Int])

    var withoutRows: ColumnPart {
        switch self {
        case .tokens(_, let new): .tokens(codes: [], new: new)
        case .lists(_, _, let new): .lists(ends: [], codes: [], new: new)
        case .integers: .integers([], missing: [])
        case .numbers: .numbers([], missing: [])
        case .times: .times(seconds: [], nanoseconds: [], missing: [])
        }
    }
}
