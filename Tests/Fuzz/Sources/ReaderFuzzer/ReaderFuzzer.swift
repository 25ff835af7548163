import Foundation
import Glibc

/// One input for the reader that `TFRS_FUZZ_READER` names: whatever the bytes are, it answers with
/// data or with an error that has words. A crash, a hang or a sanitizer's finding is what the
/// fuzzer looks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    reader(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

private let reader: @Sendable ([UInt8]) -> Void = {
    let name = ProcessInfo.processInfo.environment["TFRS_FUZZ_READER"] ?? ""
    guard let reader = Readers.all[name] else {
        let names = Readers.all.keys.sorted().joined(separator: ", ")
        FileHandle.standardError.write(Data("TFRS_FUZZ_READER names one of \(names)\n".utf8))
        exit(2)
    }
    return reader
}()
