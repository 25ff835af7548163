import Retrieval
import Testing

@Suite struct VocabularyTests {
    private let column = TokenColumn(["b", "a", "b", "c", "d"])

    @Test func tokensFollowTheUnknown() throws {
        let vocabulary = try Vocabulary(["x", "y"])
        #expect(vocabulary.size == 3)
        #expect(["x", "y", "z", ""].map { vocabulary.index(of: $0) } == [1, 2, 0, 0])
    }

    @Test func aColumnGivesItsTokensInOrder() {
        let vocabulary = Vocabulary(of: column)
        #expect(vocabulary.tokens == ["b", "a", "c", "d"])
        #expect(vocabulary.lookup(column) == [1, 2, 1, 3, 4])
    }

    @Test func trainingRowsHideTheOthers() {
        let vocabulary = Vocabulary(of: column, rows: [3, 0, 2])
        #expect(vocabulary.tokens == ["c", "b"])
        #expect(vocabulary.lookup(column) == [2, 0, 2, 1, 0])
    }

    @Test func tokensThatNoRowShowsAreLeftOut() {
        let partial = TokenColumn(codes: [2, 0], dictionary: ["a", "b", "c"])
        #expect(Vocabulary(of: partial).tokens == ["c", "a"])
    }

    @Test func anotherDictionaryIsTranslated() {
        let vocabulary = Vocabulary(of: column)
        #expect(vocabulary.lookup(TokenColumn(["q", "d", "b", "q"])) == [0, 4, 1, 0])
    }

    @Test func listsKeepTheirLayout() {
        var lists = TokenListColumn(dictionary: ["x", "y", "z"])
        for row: [Int32] in [[1, 0], [], [1]] { lists.append(row) }
        let vocabulary = Vocabulary(of: lists)
        #expect(vocabulary.tokens == ["y", "x"])
        #expect(vocabulary.lookup(lists) == [1, 2, 1])
    }

    @Test func repeatedTokensAreErrors() {
        #expect(
            dataError { () throws(DataError) in _ = try Vocabulary(["a", "b", "a"]) }
                == "a vocabulary needs distinct tokens: 'a' stands at 0 and at 2")
    }
}
