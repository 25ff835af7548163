import Experiments
import Retrieval

private let reader = SpecReader(catalog: .builtIn, environment: [:])

/// One input: whatever the bytes are, the YAML reader and the decoder answer with a spec or with
/// errors that can be shown. A crash, a hang or a sanitizer's finding is what the fuzzer looks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do throws(SpecError) {
        _ = try reader.read(bytes: bytes, name: "fuzz.yaml")
    } catch {
        precondition(!error.description.isEmpty, "an error without words")
    }
    return 0
}
