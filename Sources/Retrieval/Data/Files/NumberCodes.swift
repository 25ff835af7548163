/// The codes of numbers: an open-addressing table, which a dictionary of the standard library is a
/// few times slower than.
struct NumberCodes {
    private struct Slot {
        var number: Int64 = 0
        /// −1 where the slot is free.
        var code: Int32 = -1
    }

    /// A power of two of them, at most half taken.
    private var slots = [Slot](repeating: Slot(), count: 64)
    private var count = 0

    /// The number's code; nil where it has none.
    subscript(number: Int64) -> Int32? {
        get {
            let code = slots[place(of: number)].code
            return code < 0 ? nil : code
        }
        set {
            guard let newValue else { return }
            if count * 2 >= slots.count { grow() }
            let place = place(of: number)
            if slots[place].code < 0 { count += 1 }
            slots[place] = Slot(number: number, code: newValue)
        }
    }

    /// Where the number stands, or would.
    @inline(__always)
    private func place(of number: Int64) -> Int {
        let mask = slots.count &- 1
        let hash = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
        var place = Int(truncatingIfNeeded: hash ^ hash &>> 32) & mask
        while slots[place].code >= 0, slots[place].number != number { place = (place &+ 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.code >= 0 { slots[place(of: slot.number)] = slot }
    }
}
