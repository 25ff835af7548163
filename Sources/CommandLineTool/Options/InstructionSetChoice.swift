import Platform
import Retrieval

/// `TFRS_ISA`: which of the kernels' instruction sets to use.
enum InstructionSetChoice {
    static func apply() throws(ExitStatus) {
        guard let name = ProcessEnvironment.variables[InstructionSet.variable] else {
            return
        }
        do {
            try InstructionSet.request(name)
        } catch {
            StandardError.writeLine("tfrs-run: \(error)")
            throw .usage
        }
    }
}
