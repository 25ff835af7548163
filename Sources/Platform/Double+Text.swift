extension Double {
    /// With so many digits after the point, as C's `%.3f` writes it: 0.125 with two is 0.12.
    package func fixed(_ digits: Int) -> String { written("%.*f", digits) }

    /// As few digits as say the value to so many places, as C's `%.3g` writes it: 0.1, 1.25e-05.
    package func significant(_ digits: Int) -> String { written("%.*g", digits) }

    /// As it is printed; "nan" whatever the sign of what is no number, for that says nothing.
    package var unsignedNaNText: String { isNaN ? "nan" : "\(self)" }

    private func written(_ format: String, _ digits: Int) -> String {
        withVaList([Int32(clamping: digits), self]) { arguments in
            // The longest has 309 digits before the point.
            String(unsafeUninitializedCapacity: 320 + max(0, digits)) { buffer in
                buffer.withMemoryRebound(to: CChar.self) { characters in
                    Int(vsnprintf(characters.baseAddress, characters.count, format, arguments))
                }
            }
        }
    }
}
