import Foundation
import TestSupport
import Testing

/// The map of the library: a page for each of its rooms.
@Suite struct MapTests {
    private static let folder = "Sources/Retrieval"
    private static let catalogue = folder + "/Retrieval.docc"

    private static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.file(folder).path).sorted()
    }

    @Test func everyRoomHasAPage() throws {
        let rooms = try Self.names(in: Self.folder).filter { !$0.contains(".") }
        let pages = try Self.names(in: Self.catalogue).filter { $0.hasSuffix("Room.md") }
            .map { String($0.dropLast("Room.md".count)) }
        #expect(pages == rooms)
        let map = try Repository.text(of: Self.catalogue + "/Retrieval.md")
        for room in rooms { #expect(map.contains("- <doc:\(room)Room>"), "\(room)") }
        for (index, floor) in (FloorsTests.floors["Retrieval"] ?? []).enumerated() {
            let cells = floor.map { "<doc:\($0)Room>" }.joined(separator: ", ")
            #expect(map.contains("| \(index + 1) | \(cells) |\n"), "floor \(index + 1)")
        }
    }

    /// What a page names is declared, and what it sends people to is there.
    @Test func pagesNameWhatThereIs() throws {
        let names = Set(try PublicDeclaration.all(in: Self.folder).map(\.name))
        for page in try Self.names(in: Self.catalogue) {
            let text = try Repository.text(of: "\(Self.catalogue)/\(page)")
            for link in text.matches(of: #/``([A-Za-z]+)[^`]*``/#) where link.1 != "Retrieval" {
                #expect(names.contains(String(link.1)), "\(page): \(link.1)")
            }
        }
    }

    /// A page tells the rooms whose types its own names.
    @Test func pagesSayWhatTheyStandOver() throws {
        let floors = FloorsTests.floors["Retrieval"] ?? []
        let building = Building(
            floors: floors, sources: try FloorsTests.sources(of: "Retrieval"))
        for room in floors.joined() {
            let text = try Repository.text(of: "\(Self.catalogue)/\(room)Room.md")
                .replacing("\n", with: " ")
            let below = building.folders(namedBy: room)
            let told = below.isEmpty ? "nothing" : below.joined(separator: ", ")
            let sentence = "Folder: `Sources/Retrieval/\(room)`. It stands over: \(told)."
            #expect(text.contains(sentence), "\(room)Room.md: \(sentence)")
        }
    }
}
