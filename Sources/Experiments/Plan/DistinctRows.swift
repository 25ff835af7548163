import Retrieval

/// Numbers the distinct combinations of some columns, in the order of their first appearance.
struct DistinctRows {
    /// The combination of each row.
    private(set) var keys: [Int32]
    private var count: Int

    init(rowCount: Int) {
        keys = [Int32](repeating: 0, count: rowCount)
        count = min(rowCount, 1)
    }

    /// The first row of each combination.
    var firstRows: [Int32] {
        var first: [Int32] = []
        first.reserveCapacity(count)
        for (row, key) in keys.enumerated() where Int(key) == first.count {
            first.append(Int32(row))
        }
        return first
    }

    /// Tells rows apart by one more column; values are equal if their bits are.
    mutating func combine(_ column: Column) {
        switch column {
        case .tokens(let tokens):
            combine(tokens.codes, below: tokens.dictionary.count)
        case .integers(let values):
            combine(number(values))
        case .numbers(let values):
            combine(number(values.lazy.map(\.bitPattern)))
        case .times(let times):
            combine(number(times.ticks))
        case .tokenLists(let lists):
            combine(number((0..<lists.count).lazy.map { Array(lists.codes(of: $0)) }))
        }
    }

    /// Tells rows apart by what came before them.
    mutating func combine(_ histories: Histories) {
        combine(number((0..<histories.count).lazy.map { histories[$0] }))
    }

    private mutating func combine(_ numbered: (codes: [Int32], count: Int)) {
        combine(numbered.codes, below: numbered.count)
    }

    /// Tells rows apart by one more number.
    mutating func combine(_ codes: [Int32], below codeCount: Int) {
        let pairs = count.multipliedReportingOverflow(by: codeCount)
        if !pairs.overflow, pairs.partialValue <= 4 * keys.count + 1024 {
            renumberDensely(codes, codeCount: codeCount, pairs: pairs.partialValue)
        } else {
            let pairs = zip(keys, codes).lazy.map { UInt64(UInt32($0)) << 32 | UInt64(UInt32($1)) }
            (keys, count) = number(pairs)
        }
    }

    /// As the general way, with a table of all pairs in the place of a dictionary.
    private mutating func renumberDensely(_ codes: [Int32], codeCount: Int, pairs: Int) {
        var known = [Int32](repeating: -1, count: pairs)
        var next: Int32 = 0
        for row in keys.indices {
            let pair = Int(keys[row]) * codeCount + Int(codes[row])
            if known[pair] < 0 {
                known[pair] = next
                next += 1
            }
            keys[row] = known[pair]
        }
        count = Int(next)
    }

    /// Numbers values by first appearance.
    private func number<Value: Hashable>(
        _ values: some Sequence<Value>
    ) -> (codes: [Int32], count: Int) {
        var known: [Value: Int32] = [:]
        var codes: [Int32] = []
        codes.reserveCapacity(keys.count)
        for value in values {
            let next = Int32(known.count)
            let code = known[value] ?? next
            if code == next { known[value] = next }
            codes.append(code)
        }
        return (codes, known.count)
    }
}

extension Column {
    /// Whether two rows hold the same value, bit for bit.
    func isEqual(_ first: Int, _ second: Int) -> Bool {
        switch self {
        case .tokens(let tokens): tokens.codes[first] == tokens.codes[second]
        case .integers(let values): values[first] == values[second]
        case .numbers(let values): values[first].bitPattern == values[second].bitPattern
        case .times(let times): times.ticks[first] == times.ticks[second]
        case .tokenLists(let lists): lists.codes(of: first).elementsEqual(lists.codes(of: second))
        }
    }
}

extension Table {
    /// The first column in which two rows differ; nil where they are equal.
    func firstDifference(between first: Int, and second: Int) -> String? {
        names.first { self[$0].map { !$0.isEqual(first, second) } ?? false }
    }
}
