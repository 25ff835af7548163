import CKernels
import Testing

extension Kernels {
    struct LevelTests {
        @Test func theAutomaticChoiceIsTheBestSupported() throws {
            #expect(tk_isa_request(nil) == Int32(TK_ISA_OK.rawValue))
            let active = String(cString: try #require(tk_isa_name(tk_isa_active())))
            #expect(active == Level.supported.last?.name)
            #expect(tk_isa_request("") == Int32(TK_ISA_OK.rawValue))
            #expect(tk_isa_request("auto") == Int32(TK_ISA_OK.rawValue))
        }

        @Test(arguments: Level.supported) func aSupportedLevelCanBeRequested(_ level: Level) throws
        {
            let before = tk_isa_active()
            let active = try level.run {
                String(cString: try #require(tk_isa_name(tk_isa_active())))
            }
            #expect(active == level.name)
            #expect(tk_isa_active() == before)
        }

        @Test(arguments: ["avx", "AVX2", "sse", "plain ", "neon"])
        func anUnknownNameIsRefusedAndChangesNothing(_ name: String) {
            Level.supported[0].run {
                #expect(tk_isa_request(name) == Int32(TK_ISA_UNKNOWN.rawValue))
                #expect(tk_isa_request_on_thread(name) == Int32(TK_ISA_UNKNOWN.rawValue))
                #expect(tk_isa_active() == TK_ISA_PLAIN)
            }
        }

        @Test func anUnsupportedLevelIsRefused() throws {
            for isa in [TK_ISA_AVX2, TK_ISA_AVX512, TK_ISA_AVX512VNNI]
            where !tk_isa_supported(isa) {
                let name = try #require(tk_isa_name(isa))
                #expect(tk_isa_request(name) == Int32(TK_ISA_UNSUPPORTED.rawValue))
            }
            #expect(tk_isa_supported(TK_ISA_PLAIN))
            #expect(!tk_isa_supported(tk_isa(rawValue: 4)))
            #expect(tk_isa_name(tk_isa(rawValue: 4)) == nil)
        }

        @Test(arguments: Level.supported) func theProbeCountsItsOperations(_ level: Level) {
            level.run {
                let one = tk_fma_probe(1)
                #expect(one >= 32)
                #expect(tk_fma_probe(1000) == 1000 * one)
                #expect(tk_fma_probe(0) == 0)
            }
        }
    }
}
