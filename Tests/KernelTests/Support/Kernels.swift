import CKernels
import Testing

/// All tests of the kernels.
@Suite enum Kernels {}

/// A level that this machine has.
struct Level: CustomTestStringConvertible, Hashable, Sendable {
    let name: String
    /// Whether its multiply-adds are fused.
    let isFused: Bool

    var testDescription: String { name }

    static let supported = [TK_ISA_PLAIN, TK_ISA_AVX2, TK_ISA_AVX512, TK_ISA_AVX512VNNI]
        .filter { tk_isa_supported($0) }
        .map { Level(name: String(cString: tk_isa_name($0)), isFused: tk_isa_fused($0)) }

    static let fused = supported.filter(\.isFused)

    /// Runs a body at this level, on this thread alone: other tests compute meanwhile.
    func run<T>(_ body: () throws -> T) rethrows -> T {
        #expect(tk_isa_request_on_thread(name) == Int32(TK_ISA_OK.rawValue))
        defer { _ = tk_isa_request_on_thread(nil) }
        return try body()
    }

    /// a · b + c, rounded as this level does.
    func multiplyAdd(_ a: Float, _ b: Float, _ c: Float) -> Float {
        isFused ? c.addingProduct(a, b) : a * b + c
    }
}

/// How much the tests do: debug builds run the kernels without optimisation.
enum Effort {
    #if DEBUG
        static let isThorough = false
    #else
        static let isThorough = true
    #endif
}
