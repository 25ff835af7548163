import Retrieval
import RetrievalTesting
import Testing

/// What a user's own loss is tested with, on every loss of the catalogue.
@Suite struct LossConformance {
    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func everyLossOfTheCatalogue(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        #expect(checkLoss(try entry.make(FieldValues())) == [])
    }

    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func reductionIsAFieldAndSumsUnlessTold(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        #expect(try entry.make(FieldValues()).reduction == .sum)
        var values = FieldValues()
        values["reduction"] = .string("sum_over_batch_size")
        #expect(try entry.make(values).reduction == .sumOverBatchSize)
    }

    /// Whatever a spec can say of a loss must change what its row is worth.
    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func everyOptionReachesTheLoss(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        let row = ScoreRow([0.3, 0.9, 0.4], positive: 1)
        let usual = try entry.make(FieldValues()).value(of: row)
        for field in entry.description.fields where !Self.elsewhere.contains(field.name) {
            var values = FieldValues()
            let value: FieldValue = try #require(Self.another(for: field), "\(field)")
            values[field.name] = value
            let other = try entry.make(values).value(of: row)
            #expect(other != usual, "\(field.name) of \(name)")
        }
    }

    /// What the rows of one loss alone do not show: how they are summed up, and what InfoNCE does to
    /// scores before a row gets here.
    private static let elsewhere: Set = ["reduction", "temperature", "learnable_temperature"]

    /// A value that the field may have, other than its default.
    private static func another(for field: FieldDescription) -> FieldValue? {
        switch (field.type, field.defaultValue) {
        case (.boolean, .boolean(let usual)?): .boolean(!usual)
        case (.number(let bounds), .number(let usual)?):
            [0.2, 2].first { $0 != usual && bounds.contains($0) }.map(FieldValue.number)
        case (.integer(let bounds), .integer(let usual)?):
            [usual + 1, usual - 1].first(where: bounds.contains).map(FieldValue.integer)
        case (.choice(let names), .string(let usual)?):
            names.first { $0 != usual }.map(FieldValue.string)
        default: nil
        }
    }

    /// ``LossCase/all`` forgets none.
    @Test(arguments: Catalog.builtIn.losses.entries.map(\.description.name))
    func everyLossHasItsFormula(_ name: String) throws {
        let entry = try #require(Catalog.builtIn.losses[name])
        let loss = try entry.make(FieldValues())
        #expect(LossCase.all.contains { type(of: $0.loss) == type(of: loss) })
    }
}
