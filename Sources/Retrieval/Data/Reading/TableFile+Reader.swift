import Platform
import Safeguards

extension TableFile {
    /// Reads a kept table. Values go straight into their arrays, blocks of them on all threads: a
    /// mapping of the file would be copied once as well, and end the process where somebody cuts the
    /// file short.
    struct Reader {
        let header: Header
        private let file: RegularFile
        private let checks: Bool
        private let lanes: Lanes
        /// Where the values of the columns begin.
        private let start: Int

        /// Some values and where in the file they stand.
        private struct PlacedRun {
            var run: Run
            var start: Int
        }

        /// - Parameters:
        ///   - threads: how many may read at a time.
        ///   - checks: whether checksums must be right; for tests of what else is looked at.
        init(path: String, threads: Int = 1, checks: Bool = true) throws {
            self.checks = checks
            lanes = Lanes(threads: threads)
            file = try FileSystem.regularFile(path)
            let size = Int(file.status.st_size)
            let start = try Self.values(of: UInt64.self, bytes: 24, at: 0, of: file, lanes).values
            guard start[0] == TableFile.magic, start[1] <= UInt64(size) else { throw Unusable() }
            let text = try Self.values(
                of: UInt8.self, bytes: Int(start[1]), at: 24, of: file, lanes)
            guard !checks || text.checksum == start[2] else { throw Unusable() }
            header = try JSONDecoder().decode(Header.self, from: Data(text.values))
            self.start = 24 + text.values.count
            var rest = size - self.start
            for run in header.columns.flatMap(\.runs) {
                guard (0...max(0, rest)).contains(run.bytes) else { throw Unusable() }
                rest -= run.bytes
            }
            guard rest == 0 else { throw Unusable() }
        }

        func outcome(named name: String) throws -> FileTable.Outcome {
            var columns: [(name: String, values: Column)] = []
            var place = start
            for column in header.columns {
                var runs: [PlacedRun] = []
                for run in column.runs {
                    runs.append(PlacedRun(run: run, start: place))
                    place += run.bytes
                }
                columns.append((column.name, try self.column(column, runs[...])))
            }
            guard columns.allSatisfy({ $0.values.count == header.rows }),
                Set(columns.map(\.name)).count == columns.count,
                header.standIns.values.joined().allSatisfy((0..<header.rows).contains)
            else { throw Unusable() }
            return FileTable.Outcome(
                table: Table(name: name, columns: columns, standIns: header.standIns)
                    .leaving(header.unread),
                skipped: header.skipped, firstSkipped: header.firstSkipped,
                reasons: header.reasons, notes: header.notes,
                hashes: header.sources.map(\.sha256))
        }

        private func column(
            _ column: ColumnHeader, _ runs: ArraySlice<PlacedRun>
        ) throws -> Column {
            var runs = runs
            switch column.kind {
            case .tokens:
                let codes = try next(Int32.self, &runs)
                return .tokens(
                    TokenColumn(codes: codes, dictionary: try dictionary(&runs, codes)))
            case .tokenLists:
                let codes = try next(Int32.self, &runs)
                let dictionary = try dictionary(&runs, codes)
                let offsets = try next(Int.self, &runs)
                guard offsets.first == 0, offsets.last == codes.count,
                    zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
                else { throw Unusable() }
                return .tokenLists(
                    TokenListColumn(offsets: offsets, codes: codes, dictionary: dictionary))
            case .integers: return .integers(try next(Int64.self, &runs))
            case .numbers: return .numbers(try next(Double.self, &runs))
            case .times:
                guard let unit = column.perSecond, TimeColumn.units.contains(unit) else {
                    throw Unusable()
                }
                return .times(
                    TimeColumn(ticks: try next(Int64.self, &runs), perSecond: unit))
            }
        }

        private func dictionary(
            _ runs: inout ArraySlice<PlacedRun>, _ codes: [Int32]
        ) throws -> [String] {
            let lengths = try next(Int32.self, &runs)
            let bytes = try next(UInt8.self, &runs)
            // A negative one is a large one without its sign.
            let most = codes.reduce(0) { max($0, UInt32(bitPattern: $1)) }
            guard lengths.allSatisfy({ $0 >= 0 }),
                lengths.reduce(0, { $0 + Int($1) }) == bytes.count,
                codes.isEmpty || most < lengths.count
            else { throw Unusable() }
            var start = 0
            return lengths.map { length in
                defer { start += Int(length) }
                return String(decoding: bytes[start..<start + Int(length)], as: UTF8.self)
            }
        }

        private func next<Value: BitwiseCopyable>(
            _ type: Value.Type, _ runs: inout ArraySlice<PlacedRun>
        ) throws -> [Value] {
            guard let placed = runs.popFirst() else { throw Unusable() }
            let (values, checksum) = try Self.values(
                of: type, bytes: placed.run.bytes, at: placed.start, of: file, lanes)
            guard !checks || checksum == placed.run.checksum else { throw Unusable() }
            return values
        }

        /// Values that the file holds from a place on, and their checksum.
        private static func values<Value: BitwiseCopyable>(
            of type: Value.Type, bytes: Int, at start: Int, of file: RegularFile, _ lanes: Lanes
        ) throws -> (values: [Value], checksum: UInt64) {
            let width = MemoryLayout<Value>.stride
            guard bytes >= 0, bytes % width == 0, bytes <= Int(file.status.st_size) else {
                throw Unusable()
            }
            var checksum: UInt64?
            let values = [Value](unsafeUninitializedCapacity: bytes / width) { buffer, count in
                checksum = read(
                    UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: bytes),
                    at: start, of: file, lanes)
                count = checksum == nil ? 0 : bytes / width
            }
            guard let checksum else { throw Unusable() }
            return (values, checksum)
        }

        /// Fills memory from a place of the file on; the checksum of what came, nil where not all
        /// did.
        private static func read(
            _ room: UnsafeMutableRawBufferPointer, at start: Int, of file: RegularFile,
            _ lanes: Lanes
        ) -> UInt64? {
            LargeMemory.prefersLargePages(room)
            let size = TableFile.blockSize
            let blocks = (room.count + size - 1) / size
            let checksums = LaneBuffer<UInt64>(repeating: 0, count: blocks)
            let isWhole = LaneBuffer<Bool>(repeating: false, count: blocks)
            nonisolated(unsafe) let room = room
            lanes.forEach(blocks) { block in
                let (first, end) = (block * size, min(room.count, (block + 1) * size))
                let part = UnsafeMutableRawBufferPointer(rebasing: room[first..<end])
                let count = FileDescriptor.readAll(
                    file.descriptor, into: part, at: start + first)
                isWhole.pointer[block] = count == part.count
                checksums.pointer[block] = TableFile.checksum(
                    ofBlock: UnsafeRawBufferPointer(part))
            }
            guard isWhole.array.allSatisfy(\.self) else { return nil }
            return TableFile.joined(checksums.array)
        }
    }
}
