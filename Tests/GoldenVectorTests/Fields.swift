import Foundation

/// What a vector file holds that these tests do not understand. Never taken for an error that a
/// case expects.
struct VectorProblem: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The members of a JSON object, each to be taken: one that nobody takes is a problem, so that no
/// option of a case is left out unseen.
struct Fields {
    private var members: [String: Any]
    private let place: String

    init(_ value: Any?, _ place: String) throws {
        guard let members = value as? [String: Any] else {
            throw VectorProblem("\(place): not an object")
        }
        self.members = members
        self.place = place
    }

    /// Nil where the member is absent or null.
    mutating func take(_ name: String) -> Any? {
        let value = members.removeValue(forKey: name)
        return value is NSNull ? nil : value
    }

    /// Whether the member is there, null or not.
    func has(_ name: String) -> Bool { members[name] != nil }

    mutating func number(_ name: String) throws -> Double? {
        guard let value = take(name) else { return nil }
        guard let number = value as? NSNumber else { throw unexpected(name, value) }
        return number.doubleValue
    }

    mutating func integer(_ name: String) throws -> Int? {
        try number(name).map { number in
            guard let integer = Int(exactly: number) else { throw unexpected(name, number) }
            return integer
        }
    }

    mutating func flag(_ name: String) throws -> Bool {
        guard let value = take(name) else { return false }
        guard let flag = value as? Bool else { throw unexpected(name, value) }
        return flag
    }

    mutating func flags(_ name: String) throws -> [Bool] {
        let value = take(name)
        guard let flags = value as? [Bool] else { throw unexpected(name, value) }
        return flags
    }

    mutating func string(_ name: String) throws -> String? {
        guard let value = take(name) else { return nil }
        guard let string = value as? String else { throw unexpected(name, value) }
        return string
    }

    mutating func list(_ name: String) throws -> [Any] {
        guard let value = take(name) else { return [] }
        guard let list = value as? [Any] else { throw unexpected(name, value) }
        return list
    }

    mutating func tensor(_ name: String) throws -> Tensor? {
        try take(name).map { try Tensor($0, "\(place).\(name)") }
    }

    mutating func requiredTensor(_ name: String) throws -> Tensor {
        guard let tensor = try tensor(name) else {
            throw VectorProblem("\(place): no \(name)")
        }
        return tensor
    }

    /// Throws for members that were not taken.
    func finish() throws {
        guard members.isEmpty else {
            throw VectorProblem(
                "\(place): unknown \(members.keys.sorted().joined(separator: ", "))")
        }
    }

    private func unexpected(_ name: String, _ value: Any?) -> VectorProblem {
        VectorProblem("\(place).\(name): unexpected \(value.map { "\($0)" } ?? "absence")")
    }
}
