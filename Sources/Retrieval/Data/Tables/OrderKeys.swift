/// Integers in the order of a column's values, and where a moment stands among them.
///
/// Whatever orders interactions goes by these: splits, filters, histories, what was available when.
package struct OrderKeys {
    let values: [Int64]
    private let scale: Scale

    private enum Scale {
        /// Keys count units of which a second has so many.
        case ticks(perSecond: Int64)
        /// Keys are bits of doubles.
        case doubles
    }

    /// - Throws: ``DataError`` where the table has no such column, or one of tokens.
    init(_ table: Table, _ name: String) throws(DataError) {
        let column = try table.column(name)
        switch column {
        case .integers(let values):
            self.values = values
            scale = .ticks(perSecond: 1)
        case .times(let times):
            values = times.ticks
            scale = .ticks(perSecond: times.perSecond)
        case .numbers(let numbers):
            values = numbers.map(Self.key)
            scale = .doubles
        case .tokens, .tokenLists:
            throw .impossible(
                "an order requires numbers or times in '\(name)'; found \(column.kind)"
                    + " (declare the column's type in the data source)")
        }
    }

    /// The least key of what is not before a moment.
    func key(from moment: Moment) -> Int64 {
        switch scale {
        case .doubles: Self.key(moment.value)
        case .ticks(let perSecond): moment.ticks(perSecond: perSecond)
        }
    }

    /// The value of a key, for messages.
    func text(_ key: Int64) -> String {
        switch scale {
        case .ticks(perSecond: 1): "\(key)"
        case .ticks(let perSecond):
            "\(TimeColumn(ticks: [key], perSecond: perSecond).seconds(of: 0))"
        case .doubles: "\(Self.double(key))"
        }
    }

    /// The bits of a double order as integers once those of negative ones are turned.
    private static func key(_ number: Double) -> Int64 {
        let bits = Int64(bitPattern: (number == 0 ? 0 : number).bitPattern)
        return bits < 0 ? bits ^ Int64.max : bits
    }

    private static func double(_ key: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: key < 0 ? key ^ Int64.max : key))
    }
}

extension OrderKeys {
    /// Keys of two columns that may be compared with each other.
    ///
    /// Integers and times are compared exactly, whatever their units; where one column holds
    /// numbers, both are. Nil where one holds tokens.
    package static func comparable(
        _ first: Column, _ second: Column
    ) -> (first: [Int64], second: [Int64])? {
        if let one = first.ticks, let other = second.ticks {
            let finest = max(one.perSecond, other.perSecond)
            return ranked(scaled(one, to: finest), scaled(other, to: finest))
        }
        guard let one = first.doubles, let other = second.doubles else { return nil }
        return (one.map(key), other.map(key))
    }

    private static func scaled(
        _ ticks: (values: [Int64], perSecond: Int64), to perSecond: Int64
    ) -> [Int128] {
        let factor = Int128(perSecond / ticks.perSecond)
        return ticks.values.map { Int128($0) * factor }
    }

    /// Numbers of 64 bits in the same order: themselves where they fit, else their ranks.
    private static func ranked(
        _ first: [Int128], _ second: [Int128]
    ) -> (first: [Int64], second: [Int64]) {
        let fit = { (values: [Int128]) in values.compactMap { Int64(exactly: $0) } }
        let (one, other) = (fit(first), fit(second))
        if one.count == first.count, other.count == second.count { return (one, other) }
        var rankOf: [Int128: Int64] = [:]
        for value in Set(first + second).sorted() { rankOf[value] = Int64(rankOf.count) }
        return (first.map { rankOf[$0] ?? 0 }, second.map { rankOf[$0] ?? 0 })
    }
}

extension Column {
    /// Integers and times as counts of a unit; nil for others.
    fileprivate var ticks: (values: [Int64], perSecond: Int64)? {
        switch self {
        case .integers(let values): (values, 1)
        case .times(let times): (times.ticks, times.perSecond)
        case .tokens, .tokenLists, .numbers: nil
        }
    }
}
