import Experiments
import Foundation
import Glibc
import Retrieval

/// One input: whatever the bytes are, the YAML reader, the merger, the decoder and the sweep's
/// expansion answer with a file or with errors that can be shown. A crash, a hang or a sanitizer's
/// finding is what the fuzzer looks for.
///
/// An input is a spec, or several texts: what follows a line `%%base` is what the spec may extend
/// as `base.yaml`, each line after `%%set` is a setting of the command line.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var spec: [UInt8] = []
    var base: [UInt8] = []
    var settings: [String] = []
    var part = Part.spec
    for line in UnsafeBufferPointer(start: start, count: count)
        .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
        if line.elementsEqual("%%base".utf8) {
            part = .base
        } else if line.elementsEqual("%%set".utf8) {
            part = .settings
        } else {
            switch part {
            case .spec: spec += line + [UInt8(ascii: "\n")]
            case .base: base += line + [UInt8(ascii: "\n")]
            case .settings:
                if settings.count < 8 { settings.append(String(decoding: line, as: UTF8.self)) }
            }
        }
    }
    files.write(spec, base: base)
    read(SpecReader(catalog: .builtIn, settings: settings, environment: ["DATA": "/mnt"]))
    return 0
}

private enum Part { case spec, base, settings }

private func read(_ reader: SpecReader) {
    do throws(SpecError) {
        let file = try reader.readFile(path: files.spec)
        precondition(file.warnings.allSatisfy { !$0.rendered.isEmpty }, "a warning without words")
    } catch {
        precondition(!error.diagnostics.isEmpty, "an error without words")
        precondition(error.description.contains(": error: "), "an error that is none")
    }
}

/// The files of an input, in memory where the system has a place for that.
private let files = InputFiles()

private struct InputFiles: Sendable {
    let spec: String
    let base: String

    init() {
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        let folder = "\(parent)/tfrs-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
        mkdir(folder, 0o700)
        spec = folder + "/spec.yaml"
        base = folder + "/base.yaml"
    }

    func write(_ spec: [UInt8], base: [UInt8]) {
        write(spec, to: self.spec)
        write(base, to: self.base)
    }

    private func write(_ bytes: [UInt8], to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0, "\(path) cannot be written")
        precondition(Glibc.write(file, bytes, bytes.count) == bytes.count, "\(path) is cut short")
        close(file)
    }
}
