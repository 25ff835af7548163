/// The last line of every page.
enum PageFooter {
    static func text(of paths: [String]) -> String {
        let shown = paths.prefix(4).joined(separator: ", ")
        let rest = paths.count > 4 ? " and \(paths.count - 4) more" : ""
        return "Made by tfrs-run report from \(shown)\(rest). This file needs no other and asks "
            + "nothing of the network."
    }
}
