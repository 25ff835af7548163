/// What makes a text no table of lines.
enum TextFault {
    /// It has bytes of 0.
    case zeroBytes
    /// Its lines end as those of old Macs do.
    case returns

    /// What the names of a header tell; nil: nothing.
    ///
    /// - Parameter isAll: whether no line comes after them. Where lines do, a return within a name
    ///   is part of it.
    init?(header names: [String], isAll: Bool) {
        if names.contains(where: { $0.unicodeScalars.contains("\0") }) {
            self = .zeroBytes
        } else if isAll, names.contains(where: { $0.contains("\r") }) {
            self = .returns
        } else {
            return nil
        }
    }

    /// What is wrong, and what is to be done about it.
    var reason: String {
        switch self {
        case .zeroBytes:
            "it holds bytes of 0, as UTF-16 without a byte order mark does, and files that are no "
                + "text: save it as text in UTF-8, or as Parquet"
        case .returns:
            "its lines end with a carriage return alone: write line feeds, as tr '\\r' '\\n' does"
        }
    }
}
