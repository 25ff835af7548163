import TestSupport
import Testing
import YAMLTree

/// Damaged specs either still parse or give a diagnostic that points into the file.
struct MutationTests {
    private static let spec = """
        # A spec with most of what YAML offers.
        name: "two-tower \\u00e9"
        seed: 42
        defaults: &defaults {type: adagrad, learning_rate: 1e-1}
        data:
          source: synthetic
          split: {strategy: random, train: 80000, test: 20_000}
          titles: ['Amélie', "千と千尋", Léon]
        towers:
          query:
            features:
              - {name: user_id, type: string_lookup, embedding: {dimension: 32}}
            layers: []
          candidate: &candidate
            features:
            - name: item_id
              type: !!str 1
            layers:
              - dense: {units: 0x40, activation: relu}
        notes: |
          Free text: with a colon,
            and its own indentation.
        folded: >-
          one
          two
        task:
          temperature: ~
          remove_accidental_hits: false
        train:
          optimizer:
            <<: *defaults
            learning_rate: .5
          again: *candidate
        """

    private static let insertions: [[UInt8]] =
        [
            "[", "]", "{", "}", ":", ": ", "- ", "? ", "&a ", "*a", "*defaults", "<<: ", "!!int ",
            "!x ",
            "|", ">", "'", "\"", "\\", "#", " #", "%", "@", "\t", "\n", "\r\n", "\r", "  ",
            "\n---\n",
            "\n...\n", ",", "~", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{1F600}",
        ].map { Array($0.utf8) } + [[0x00], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x1B]]

    @Test func theSpecItselfParses() throws {
        let root = try read(Self.spec)
        #expect(root.mapping?.entries.count == 9)
        #expect(
            outline(try #require(root.mapping?["train"]?.mapping?["optimizer"]))
                == "{learning_rate: 0.5, type: 'adagrad'}")
    }

    @Test func damagedSpecs() {
        var generator = SeededGenerator(seed: 20_240_131)
        let spec = Array(Self.spec.utf8)
        var parsed = 0
        var refused: Set<String> = []
        for _ in 0..<3000 {
            var bytes = spec
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                Self.damage(&bytes, &generator)
            }
            do {
                let root = try YAMLReader.read(bytes: bytes, name: "spec.yaml")
                parsed += 1
                expectOrdered(root)
            } catch {
                refused.insert(String(error.diagnostic.message.prefix(24)))
                expectInside(error.diagnostic)
            }
        }
        // The damage is neither harmless nor always the same.
        #expect(parsed > 100)
        #expect(refused.count > 20)
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            bytes.insert(contentsOf: insertions.randomElement(using: &generator) ?? [], at: place)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3: bytes.removeSubrange(place...)
        case 4 where place < end: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        default:
            let from = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 20)], at: place)
        }
    }

    /// Expects that every value and key of a tree stands in its file.
    private func expectOrdered(_ node: YAMLNode) {
        let isInside = isInside(node.range, node.source)
        #expect(isInside, "\(node.range)")
        for item in node.items ?? [] { expectOrdered(item) }
        for entry in node.mapping?.entries ?? [] {
            let isInside = self.isInside(entry.key.range, entry.key.source)
            #expect(isInside, "\(entry.key.text) \(entry.key.range)")
            expectOrdered(entry.value)
        }
    }

    private func isInside(_ range: SourceRange, _ source: SourceFile) -> Bool {
        range.start <= range.end
            && [range.start, range.end].allSatisfy { mark in
                guard let line = source.line(mark.line) else { return false }
                return mark.column >= 1 && mark.column <= line.unicodeScalars.count + 1
            }
    }
}
