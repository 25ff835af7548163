/// A module as a house: folders stand on floors, and a file may use what stands on lower floors
/// and in its own folder, nothing else. Subfolders are part of their folder.
struct Building {
    /// From the ground up. Folders of one floor do not know each other.
    let floors: [[String]]
    /// Names of members that other modules and libraries have as well: a use of one says nothing.
    private let foreign: Set<String>
    /// The files of each folder, by their name within the module; `.` for those in none.
    private var folders: [String: [(name: String, file: SourceFile)]] = [:]

    /// - Parameters:
    ///   - sources: texts by their path within the module.
    ///   - foreign: names of members that other modules have.
    init(
        floors: [[String]], sources: [(path: String, text: String)], foreign: Set<String> = []
    ) {
        self.floors = floors
        self.foreign = foreign
        for (path, text) in sources {
            let parts = path.split(separator: "/")
            let folder = parts.count > 1 ? String(parts[0]) : "."
            folders[folder, default: []].append((path, SourceFile(text)))
        }
    }

    /// Folders that no floor has, and floors' folders without a file.
    var misplaced: [String] {
        Set(folders.keys).symmetricDifference(floors.joined()).sorted()
    }

    /// Every use of what stands higher, or beside: the file, the name and where that stands.
    func upwardUses() -> [String] {
        var found: [String] = []
        for (folder, files) in folders.sorted(by: { $0.key < $1.key }) {
            let below = reach(of: folder)
            let above = folders.keys.filter { !below.contains($0) }
            let known = names(of: below)
            let unknown = above.sorted().map { ($0, declared(by: $0).without(known)) }
            for (name, file) in files {
                for (other, declarations) in unknown {
                    for symbol in declarations.symbols(usedBy: file) {
                        found.append(
                            "\(name) uses '\(symbol)' of \(other), which is not below \(folder)")
                    }
                }
            }
        }
        return found
    }

    /// The folders whose types a folder names, in the order of the floors. A type that several folders
    /// declare says nothing.
    func folders(namedBy folder: String) -> [String] {
        let words = (folders[folder] ?? []).reduce(into: Set<String>()) {
            $0.formUnion($1.file.words)
        }
        let types = folders.mapValues {
            $0.reduce(into: Set<String>()) { $0.formUnion($1.file.types) }
        }
        return floors.joined().filter { other in
            guard other != folder, var own = types[other] else { return false }
            for (name, theirs) in types where name != other { own.subtract(theirs) }
            return !own.isDisjoint(with: words)
        }
    }

    /// A folder and those on the floors below it.
    private func reach(of folder: String) -> Set<String> {
        let floor = floors.firstIndex { $0.contains(folder) } ?? 0
        return Set(floors[..<floor].joined()).union([folder])
    }

    /// Every name that some of the folders declare in any place.
    private func names(of some: Set<String>) -> Names {
        var names = Names()
        for folder in some {
            for (_, file) in folders[folder] ?? [] {
                names.types.formUnion(file.types)
                names.values.formUnion(file.allNames)
            }
        }
        return names
    }

    private func declared(by folder: String) -> Declarations {
        var declarations = Declarations()
        let files = folders[folder] ?? []
        for (_, file) in files {
            declarations.types.formUnion(file.types)
            declarations.functions.formUnion(file.functions)
        }
        // Who has a value of a type of this folder has named the type or been given it by someone
        // who has; so members count only where the folder adds them to the type of another.
        for (_, file) in files {
            for (type, name) in file.extensionMembers
            where !declarations.types.contains(type) && !foreign.contains(name) {
                declarations.members.insert(name)
            }
        }
        return declarations
    }

    /// Names that a folder may use because they are declared within its reach; one that is
    /// declared there and elsewhere too is taken for the one within reach.
    private struct Names {
        var types: Set<String> = []
        var values: Set<String> = []
    }

    private struct Declarations {
        var types: Set<String> = []
        var functions: Set<String> = []
        var members: Set<String> = []

        func without(_ known: Names) -> Declarations {
            Declarations(
                types: types.subtracting(known.types),
                functions: functions.subtracting(known.values),
                members: members.subtracting(known.values))
        }

        func symbols(usedBy file: SourceFile) -> [String] {
            types.intersection(file.words).union(functions.intersection(file.callWords))
                .union(members.intersection(file.memberWords)).sorted()
        }
    }
}
