extension StringProtocol {
    /// Without the characters at both ends for which `isDispensable` holds.
    package func trimming(while isDispensable: (Character) -> Bool) -> SubSequence {
        let rest = self.drop(while: isDispensable)
        guard let last = rest.lastIndex(where: { !isDispensable($0) }) else { return rest }
        return rest[...last]
    }
}
