import Reporting
import ResultsFormat
import Testing

/// What holds of the pages of every kind.
struct PageTests {
    /// A page of each kind, of things with that name.
    static func pages(named name: String) throws -> [Page] {
        let run = try Samples.input(try Samples.run(named: name), path: name)
        let other = try Samples.input(
            try Samples.run(named: name, seed: 2, rate: 0.3), path: name + "2")
        let broken = try Samples.input(
            try Samples.run(named: name, epochs: 0, status: .failed), path: name)
        let kinds: [[ReportInput]] = [
            [.run(run)], [.run(broken)], [.run(run), .run(other), .run(broken)],
            [.sweep(Samples.sweep(named: name))], [.gate(path: name, Samples.gate(named: name))],
            [.queries(path: name, Samples.queries(named: name))],
            [.run(run), .sweep(Samples.sweep(named: name)), .gate(path: name, Samples.gate())],
        ]
        return kinds.map { Report.page(of: $0) }
    }

    @Test(arguments: Samples.hostileNames)
    func namesBreakOutOfNothing(name: String) throws {
        for (page, usualCount) in zip(try Self.pages(named: name), Self.usualCounts) {
            let html = page.html
            let reading = try PageReading(html)
            // The same elements as with a harmless name: none was added, none was swallowed.
            let count = reading.elements.filter { $0 != "text" }.count
            #expect(count == usualCount, "\(name): \(count) elements, not \(usualCount)")
            #expect(reading.count(of: "script") == 1)
            #expect(reading.count(of: "img") == 0)
            for scalar in html.unicodeScalars {
                #expect(scalar == "\n" || scalar.value >= 0x20, "a control character is left")
                #expect(!(0x202A...0x202E).contains(scalar.value), "a mark of direction is left")
            }
        }
    }

    /// How many elements the pages have where no name does harm.
    private static let usualCounts: [Int] = {
        let pages = (try? Self.pages(named: "plain")) ?? []
        return pages.map { page in
            ((try? PageReading(page.html))?.elements ?? []).count { $0 != "text" }
        }
    }()

    @Test func everyPictureHasANameAndATable() throws {
        for page in try Self.pages(named: "movielens") {
            let html = page.html
            let reading = try PageReading(html)
            for (element, attributes) in zip(reading.elements, reading.attributes)
            where element == "svg" && attributes["role"] == "img" {
                #expect(attributes["aria-label"]?.isEmpty == false)
            }
            for figure in html.split(separator: "<figure ").dropFirst() {
                let end = try #require(figure.firstRange(of: "</figure>"))
                let body = figure[..<end.lowerBound]
                #expect(body.contains("<table") || body.contains("class=\"empty\""))
                #expect(body.contains("<figcaption><b>"))
            }
        }
    }

    /// Nothing is asked of the network, and only what stands in the page may run.
    @Test func pagesNeedNothingElse() throws {
        for page in try Self.pages(named: "movielens") {
            let html = page.html
            #expect(html.contains("default-src &#39;none&#39;"))
            #expect(!html.contains("http://") && !html.contains("https://"))
            let reading = try PageReading(html)
            for attributes in reading.attributes {
                #expect(attributes["src"] == nil)
                #expect(attributes["style"] == nil, "the policy lets no such style pass")
                if let link = attributes["href"] {
                    #expect(link.hasPrefix("#") || link == "data:,")
                }
                for name in attributes.keys { #expect(!name.hasPrefix("on")) }
            }
        }
    }

    @Test func anEmptyPlotSaysWhy() throws {
        let page = Report.page(of: [
            .run(try Samples.input(try Samples.run(epochs: 1)))
        ])
        #expect(page.html.contains("there is no curve to draw"))
        var old = try Samples.run()
        old.profile = nil
        let html = Report.page(of: [.run(try Samples.input(old))]).html
        #expect(html.contains("did not record it"))
    }

    /// Hundreds of trials and a million interactions make a page that can be sent.
    @Test func pagesStaySmall() throws {
        let sweep = Report.page(of: [.sweep(Samples.sweep(trials: 500))]).html
        #expect(sweep.utf8.count < 2_000_000)
        let queries = Report.page(of: [.queries(path: "q", Samples.queries(1_000_000))]).html
        #expect(queries.utf8.count < 2_000_000)
    }
}

extension PageTests {
    /// Long runs, and many, make pages that can be sent as well.
    @Test func longRunsAreThinned() throws {
        let long = Report.page(of: [.run(try Samples.input(try Samples.run(epochs: 20_000)))])
        #expect(long.html.utf8.count < 1_000_000)
        #expect(long.html.contains("over 20000 epochs"))
        let many = try (0..<200).map { seed in
            ReportInput.run(
                try Samples.input(try Samples.run(seed: seed), path: "results/\(seed).json"))
        }
        #expect(Report.page(of: many).html.utf8.count < 2_000_000)
    }
}
