extension Meaning {
    /// Reads the union LogicalType: what it makes of values, nil for a member that changes nothing
    /// for a reader; and whether it is LIST.
    static func logical(
        _ reader: inout CompactReader
    ) throws(Damage) -> (meaning: Meaning?, isList: Bool) {
        var id: Int16 = 0
        var meaning: Meaning?
        var isList = false
        while let type = try reader.field(&id) {
            guard type == .structure else {
                try reader.skip(type)
                continue
            }
            switch id {
            case 1, 4, 12:  // STRING, ENUM, JSON
                meaning = .text
                try reader.skip(type)
            case 3:
                isList = true
                try reader.skip(type)
            case 5: meaning = .decimal(scale: try scale(&reader))
            case 6:
                meaning = .date
                try reader.skip(type)
            case 7: meaning = .time(try unit(&reader))
            case 8: meaning = .timestamp(try unit(&reader))
            case 10: meaning = try integer(&reader)
            case 11:
                meaning = .nothing
                try reader.skip(type)
            case 14:
                meaning = .uuid
                try reader.skip(type)
            case 15:
                meaning = .float16
                try reader.skip(type)
            default: try reader.skip(type)
            }
        }
        return (meaning, isList)
    }

    private static func scale(_ reader: inout CompactReader) throws(Damage) -> Int {
        var id: Int16 = 0
        var scale = 0
        while let type = try reader.field(&id) {
            if id == 1 { scale = try reader.natural(type) } else { try reader.skip(type) }
        }
        return scale
    }

    /// TimeType and TimestampType: isAdjustedToUTC and a union of units.
    private static func unit(_ reader: inout CompactReader) throws(Damage) -> TimeUnit {
        var id: Int16 = 0
        var unit = TimeUnit.milliseconds
        while let type = try reader.field(&id) {
            guard id == 2, type == .structure else {
                try reader.skip(type)
                continue
            }
            var member: Int16 = 0
            while let type = try reader.field(&member) {
                try reader.skip(type)
                switch member {
                case 1: unit = .milliseconds
                case 2: unit = .microseconds
                case 3: unit = .nanoseconds
                default: throw .unsupported("a unit of time of number \(member)")
                }
            }
        }
        return unit
    }

    private static func integer(_ reader: inout CompactReader) throws(Damage) -> Meaning? {
        var id: Int16 = 0
        var isSigned = true
        while let type = try reader.field(&id) {
            if id == 2 { isSigned = try reader.boolean(type) } else { try reader.skip(type) }
        }
        return isSigned ? nil : .unsigned
    }

    /// The older ConvertedType.
    static func converted(_ number: Int64, scale: Int) -> Meaning? {
        switch number {
        case 0, 4, 19: .text
        case 5: .decimal(scale: scale)
        case 6: .date
        case 7: .time(.milliseconds)
        case 8: .time(.microseconds)
        case 9: .timestamp(.milliseconds)
        case 10: .timestamp(.microseconds)
        case 11...14: .unsigned
        default: nil
        }
    }
}
