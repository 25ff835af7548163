/// The files that a pattern of the shell's stands for.
package enum PathPattern {
    /// Paths that match, in no order that counts. Where reading is confined, what lies outside of
    /// the folders matches nothing: neither is it walked, as far as the pattern says where it
    /// begins, nor is its name for whoever wrote the pattern.
    package static func matches(of pattern: String) -> [String] {
        guard !Confinement.isOn || Confinement.covers(beginning(of: pattern)) else { return [] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        let paths = (0..<Int(found.gl_pathc)).compactMap { index in
            found.gl_pathv[index].map { String(cString: $0) }
        }
        return Confinement.isOn ? paths.filter(Confinement.covers) : paths
    }

    /// The folder before the first step that is a pattern.
    private static func beginning(of pattern: String) -> String {
        let fixed = pattern.prefix { !"*?[\\".contains($0) }
        return fixed.lastIndex(of: "/").map { $0 == fixed.startIndex ? "/" : String(fixed[..<$0]) }
            ?? "."
    }
}
