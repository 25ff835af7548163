import Retrieval

extension SpecFindings {
    /// Makes every component of the spec to see whether its own fields go together, and to hear
    /// what it advises against.
    mutating func checkComponents() {
        var broken: [String] = []
        for component in spec.components(in: catalog) {
            let (path, kind) = (component.path, component.slot.kind)
            // What cannot be made for a part of it has been told of the part.
            guard !broken.contains(where: { $0.hasPrefix(path + ".") }) else { continue }
            do {
                for advice in try catalog.components.check(component.choice, of: kind) {
                    warn(at: advice.path(from: path), advice.message)
                }
            } catch {
                broken.append(path)
                let place = (error as? LayerError)?.place ?? ""
                self.error(at: path + place, "\(error)")
            }
        }
    }
}
