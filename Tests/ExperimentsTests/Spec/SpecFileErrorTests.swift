import Experiments
import Foundation
import Retrieval
import Testing

/// What people get to read of files that are no specs, and how a report shows its places.
struct SpecFileErrorTests {
    private static let sections =
        ExperimentSpec.description.fields.map(\.name).joined(separator: ", ")

    @Test(arguments: [
        ("[]", ["1:1: the spec requires a mapping with \(sections); found an empty list"]),
        ("5", ["1:1: the spec requires a mapping with \(sections); found 5"]),
        (
            "{}",
            [
                "1:1: experiment requires 'name': a string",
                "1:1: experiment requires 'data': "
                    + "the name of a data source, or a mapping with 'source'",
                "1:1: experiment requires 'towers': a mapping with query, candidate",
            ]
        ),
        (
            "nmae: x\ndata: synthetic\n\(Sample.towers)",
            ["1:1: experiment has no 'nmae'; did you mean 'name'?"]
        ),
        (
            "name: 5\ndata: {source: x}\ntowers: {query: {}}\nloss: {typ: hinge}\ntrain: {lr: 1, epochs: 0}",
            [
                "1:7: 'name' requires a string; found 5; did you mean \"5\"?",
                "2:16: no data source is called 'x'; there are movielens, synthetic",
                "3:9: towers requires 'candidate': a mapping with features, combine, layers",
                "3:17: tower requires 'features': a non-empty list of features",
                "4:8: a loss has no 'typ'; did you mean 'type'?",
                "5:9: train has no 'lr'; did you mean 'train.optimizer.learning_rate'?",
                "5:24: 'epochs' requires an integer, at least 1; found 0",
            ]
        ),
    ])
    func wholeFile(text: String, expected: [String]) {
        #expect(errors(text, catalog: Toy.catalog) == expected)
    }

    /// What is wrong with the YAML itself comes through with its place.
    @Test(arguments: [
        ("", "1:1: the file is empty"),
        ("name: a\nname: b\n", "2:1: the key 'name' is given twice; it is first given on line 1"),
        ("name: a\n\tseed: 1\n", "2:1: a tab cannot indent YAML; use spaces"),
        ("name: *x\n", "1:7: no anchor stands before the alias '*x'"),
    ])
    func brokenYAML(text: String, expected: String) {
        #expect(errors(text) == [expected])
    }

    @Test func aFileThatIsNotThere() {
        #expect {
            try SpecReader(catalog: .builtIn).read(path: "/nonexistent/spec.yaml")
        } throws: { error in
            "\(error)" == "/nonexistent/spec.yaml: error: there is no such file\n"
        }
    }

    @Test func theReportShowsTheLine() {
        #expect {
            try decode(Sample.minimal + "seed: abc\n")
        } throws: { error in
            "\(error)" == """
                spec.yaml:6:7: error: 'seed' requires an integer, at least 0; found 'abc'
                    6 | seed: abc
                      |       ^~~

                """
        }
    }
}
