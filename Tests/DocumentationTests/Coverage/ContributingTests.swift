import Foundation
import TestSupport
import Testing

/// CONTRIBUTING is the map of the repository, and true.
@Suite struct ContributingTests {
    private static func text() throws -> String { try Repository.text(of: "CONTRIBUTING.md") }

    /// What stands in backticks.
    private static func quoted(_ text: some StringProtocol) -> [String] {
        String(text).matches(of: #/`([^`\n]+)`/#).map { String($0.1) }
    }

    /// The files that it sends people to; those that they are to write are called `My…`.
    @Test func itNamesFilesThatExist() throws {
        let paths = Self.quoted(try Self.text()).filter {
            $0.contains("/") && !$0.contains(" ") && !$0.contains("/My")
        }
        #expect(paths.count > 30)
        for path in paths {
            #expect(FileManager.default.fileExists(atPath: Repository.file(path).path), "\(path)")
        }
        let folders = Self.quoted(try Self.text()).compactMap { path in
            path.firstRange(of: "/My").map { String(path[..<$0.lowerBound]) }
        }
        #expect(folders.count > 5)
        for folder in folders {
            #expect(FileManager.default.fileExists(atPath: Repository.file(folder).path))
        }
    }

    /// Every target with what it imports, as the package declares it.
    @Test func itsTargetsAreThePackages() throws {
        let package = try Self.dependencies()
        var told: [String: [String]] = [:]
        for line in try Self.text().split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map(Self.quoted)
            guard cells.count == 3, cells[0].allSatisfy({ package[$0] != nil }) else { continue }
            for target in cells[0] { told[target] = cells[2] }
        }
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Repository.file("Sources").path)
        #expect(told.keys.sorted() == folders.sorted())
        for (target, imports) in told {
            #expect(imports == package[target], "\(target)")
        }
    }

    /// What each target of the package depends on: targets that no trait brings in.
    private static func dependencies() throws -> [String: [String]] {
        let text = try Repository.text(of: "Package.swift")
            .replacing(
                #/\.(target|product)\(name: "[\w-]+", (condition|package): [^\n]*/#, with: "")
        let targets = text.split(
            separator: #/\.(?:target|executableTarget|systemLibrary|testTarget)\(/#)
        var found: [String: [String]] = [:]
        for target in targets.dropFirst() {
            guard let name = target.firstMatch(of: #/name: "([\w-]+)"/#) else { continue }
            let list = target.firstMatch(of: #/dependencies: \[([^\]]*)\]/#)?.1 ?? ""
            found[String(name.1)] = list.matches(of: #/"([\w-]+)"/#).map { String($0.1) }
        }
        return found
    }

    /// What must not show: the place of whoever wrote it.
    @Test func nothingPointsOutsideOfTheRepository() throws {
        let outside = "../" + "shared"
        for folder in ["Sources", "Tests", "docs", "scripts", "experiments"] {
            let files = FileManager.default.enumerator(atPath: Repository.file(folder).path)
            while let file = files?.nextObject() as? String {
                guard let text = try? Repository.text(of: "\(folder)/\(file)") else { continue }
                #expect(!text.contains(outside), "\(folder)/\(file)")
            }
        }
    }
}
