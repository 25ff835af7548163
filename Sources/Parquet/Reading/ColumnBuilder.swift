import Platform

/// Puts the pages of a column together.
struct ColumnBuilder {
    /// What a page holds besides levels.
    enum PageValues {
        case stored(StoredValues)
        /// Indices into the dictionary.
        case indexed([Int32])
    }

    private let leaf: Leaf
    private var dictionary: StoredValues?
    private var values: Growing
    private var isPresent: [Bool]?
    private var offsets: [Int] = []
    private(set) var slotCount = 0
    /// Rows that have begun.
    private(set) var rowCount = 0

    init(_ leaf: Leaf, rowCount: Int) {
        self.leaf = leaf
        values = Growing(ParquetColumn(leaf).kind, room: rowCount)
    }

    /// How many entries indices may name.
    var dictionarySize: Int { dictionary?.count ?? 0 }

    mutating func setDictionary(_ entries: StoredValues) throws(Damage) {
        guard dictionary == nil else {
            throw .wrong(required: "one dictionary", found: "a second")
        }
        dictionary = entries
        guard case .bytes(let strings) = entries else { return }
        guard values.kind == .strings, values.strings.count == 0 else {
            throw .wrong(required: "the dictionary before all values", found: "it behind them")
        }
        values.strings = strings
    }

    /// Appends a page's values, of which `present` are there.
    mutating func append(
        repetition: Levels?, definition: Levels?, count: Int, present: Int, _ page: PageValues
    ) throws(Damage) {
        let slots: [Bool]?
        if let repetition {
            guard rowCount > 0 || count == 0 || repetition[0] == 0 else {
                throw .wrong(required: "a row's begin as the first value", found: "an element")
            }
            slots = list(repetition, definition, count)
        } else {
            rowCount += count
            slots = present == count ? nil : definition?.marks(of: leaf.maxDefinition)
        }
        let added = slots?.count ?? (repetition == nil ? count : present)
        if slots != nil, isPresent == nil {
            isPresent = [Bool](repeating: true, count: slotCount)
        }
        isPresent?.append(contentsOf: slots ?? [Bool](repeating: true, count: added))
        slotCount += added
        try append(page, slots)
    }

    private func isThere(_ index: Int, _ definition: Levels?) -> Bool {
        definition.map { Int($0[index]) == leaf.maxDefinition } ?? true
    }

    /// Begins the rows of a page of lists; which of their elements are there, nil where all are.
    private mutating func list(
        _ repetition: Levels, _ definition: Levels?, _ count: Int
    ) -> [Bool]? {
        var slots: [Bool] = []
        var isComplete = true
        for index in 0..<count {
            if repetition[index] == 0 {
                offsets.append(slotCount + slots.count)
                rowCount += 1
            }
            let level = definition.map { Int($0[index]) } ?? leaf.maxDefinition
            guard level >= leaf.elementDefinition else { continue }
            let isThere = isThere(index, definition)
            isComplete = isComplete && isThere
            slots.append(isThere)
        }
        return isComplete ? nil : slots
    }

    private mutating func append(_ page: PageValues, _ slots: [Bool]?) throws(Damage) {
        switch page {
        case .stored(let stored): try values.append(stored, slots)
        case .indexed(let indices) where values.kind == .strings:
            Growing.scatter(indices, slots, -1, &values.codes)
        case .indexed(let indices):
            guard let dictionary else {
                throw .wrong(required: "a dictionary before its indices", found: "none")
            }
            try values.append(dictionary.gathered(indices), slots)
        }
    }

    /// The whole column.
    func finish() -> ColumnValues {
        ColumnValues(
            values: values.finished, isPresent: isPresent,
            offsets: leaf.maxRepetition > 0 ? offsets + [slotCount] : nil)
    }
}

/// The values of a column so far, each kind in an array of its own: one that an enum held would be
/// copied as it grows.
private struct Growing {
    let kind: ParquetColumn.Kind
    /// Rows that there will be, as the file says.
    private let room: Int
    var integers: [Int64] = []
    var floats: [Float] = []
    var doubles: [Double] = []
    var codes: [Int32] = []
    var strings = ByteArrays()

    init(_ kind: ParquetColumn.Kind, room: Int) {
        self.kind = kind
        // A file that lies about its rows gets no memory for them.
        let room = min(room, 1 << 24)
        self.room = room
        switch kind {
        case .integers: integers.reserveLargeCapacity(room)
        case .floats: floats.reserveLargeCapacity(room)
        case .doubles: doubles.reserveLargeCapacity(room)
        case .strings: codes.reserveLargeCapacity(room)
        }
    }

    mutating func append(_ stored: StoredValues, _ slots: [Bool]?) throws(Damage) {
        switch (stored, kind) {
        case (.integers(let new), .integers): Self.scatter(new, slots, 0, &integers)
        case (.floats(let new), .floats): Self.scatter(new, slots, 0, &floats)
        case (.doubles(let new), .doubles): Self.scatter(new, slots, 0, &doubles)
        case (.bytes(let new), .strings):
            guard let start = Int32(exactly: strings.count),
                strings.count + new.count < Int(Int32.max)
            else { throw .unsupported("a column of more than 2147483647 strings") }
            if strings.count == 0 {
                strings = new
                strings.reserve(room)
            } else {
                strings.append(new)
            }
            Self.scatter(Array(start..<start + Int32(new.count)), slots, -1, &codes)
        default: throw .wrong(required: "values of one kind", found: "another")
        }
    }

    /// Appends values, with a filler where there is none.
    static func scatter<Value>(
        _ new: [Value], _ slots: [Bool]?, _ filler: Value, _ all: inout [Value]
    ) {
        guard let slots else {
            all += new
            return
        }
        all += [Value](unsafeUninitializedCapacity: slots.count) { buffer, filled in
            var next = 0
            for (place, isThere) in slots.enumerated() {
                buffer.initializeElement(at: place, to: isThere ? new[next] : filler)
                if isThere { next += 1 }
            }
            filled = slots.count
        }
    }

    var finished: ColumnValues.Values {
        switch kind {
        case .integers: .integers(integers)
        case .floats: .floats(floats)
        case .doubles: .doubles(doubles)
        case .strings: .strings(codes: codes, dictionary: strings)
        }
    }
}

extension StoredValues {
    /// Entry `indices[i]` for each i; all must be there.
    fileprivate func gathered(_ indices: [Int32]) -> StoredValues {
        switch self {
        case .integers(let values): .integers(Self.gathered(values, indices))
        case .floats(let values): .floats(Self.gathered(values, indices))
        case .doubles(let values): .doubles(Self.gathered(values, indices))
        case .bytes: self
        }
    }

    private static func gathered<Value>(_ values: [Value], _ indices: [Int32]) -> [Value] {
        values.withUnsafeBufferPointer { values in
            [Value](unsafeUninitializedCapacity: indices.count) { buffer, filled in
                for (place, index) in indices.enumerated() {
                    buffer.initializeElement(at: place, to: values[Int(index)])
                }
                filled = indices.count
            }
        }
    }
}
