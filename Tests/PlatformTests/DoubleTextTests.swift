import Foundation
import Platform
import Testing

/// Numbers as text, against Foundation's `String(format:)`.
@Suite struct DoubleTextTests {
    static let awkward: [Double] = [
        0, -0.0, 0.5, 1.5, 2.5, 0.125, 999_999.5, 1e-5, 1e-300, .leastNonzeroMagnitude, 1e21,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan,
    ]

    @Test(arguments: [0, 1, 2, 3, 4, 17])
    func digitsAsCWritesThem(digits: Int) {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<500).map { _ in
            Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
        }
        for value in Self.awkward + random {
            #expect(value.fixed(digits) == String(format: "%.\(digits)f", value))
            #expect(value.significant(digits) == String(format: "%.\(digits)g", value))
        }
    }

    @Test(arguments: [
        ("", ""), ("  ", ""), ("a", "a"), (" a b ", "a b"), ("\t\"x\" ", "\"x\""),
    ])
    func trimming(text: String, expected: String) {
        #expect(text.trimming(while: \.isWhitespace) == expected)
    }
}
