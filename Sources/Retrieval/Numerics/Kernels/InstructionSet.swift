import CKernels

/// The instruction set that the kernels use, one for the whole process.
public enum InstructionSet {
    /// The environment variable that forces one.
    public static let variable = "TFRS_ISA"

    /// The name of the set in use: `plain`, `avx2`, `avx512` or `avx512vnni`.
    public static var activeName: String {
        tk_isa_name(tk_isa_active()).map { String(cString: $0) } ?? "unknown"
    }

    /// Whether the set in use fuses multiply and add. One that does not rounds otherwise, so its
    /// last bits may differ from the others'.
    public static var isFused: Bool { tk_isa_fused(tk_isa_active()) }

    /// Uses a set by name; call it before any computation.
    public static func request(_ name: String) throws(InstructionSetError) {
        switch tk_isa_status(UInt32(bitPattern: tk_isa_request(name))) {
        case TK_ISA_OK: return
        case TK_ISA_UNSUPPORTED: throw .unsupported(name)
        default: throw .unknown(name)
        }
    }
}

/// An instruction set that cannot be used.
public enum InstructionSetError: Error, Hashable, CustomStringConvertible {
    /// No set of instructions has that name.
    case unknown(String)
    /// This machine lacks the set of that name.
    case unsupported(String)

    public var description: String {
        switch self {
        case .unknown(let name):
            "\(InstructionSet.variable) requires one of plain, avx2, avx512, avx512vnni; found '\(name)'"
        case .unsupported(let name):
            "\(InstructionSet.variable) asks for \(name), which this machine does not have"
        }
    }
}
