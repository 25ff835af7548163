/// States as bytes for another rank, which is the same program on a machine of the same kind.
extension [NamedArrays] {
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.add(count)
        for arrays in self {
            writer.add(arrays.names.count)
            for name in arrays.names {
                guard let array = arrays[name] else { continue }
                writer.add([UInt8](name.utf8))
                writer.add(array)
            }
        }
        return writer.bytes
    }

    /// - Precondition: the bytes are those of states.
    init(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        self = (0..<reader.takeCount()).map { _ in
            var arrays = NamedArrays()
            for _ in 0..<reader.takeCount() {
                let name = String(decoding: reader.take(of: UInt8.self), as: UTF8.self)
                arrays.add(reader.takeArray(), as: name)
            }
            return arrays
        }
    }
}

private struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: number) { bytes += $0 }
    }

    mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) {
        add(elements.count)
        elements.withUnsafeBytes { bytes += $0 }
    }

    mutating func add(_ array: StateArray) {
        switch array {
        case .matrix(let matrix):
            add(0)
            add(matrix.columns)
            add(matrix.values)
        case .doubles(let values):
            add(1)
            add(values)
        case .integers(let values):
            add(2)
            add(values)
        case .flags(let values):
            add(3)
            add(values)
        }
    }
}

private struct ByteReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    mutating func takeCount() -> Int {
        defer { bytes = bytes.dropFirst(MemoryLayout<Int>.size) }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
    }

    mutating func take<Element: BitwiseCopyable>(of type: Element.Type) -> [Element] {
        let count = takeCount()
        let size = count * MemoryLayout<Element>.stride
        defer { bytes = bytes.dropFirst(size) }
        return [Element](unsafeUninitializedCapacity: count) { elements, initialized in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(elements).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[..<size]))
            }
            initialized = count
        }
    }

    mutating func takeArray() -> StateArray {
        switch takeCount() {
        case 0:
            let columns = takeCount()
            let values = take(of: Float.self)
            return .matrix(
                Matrix(
                    rows: columns == 0 ? 0 : values.count / columns, columns: columns,
                    values: values))
        case 1: return .doubles(take(of: Double.self))
        case 2: return .integers(take(of: Int64.self))
        default: return .flags(take(of: Bool.self))
        }
    }
}
