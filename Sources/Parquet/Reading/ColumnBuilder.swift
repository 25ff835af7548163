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
    private var values: ColumnValues.Values
    private var isPresent: [Bool]?
    private var offsets: [Int] = []
    private(set) var slotCount = 0
    /// Rows that have begun.
    private(set) var rowCount = 0

    init(_ leaf: Leaf, rowCount: Int) {
        self.leaf = leaf
        values =
            switch ParquetColumn(leaf).kind {
            case .integers: .integers(Self.room(rowCount))
            case .floats: .floats(Self.room(rowCount))
            case .doubles: .doubles(Self.room(rowCount))
            case .strings: .strings(codes: Self.room(rowCount), dictionary: ByteArrays())
            }
    }

    private static func room<Value>(_ count: Int) -> [Value] {
        var values: [Value] = []
        // A file that lies about its rows gets no memory for them.
        values.reserveCapacity(min(count, 1 << 24))
        return values
    }

    /// How many entries indices may name.
    var dictionarySize: Int { dictionary?.count ?? 0 }

    mutating func setDictionary(_ entries: StoredValues) throws(Damage) {
        guard dictionary == nil else {
            throw .wrong(required: "one dictionary", found: "a second")
        }
        dictionary = entries
        guard case .bytes(let strings) = entries else { return }
        guard case .strings(let codes, let own) = values, own.count == 0 else {
            throw .wrong(required: "the dictionary before all values", found: "it behind them")
        }
        values = .strings(codes: codes, dictionary: strings)
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
            slots = present == count ? nil : (0..<count).map { isThere($0, definition) }
        }
        let added = slots?.count ?? (repetition == nil ? count : present)
        if let slots, isPresent == nil {
            isPresent = [Bool](repeating: true, count: slotCount) + slots
        } else {
            isPresent?.append(contentsOf: slots ?? [Bool](repeating: true, count: added))
        }
        slotCount += added
        try append(page, slots)
    }

    private func isThere(_ index: Int, _ definition: Levels?) -> Bool {
        definition.map { Int($0[index]) == leaf.maxDefinition } ?? true
    }

    /// Begins the rows of a page of lists; which of their elements are there, nil where all are.
    private mutating func list(_ repetition: Levels, _ definition: Levels?, _ count: Int) -> [Bool]? {
        var slots: [Bool] = []
        var isComplete = true
        for index in 0..<count {
            if repetition[index] == 0 {
                offsets.append(slotCount + slots.count)
                rowCount += 1
            }
            guard (definition.map { Int($0[index]) } ?? leaf.maxDefinition) >= leaf.elementDefinition
            else { continue }
            let isThere = isThere(index, definition)
            isComplete = isComplete && isThere
            slots.append(isThere)
        }
        return isComplete ? nil : slots
    }

    private mutating func append(_ page: PageValues, _ slots: [Bool]?) throws(Damage) {
        switch (page, values) {
        case (.stored(.integers(let new)), .integers(var all)):
            values = .integers([])
            Self.scatter(new, slots, 0, &all)
            values = .integers(all)
        case (.stored(.floats(let new)), .floats(var all)):
            values = .integers([])
            Self.scatter(new, slots, 0, &all)
            values = .floats(all)
        case (.stored(.doubles(let new)), .doubles(var all)):
            values = .integers([])
            Self.scatter(new, slots, 0, &all)
            values = .doubles(all)
        case (.stored(.bytes(let new)), .strings(var codes, var strings)):
            values = .integers([])
            guard let start = Int32(exactly: strings.count),
                strings.count + new.count < Int(Int32.max)
            else { throw .unsupported("a column of more than 2147483647 strings") }
            strings.append(new)
            Self.scatter(Array(start..<start + Int32(new.count)), slots, -1, &codes)
            values = .strings(codes: codes, dictionary: strings)
        case (.indexed(let indices), .strings(var codes, let strings)):
            values = .integers([])
            Self.scatter(indices, slots, -1, &codes)
            values = .strings(codes: codes, dictionary: strings)
        case (.indexed(let indices), _):
            guard let dictionary else {
                throw .wrong(required: "a dictionary before its indices", found: "none")
            }
            try append(.stored(dictionary.gathered(indices)), slots)
        default:
            throw .wrong(required: "values of one kind", found: "another")
        }
    }

    /// Appends values, with a filler where there is none.
    private static func scatter<Value>(
        _ new: [Value], _ slots: [Bool]?, _ filler: Value, _ all: inout [Value]
    ) {
        guard let slots else {
            all += new
            return
        }
        var next = 0
        for isThere in slots {
            all.append(isThere ? new[next] : filler)
            if isThere { next += 1 }
        }
    }

    /// The whole column.
    func finish() -> ColumnValues {
        ColumnValues(
            values: values, isPresent: isPresent,
            offsets: leaf.maxRepetition > 0 ? offsets + [slotCount] : nil)
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
