/// The codes of whole numbers.
///
/// Numbers that lie near each other, as ids do that were counted up, have their codes in an array by
/// number; others in an open-addressing table, which a dictionary of the standard library is a few
/// times slower than.
struct NumberCodes {
    private struct Slot {
        var number: Int64 = 0
        /// −1 where the slot is free.
        var code: Int32 = -1
    }

    /// The code of `least` and of the numbers behind it, −1 where one has none.
    private var near: [Int32] = []
    private var least: Int64 = 0
    /// A power of two of them, at most half taken; none as long as no number is far.
    private var slots: [Slot] = []
    private var slotCount = 0
    /// Numbers that were looked up, as often as they were.
    private var seen = 0

    /// Numbers that are looked up in one go: where each stands is fetched from memory beforehand.
    static let blockSize = 512

    /// Makes room for numbers that are looked up next.
    mutating func expect(_ numbers: UnsafeBufferPointer<Int64>) {
        seen += numbers.count
        guard var low = numbers.first else { return }
        var high = low
        for number in numbers {
            low = min(low, number)
            high = max(high, number)
        }
        if !near.isEmpty {
            low = min(low, least)
            high = max(high, least + Int64(near.count) - 1)
        }
        let (width, overflows) = high.subtractingReportingOverflow(low)
        // An array in which few places are taken would cost more than it saves.
        let most = Int64(1 << 14 + seen)
        guard !overflows, width < most, Int64(near.count) <= width else { return }
        // Ids that go on to be counted up do not each time have all copied.
        let ample = min(Int64(near.count) * 2, most, Int64.max - max(0, low))
        var larger = [Int32](repeating: -1, count: Int(max(width + 1, ample)))
        for (place, code) in near.enumerated() { larger[place + Int(least - low)] = code }
        (near, least) = (larger, low)
    }

    /// Writes the codes of numbers up to the first that has none, from a place on; answers where
    /// that is.
    @inline(__always)
    func find(
        _ numbers: UnsafeBufferPointer<Int64>, from start: Int,
        _ codes: UnsafeMutablePointer<Int32>
    ) -> Int {
        near.withUnsafeBufferPointer { near in
            var row = start
            while row < numbers.count {
                let number = numbers[row]
                let place = UInt64(bitPattern: number &- least)
                var code: Int32 = -1
                if place < UInt64(near.count) { code = near[Int(truncatingIfNeeded: place)] }
                if code < 0, slotCount > 0 { code = slots[self.place(of: number)].code }
                guard code >= 0 else { return row }
                (codes + row).initialize(to: code)
                row &+= 1
            }
            return row
        }
    }

    /// Has memory fetched where numbers will be looked up.
    @inline(__always)
    func fetch(_ numbers: UnsafeBufferPointer<Int64>) {
        guard slotCount > 0 else { return }
        slots.withUnsafeBufferPointer { slots in
            for number in numbers {
                Kernels.prefetch(slots.baseAddress! + (Self.hash(number) & (slots.count &- 1)))
            }
        }
    }

    /// Gives a number that has none its code.
    mutating func insert(_ number: Int64, code: Int32) {
        let place = UInt64(bitPattern: number &- least)
        guard place >= UInt64(near.count) else {
            near[Int(place)] = code
            return
        }
        if slotCount * 2 >= slots.count { grow() }
        slots[self.place(of: number)] = Slot(number: number, code: code)
        slotCount += 1
    }

    /// Where the number stands in the table, or would.
    @inline(__always)
    private func place(of number: Int64) -> Int {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count &- 1
            var place = Self.hash(number) & mask
            while slots[place].code >= 0, slots[place].number != number {
                place = (place &+ 1) & mask
            }
            return place
        }
    }

    @inline(__always)
    private static func hash(_ number: Int64) -> Int {
        let product = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product ^ product &>> 32)
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: max(1024, old.count * 2))
        for slot in old where slot.code >= 0 { slots[place(of: slot.number)] = slot }
    }
}
