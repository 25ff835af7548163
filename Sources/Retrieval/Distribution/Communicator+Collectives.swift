/// What ranks do together, in logarithmically many exchanges of two.
///
/// In step s a rank's partner is the one whose number differs in that bit. So groups of 1, 2, 4, …
/// ranks join, which for sums is the tree of ``Lanes/treeSum(_:_:)`` over the ranks' subtrees.
extension Communicator {
    func swap(
        with partner: Int, _ sending: UnsafeRawBufferPointer,
        _ receiving: UnsafeMutableRawBufferPointer
    ) {
        // Both sides know both sizes.
        guard !sending.isEmpty || !receiving.isEmpty else { return }
        exchange(with: partner, sending: sending, receiving: receiving)
    }

    /// Calls `body` for each bit of a rank's number, the lowest first, with the bit, the partner
    /// and the first ranks of both groups that then join.
    func forEachStep(
        _ body: (_ step: Int, _ partner: Int, _ own: Int, _ other: Int) -> Void
    ) {
        var step = 1
        while step < size {
            let partner = rank ^ step
            body(step, partner, rank & ~(step - 1), partner & ~(step - 1))
            step *= 2
        }
    }

    // MARK: Sums

    /// Sums the numbers of all ranks, place by place: each holds the sum of its lanes before, and
    /// that of all lanes afterwards.
    ///
    /// Each joining halves what a rank is still responsible for, and on the way back the halves come
    /// together: 2 · (1 − 1/ranks) times the numbers are sent.
    ///
    /// - Parameter parts: how many ranks, from the first on, hold a sum at all; what the others hold
    ///   is not looked at.
    package func treeSum(_ numbers: UnsafeMutableBufferPointer<Float>, ofRanks parts: Int) {
        guard !isAlone, !numbers.isEmpty else { return }
        let room = LaneBuffer<Float>(uninitializedCount: (numbers.count + 1) / 2)
        var parents: [Range<Int>] = []
        var mine = 0..<numbers.count
        forEachStep { step, partner, own, other in
            let middle = mine.lowerBound + mine.count / 2
            let (lower, upper) = (mine.lowerBound..<middle, middle..<mine.upperBound)
            parents.append(mine)
            let theirs: Range<Int>
            (mine, theirs) = rank & step == 0 ? (lower, upper) : (upper, lower)
            let received = UnsafeMutableBufferPointer(start: room.pointer, count: mine.count)
            swap(
                with: partner, UnsafeRawBufferPointer(numbers.bytes(of: theirs)),
                UnsafeMutableRawBufferPointer(received))
            guard other < parts, !mine.isEmpty, let start = numbers.baseAddress else { return }
            if own < parts {
                Kernels.axpy(start + mine.lowerBound, room.pointer, 1, mine.count)
            } else {
                (start + mine.lowerBound).update(from: room.pointer, count: mine.count)
            }
        }
        var step = size / 2
        while step >= 1, let parent = parents.popLast() {
            let theirs =
                rank & step == 0
                ? mine.upperBound..<parent.upperBound : parent.lowerBound..<mine.lowerBound
            swap(
                with: rank ^ step, UnsafeRawBufferPointer(numbers.bytes(of: mine)),
                numbers.bytes(of: theirs))
            mine = parent
            step /= 2
        }
    }

    /// The sum of one number of each rank that has one, the first of them.
    package func treeSum(_ number: Double, ofRanks parts: Int) -> Double {
        guard !isAlone else { return number }
        let all = allGather([number]).map { $0[0] }
        return Lanes.treeSum(all.prefix(parts).map(Optional.init)) { $0 += $1 } ?? 0
    }

    /// The sum of whole numbers.
    package func sum(_ number: Int) -> Int {
        isAlone ? number : allGather([number]).reduce(0) { $0 + $1[0] }
    }

    // MARK: Gathering

    /// Completes memory of which each rank has written a part of its own, in the ranks' order.
    ///
    /// - Parameter offsets: where each rank's part begins, in bytes, and where the last one ends.
    func allGather(_ memory: UnsafeMutableRawBufferPointer, offsets: [Int]) {
        forEachStep { step, partner, own, other in
            swap(
                with: partner,
                UnsafeRawBufferPointer(rebasing: memory[offsets[own]..<offsets[own + step]]),
                UnsafeMutableRawBufferPointer(
                    rebasing: memory[offsets[other]..<offsets[other + step]]))
        }
    }

