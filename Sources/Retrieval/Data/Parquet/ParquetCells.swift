import Parquet

/// The values of a column in a row group, on their way into a builder.
struct ParquetCells {
    private let values: ColumnValues
    /// What an integer is to be multiplied with.
    private let perUnit: Int64

    init(_ values: ColumnValues, perUnit: Int64) {
        self.values = values
        self.perUnit = perUnit
    }

    /// Adds the values of all rows up to the first that does not fit; answers how many.
    func append(_ rows: Int, to builder: any ColumnBuilder) -> Int {
        if let count = appendAtOnce(rows, to: builder) { return count }
        for row in 0..<rows where !append(row, to: builder) { return row }
        return rows
    }

    /// The same, for the usual ways from stored values to a column; nil where there is none, and
    /// nothing was added.
    private func appendAtOnce(_ rows: Int, to builder: any ColumnBuilder) -> Int? {
        guard values.offsets == nil, values.count == rows else { return nil }
        switch (values.values, builder) {
        case (.strings(let codes, let dictionary), let builder as TokenBuilder):
            return builder.append(codes, of: dictionary.offsets, dictionary.bytes)
        case (.integers(let numbers), let builder as any NumberTaking) where perUnit == 1:
            return builder.append(numbers, isPresent: values.isPresent)
        case (.doubles(let numbers), let builder as any NumberTaking):
            // As pandas has whole numbers where some are missing.
            guard let whole = Self.whole(numbers, values.isPresent) else { return nil }
            return builder.append(whole.numbers, isPresent: whole.isPresent)
        case (.integers(let numbers), let builder as IntegerBuilder) where isComplete:
            if perUnit == 1 {
                builder.values += numbers
            } else {
                builder.values += numbers.map { $0 &* perUnit }
            }
            return rows
        case (.integers(let numbers), let builder as TimestampBuilder)
        where isComplete && perUnit == 1:
            return builder.append(numbers) ? rows : nil
        case (.floats(let numbers), let builder as NumberBuilder) where isComplete:
            return builder.append(each: numbers.lazy.map { Double($0) })
        case (.doubles(let numbers), let builder as NumberBuilder) where isComplete:
            return builder.append(each: numbers)
        default: return nil
        }
    }

    /// Numbers of which each is whole, or none; nil where another is among them.
    private static func whole(
        _ numbers: [Double], _ isPresent: [Bool]?
    ) -> (numbers: [Int64], isPresent: [Bool])? {
        var isThere = isPresent ?? [Bool](repeating: true, count: numbers.count)
        var whole = [Int64](repeating: 0, count: numbers.count)
        for (row, number) in numbers.enumerated() where isThere[row] {
            if let exact = Int64(exactly: number) {
                whole[row] = exact
            } else if number.isNaN {
                isThere[row] = false
            } else {
                return nil
            }
        }
        return (whole, isThere)
    }

    /// Whether every row has a value.
    private var isComplete: Bool { values.isPresent == nil }

    /// Adds a row's value; false where it does not fit.
    func append(_ row: Int, to builder: any ColumnBuilder) -> Bool {
        guard let offsets = values.offsets else { return append(element: row, to: builder) }
        guard let lists = builder as? TokenListBuilder else { return false }
        lists.append(
            each: (offsets[row]..<offsets[row + 1]).filter(isPresent).map { Array(text(of: $0)) })
        return true
    }

    private func isPresent(_ element: Int) -> Bool { values.isPresent?[element] ?? true }

    private func append(element: Int, to builder: any ColumnBuilder) -> Bool {
        guard isPresent(element) else { return builder.append(Cell(start: nil, count: 0)) }
        switch values.values {
        case .strings(let codes, let dictionary):
            return dictionary[Int(codes[element])].withUnsafeBufferPointer { builder.append($0) }
        case .integers(let values):
            return Self.append(values[element] &* perUnit, to: builder)
        case .floats(let values): return Self.append(Double(values[element]), to: builder)
        case .doubles(let values): return Self.append(values[element], to: builder)
        }
    }

    private static func append(_ integer: Int64, to builder: any ColumnBuilder) -> Bool {
        if let integers = builder as? IntegerBuilder {
            integers.values.append(integer)
            return true
        }
        return text("\(integer)", to: builder)
    }

    private static func append(_ number: Double, to builder: any ColumnBuilder) -> Bool {
        // What pandas writes where there is none.
        if number.isNaN { return builder.append(Cell(start: nil, count: 0)) }
        if let numbers = builder as? NumberBuilder { return numbers.append(number) }
        // A whole number is one, whatever column it stood in: `12`, not `12.0`.
        return text(Int64(exactly: number).map { "\($0)" } ?? "\(number)", to: builder)
    }

    private static func text(_ text: String, to builder: any ColumnBuilder) -> Bool {
        var text = text
        return text.withUTF8 { builder.append($0) }
    }

    /// The first rows as texts: nothing for what holds nothing, lists with bars between elements,
    /// integers in seconds.
    func texts(_ most: Int, perSecond: Int64) -> [[UInt8]] {
        let rows = (values.offsets?.count).map { $0 - 1 } ?? values.count
        return (0..<min(rows, most)).map { row in
            if let offsets = values.offsets {
                let elements = (offsets[row]..<offsets[row + 1]).filter(isPresent)
                return Array(elements.map(text(of:)).joined(separator: [UInt8(ascii: "|")]))
            }
            guard isPresent(row) else { return [] }
            if case .integers(let numbers) = values.values {
                let seconds = (numbers[row] &* perUnit).flooredQuotient(by: perSecond)
                return Array("\(seconds.quotient)".utf8)
            }
            return text(of: row)
        }
    }

    private func text(of element: Int) -> [UInt8] {
        switch values.values {
        case .strings(let codes, let dictionary): Array(dictionary[Int(codes[element])])
        case .integers(let values): Array("\(values[element])".utf8)
        case .floats(let values): Array("\(values[element])".utf8)
        case .doubles(let values): Array("\(values[element])".utf8)
        }
    }

    /// What a builder requires that refused a row.
    func requirement(of row: Int, in builder: any ColumnBuilder) -> String {
        guard values.offsets == nil, isPresent(row) else { return builder.required }
        return text(of: row).withUnsafeBufferPointer { builder.requirement(of: $0) }
    }

    /// A row's value, for messages.
    func words(_ row: Int) -> String {
        if values.offsets != nil { return "a list" }
        guard isPresent(row) else { return "null" }
        return "'\(String(decoding: text(of: row).prefix(80), as: UTF8.self))'"
    }
}
