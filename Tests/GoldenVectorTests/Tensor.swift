import Foundation
import Retrieval

/// A recorded tensor, row-major.
struct Tensor {
    enum Elements {
        case floats([Float])
        case integers([Int])
        case booleans([Bool])
        case strings([String])
    }

    let shape: [Int]
    let elements: Elements

    init(_ value: Any?, _ place: String) throws {
        var fields = try Fields(value, place)
        guard let shape = try fields.list("shape") as? [Int] else {
            throw VectorProblem("\(place): no shape")
        }
        let data = try fields.list("data")
        let type = try fields.string("dtype") ?? ""
        try fields.finish()
        self.shape = shape
        guard data.count == shape.reduce(1, *) else {
            throw VectorProblem("\(place): \(data.count) data for shape \(shape)")
        }
        switch type {
        case "float32": elements = .floats(try data.map { try Self.float($0, place) })
        case "int32", "int64": elements = .integers(try Self.cast(data, place))
        case "bool": elements = .booleans(try Self.cast(data, place))
        case "string": elements = .strings(try Self.cast(data, place))
        default: throw VectorProblem("\(place): unknown dtype '\(type)'")
        }
    }

    private static func cast<T>(_ data: [Any], _ place: String) throws -> [T] {
        guard let values = data as? [T] else { throw VectorProblem("\(place): not \(T.self)") }
        return values
    }

    private static func float(_ value: Any, _ place: String) throws -> Float {
        switch value {
        case let number as NSNumber: return Float(number.doubleValue)
        case let name as String:
            switch name {
            case "NaN": return .nan
            case "Infinity": return .infinity
            case "-Infinity": return -.infinity
            default: break
            }
        default: break
        }
        throw VectorProblem("\(place): '\(value)' is not a number")
    }

    func floats() throws -> [Float] {
        guard case .floats(let values) = elements else { throw VectorProblem("not float32") }
        return values
    }

    func booleans() throws -> [Bool] {
        guard case .booleans(let values) = elements else { throw VectorProblem("not bool") }
        return values
    }

    func ids() throws -> [VectorID] {
        switch elements {
        case .integers(let values): return values.map(VectorID.number)
        case .strings(let values): return values.map(VectorID.name)
        default: throw VectorProblem("neither integers nor strings")
        }
    }

    func matrix() throws -> Matrix {
        guard shape.count == 2 else { throw VectorProblem("shape \(shape) is not a matrix") }
        return Matrix(rows: shape[0], columns: shape[1], values: try floats())
    }

    /// The first `count` of the outermost dimension.
    func prefix(_ count: Int) throws -> Tensor {
        try cut(shape: [count] + shape.dropFirst()) { index in
            index < count * (shape.dropFirst().reduce(1, *))
        }
    }

    /// The first `count` of the second of two dimensions.
    func columns(_ count: Int) throws -> Tensor {
        try cut(shape: [shape[0], count]) { $0 % shape[1] < count }
    }

    private func cut(shape: [Int], _ keeps: (Int) -> Bool) throws -> Tensor {
        func kept<T>(_ values: [T]) -> [T] { values.indices.filter(keeps).map { values[$0] } }
        let elements: Elements =
            switch self.elements {
            case .floats(let values): .floats(kept(values))
            case .integers(let values): .integers(kept(values))
            case .booleans(let values): .booleans(kept(values))
            case .strings(let values): .strings(kept(values))
            }
        return Tensor(shape: shape, elements: elements)
    }

    private init(shape: [Int], elements: Elements) {
        self.shape = shape
        self.elements = elements
    }
}

/// A candidate's identity, of either type that the vectors have.
enum VectorID: Hashable, Sendable {
    case number(Int)
    case name(String)
}