    /// The same for rows of numbers.
    ///
    /// - Parameter offsets: where each rank's rows begin, and where the last one's end.
    func allGatherRows(_ rows: UnsafeMutablePointer<Float>, width: Int, offsets: [Int]) {
        guard !isAlone else { return }
        let stride = width * MemoryLayout<Float>.stride
        allGather(
            UnsafeMutableRawBufferPointer(start: rows, count: offsets[size] * stride),
            offsets: offsets.map { $0 * stride })
    }

    /// The elements of each rank, of which there may be any number.
    package func allGather<Element: BitwiseCopyable>(_ elements: [Element]) -> [[Element]] {
        guard !isAlone else { return [elements] }
        var counts = [Int](repeating: 0, count: size)
        counts[rank] = elements.count
        counts.withUnsafeMutableBytes {
            allGather($0, offsets: (0...size).map { $0 * MemoryLayout<Int>.stride })
        }
        return allGather(elements, counts: counts)
    }

    /// The same where everybody knows how many each rank has.
    package func allGather<Element: BitwiseCopyable>(
        _ elements: [Element], counts: [Int]
    ) -> [[Element]] {
        guard !isAlone else { return [elements] }
        let offsets = counts.offsets
        let all = LaneBuffer<Element>(uninitializedCount: offsets[size])
        elements.withUnsafeBufferPointer { own in
            guard let start = own.baseAddress else { return }
            (all.pointer + offsets[rank]).update(from: start, count: own.count)
        }
        let stride = MemoryLayout<Element>.stride
        allGather(
            UnsafeMutableRawBufferPointer(
                start: all.pointer, count: offsets[size] * stride),
            offsets: offsets.map { $0 * stride })
        return (0..<size).map {
            Array(
                UnsafeBufferPointer(start: all.pointer + offsets[$0], count: counts[$0]))
        }
    }

    /// All ranks' elements one after the other.
    package func joined<Element: BitwiseCopyable>(_ elements: [Element]) -> [Element] {
        isAlone ? elements : Array(allGather(elements).joined())
    }

    /// What each rank has for this one, in their order.
    ///
    /// - Parameter parts: what this rank has for each.
    package func allToAll<Element: BitwiseCopyable>(_ parts: [[Element]]) -> [[Element]] {
        var received = parts
        for shift in 1..<max(1, size) {
            let partner = rank ^ shift
            var (sent, count) = (parts[partner].count, 0)
            withUnsafeBytes(of: &sent) { sent in
                withUnsafeMutableBytes(of: &count) { swap(with: partner, sent, $0) }
            }
            let room = LaneBuffer<Element>(uninitializedCount: count)
            parts[partner].withUnsafeBytes {
                swap(
                    with: partner, $0,
                    UnsafeMutableRawBufferPointer(
                        start: room.pointer, count: count * MemoryLayout<Element>.stride))
            }
            received[partner] = Array(UnsafeBufferPointer(start: room.pointer, count: count))
        }
        return received
    }

    /// The elements of each rank, for the first alone, which knows how many there are.
    ///
    /// - Returns: those of each rank at the first one, nothing at the others.
    func gather<Element: BitwiseCopyable>(
        _ elements: [Element], counts: [Int]
    ) -> [[Element]] {
        let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        guard isFirst else {
            elements.withUnsafeBytes { swap(with: 0, $0, nothing) }
            return []
        }
        return [elements]
            + (1..<size).map { partner in
                let room = LaneBuffer<Element>(uninitializedCount: counts[partner])
                swap(
                    with: partner, UnsafeRawBufferPointer(nothing),
                    UnsafeMutableRawBufferPointer(
                        start: room.pointer,
                        count: counts[partner] * MemoryLayout<Element>.stride))
                return Array(
                    UnsafeBufferPointer(start: room.pointer, count: counts[partner]))
            }
    }

    // MARK: Agreement

    /// What the first rank says, for all.
    package func broadcast<Element: BitwiseCopyable>(_ element: Element) -> Element {
        isAlone ? element : allGather([element])[0][0]
    }

    /// Whether any rank says so.
    package func any(_ flag: Bool) -> Bool {
        isAlone ? flag : allGather([flag ? 1 : 0 as UInt8]).contains { $0[0] != 0 }
    }

    /// Returns when all ranks have called it.
    package func barrier() { _ = any(false) }
}

extension UnsafeMutableBufferPointer {
    /// The memory of some of the elements.
    fileprivate func bytes(of range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: self[range]))
    }
}
