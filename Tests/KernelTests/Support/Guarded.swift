/// Floats between guard values, at an address of a chosen misalignment.
final class Guarded {
    private static let margin = 48
    private static let guardBits: UInt32 = 0x7fc0_dead

    private let raw: UnsafeMutableRawPointer
    private let memory: UnsafeMutableBufferPointer<Float>
    private let start: Int
    let count: Int

    /// - Parameter shift: how many floats past a 64-byte boundary the values start.
    init(_ values: [Float], shift: Int = 0) {
        count = values.count
        start = Self.margin + shift
        let total = start + values.count + Self.margin
        raw = UnsafeMutableRawPointer.allocate(
            byteCount: total * MemoryLayout<Float>.stride, alignment: 64)
        memory = UnsafeMutableBufferPointer(
            start: raw.bindMemory(to: Float.self, capacity: total), count: total)
        memory.initialize(repeating: Float(bitPattern: Self.guardBits))
        for (index, value) in values.enumerated() { memory[start + index] = value }
    }

    deinit {
        raw.deallocate()
    }

    var pointer: UnsafeMutablePointer<Float>? {
        memory.baseAddress.map { $0 + start }
    }

    var values: [Float] { Array(memory[start..<start + count]) }

    /// Whether nothing was written before or after the values.
    var isIntact: Bool {
        (memory[..<start].allSatisfy { $0.bitPattern == Self.guardBits })
            && (memory[(start + count)...].allSatisfy { $0.bitPattern == Self.guardBits })
    }
}
