extension Matrix: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        arrays.add(.matrix(self), as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        self = try arrays.takeMatrix(name, rows: rows, columns: columns)
    }
}

extension Double: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        arrays.add(.doubles([self]), as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        self = try arrays.takeDoubles(name, count: 1)[0]
    }
}

extension Float: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        arrays.add(.matrix(Matrix(rows: 1, columns: 1, values: [self])), as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        self = try arrays.takeMatrix(name, rows: 1, columns: 1).values[0]
    }
}

extension Int: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        arrays.add(.integers([Int64(self)]), as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        self = Int(try arrays.takeIntegers(name, count: 1)[0])
    }
}

extension [Double]: Restorable {
    public func save(to arrays: inout NamedArrays, as name: String) {
        arrays.add(.doubles(self), as: name)
    }

    public mutating func restore(
        from arrays: inout NamedArrays, as name: String
    ) throws(StateError) {
        self = try arrays.takeDoubles(name, count: count)
    }
}
