/// JSON Lines: one object a line (RFC 8259 within a line).
///
/// Columns are those declared and, as strings or lists of strings, the other members of the first
/// object; members that hold objects, or that only later objects have, are passed over. A column
/// `user.id` that no member is called is the member `id` of the object `user`. The text
/// of a value is what a string says, or a number or a boolean as it is written; a list takes an
/// array of such values. A member that is absent or null is an empty cell.
struct JSONLinesReader {
    var columns: [ColumnDeclaration]
    var cells = CellOptions()
    /// How many threads may read at a time.
    var threads = 1

    func read(
        _ window: TextWindow, into collector: RowCollector, progress: () -> Void
    ) throws(DataError) {
        var indices: [[UInt8]: Int] = [:]
        for (index, column) in collector.columns.enumerated() {
            indices[Array(column.name.utf8)] = index
        }
        while true {
            let hasMark = window.isFirst && window.place.bytes.starts(with: [0xEF, 0xBB, 0xBF])
            var rest = try readLines(
                window.place, from: hasMark ? 3 : 0, isFinal: window.isFinal, &indices, collector)
            if window.isFinal { return }
            // A byte order mark stays in sight until its line is read.
            if hasMark, rest == 3 { rest = 0 }
            progress()
            try window.advance(to: rest)
            if threads > 1, !indices.isEmpty, !window.isFirst, !window.isFinal {
                return try readOnThreads(window, indices, collector, progress)
            }
        }
    }

    private func readOnThreads(
        _ window: TextWindow, _ indices: [[UInt8]: Int], _ collector: RowCollector,
        _ progress: () -> Void
    ) throws(DataError) {
        let reader = self
        try ParallelReading(window, into: collector, threads: threads) {
            (piece, collector) throws(DataError) in
            var indices = indices
            return piece.start
                + (try reader.readLines(
                    piece.place, from: 0, isFinal: piece.end != .window, &indices, collector))
        }.run(from: 0, progress: progress)
    }

    /// Reads what the window holds, and answers where the first line begins that it does not hold
    /// whole.
    private func readLines(
        _ place: TextPlace, from start: Int, isFinal: Bool, _ indices: inout [[UInt8]: Int],
        _ collector: RowCollector
    ) throws(DataError) -> Int {
        let bytes = place.bytes
        var position = start
        while position < bytes.count {
            var end = position
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            if end == bytes.count, !isFinal { return position }
            defer { position = end + 1 }
            var scan = JSONLine(place: place, position: position, end: end)
            scan.skipSpaces()
            guard scan.position < end else { continue }
            do throws(DataError) {
                let members = try scan.object()
                if indices.isEmpty {
                    try makeColumns(of: members, collector, at: place)
                    guard !collector.columns.isEmpty else {
                        throw place.malformed(
                            at: position, required: "a first object with members", found: "none")
                    }
                    for (index, column) in collector.columns.enumerated() {
                        indices[Array(column.name.utf8)] = index
                    }
                }
                try add(members, indices, collector, place, lineStart: position)
            } catch {
                try collector.reject(error, text: Cell(rebasing: bytes[position..<end]))
            }
        }
        return bytes.count
    }

    private func makeColumns(
        of members: [JSONLine.Member], _ collector: RowCollector, at place: TextPlace
    ) throws(DataError) {
        var declarations = columns
        var names = Set(columns.map(\.name))
        let declared = names
        let wanted = collector.wanted(
            of: members.map { String(decoding: $0.name, as: UTF8.self) })
        for member in members {
            let name = String(decoding: member.name, as: UTF8.self)
            guard !declared.contains(name), wanted.contains(name) else { continue }
            // Names of other bytes may be the same text: é in one character or in two.
            guard names.insert(name).inserted else {
                throw place.malformed(
                    at: member.offset, required: "members of distinct names",
                    found: "a second \(DelimitedText.quote(member.name[...]))")
            }
            switch member.value {
            case .text: declarations.append(ColumnDeclaration(name))
            case .list: declarations.append(ColumnDeclaration(name, .list))
            case .object, .other: break
            }
        }
        // Ids need no declaration, where they are within an object either.
        for name in collector.request.ids.sorted()
        where !declarations.contains(where: { $0.name == name })
            && members.member(at: Self.path(name)) != nil
        {
            declarations.append(ColumnDeclaration(name))
        }
        // Not before all is well: of an object that is left out nothing may stay.
        for declaration in declarations { try collector.add(declaration, cells) }
    }

    private static func path(_ name: String) -> [[UInt8]] {
        name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    private func add(
        _ members: [JSONLine.Member], _ indices: [[UInt8]: Int], _ collector: RowCollector,
        _ place: TextPlace, lineStart: Int
    ) throws(DataError) {
        var memberOfColumn = [Int](repeating: -1, count: collector.columns.count)
        for (number, member) in members.enumerated() {
            if let index = indices[member.name] { memberOfColumn[index] = number }
        }
        for (index, column) in collector.columns.enumerated() {
            let number = memberOfColumn[index]
            let member =
                number >= 0
                ? members[number]
                : column.name.contains(".") ? members.member(at: Self.path(column.name)) : nil
            let value = member?.value ?? .text([])
            let offset = member?.offset ?? lineStart
            let required: String
            switch (value, column.builder) {
            case (.text(let text), let builder) where !(builder is TokenListBuilder):
                if text.withUnsafeBufferPointer({ builder.append($0) }) { continue }
                required = text.withUnsafeBufferPointer { builder.requirement(of: $0) }
            case (.list(let texts), let builder as TokenListBuilder):
                builder.append(each: texts)
                continue
            case (.text(let text), let builder as TokenListBuilder):
                // A string that holds a list, or nothing at all.
                if text.withUnsafeBufferPointer({ builder.append($0) }) { continue }
                required = "a list"
            case (.list, _): required = "one value (declare the column's type as list)"
            default: required = "a string, a number, true, false, null or a list of them"
            }
            throw place.malformed(
                at: offset, required: "\(column.name), \(required)", found: value.words)
        }
        try collector.endRow()
    }
}
