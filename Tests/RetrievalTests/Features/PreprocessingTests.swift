import Retrieval
import Testing

/// What preprocessing gives by hand; recorded layers hold all of it in the golden vectors.
struct PreprocessingTests {
    @Test func fingerprints() {
        #expect(HashBuckets.fingerprint64("") == 11_160_318_154_034_397_263)
        #expect(HashBuckets.fingerprint64("a") == 12_917_804_110_809_363_939)
        #expect(HashBuckets.fingerprint64("abc") == 2_640_714_258_260_161_385)
    }

    /// Swift takes both spellings for equal; TensorFlow does not.
    @Test func tokensAreBytes() throws {
        let lookup = try IndexLookup(
            vocabulary: [UTF8Token("\u{e9}")], IndexLookup.Options(oovToken: UTF8Token("[UNK]")))
        #expect(try lookup.index(of: UTF8Token("\u{e9}")) == 1)
        #expect(try lookup.index(of: UTF8Token("e\u{301}")) == 0)
    }

    @Test func vocabulariesAreOrderedByCountThenFallingToken() throws {
        var counts = TokenCounts<UTF8Token>()
        counts.add(["b", "a", "a", "c", "[UNK]"].map(UTF8Token.init))
        var options = IndexLookup<UTF8Token>.Options(oovToken: UTF8Token("[UNK]"))
        let lookup = try IndexLookup(learningFrom: counts, options)
        #expect(lookup.vocabulary.map { $0?.text } == ["[UNK]", "a", "c", "b"])
        options.minFrequency = 2
        #expect(try IndexLookup(learningFrom: counts, options).tokens == [UTF8Token("a")])
    }

    @Test func calendar() {
        let leap = CalendarTime(seconds: 951_782_400)
        #expect((leap.year, leap.month, leap.dayOfMonth) == (2000, 2, 29))
        #expect((leap.dayOfWeek, leap.dayOfYear) == (1, 60))
        let before = CalendarTime(seconds: -1)
        #expect((before.year, before.month, before.dayOfMonth) == (1969, 12, 31))
        #expect((before.secondOfDay, before.dayOfWeek) == (86_399, 2))
    }

    @Test func textsAreSplitAsKerasSplits() {
        #expect(
            TextSplitter().tokens(of: " Toy  Story, (1995)\u{a0}\u{c9}") == [
                "toy", "story", "1995\u{a0}\u{c9}",
            ])
        #expect(
            TextSplitter(standardize: .none, ngrams: [1, 2]).tokens(of: "a b c")
                == ["a", "b", "c", "a b", "b c"])
    }
}
