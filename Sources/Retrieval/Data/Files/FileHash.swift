/// The SHA-256 of a file that somebody else reads, a part at a time.
final class FileHash: @unchecked Sendable {
    private let bytes: FileBytes
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var failure: FileFailure?
    private var isAtEnd = false

    init(path: String) throws(FileFailure) {
        bytes = try FileBytes(path: path, hashes: true)
    }

    deinit { buffer.deallocate() }

    /// Goes on until a share of the file is done. One thread at a time may call it.
    func advance(to share: Double) {
        let goal = Int(share * Double(bytes.identity.size))
        while bytes.consumed < goal, !isAtEnd { step() }
    }

    /// Goes to the end; the digest in lower-case hexadecimal.
    func finish() throws(FileFailure) -> String {
        while !isAtEnd { step() }
        if let failure { throw failure }
        return bytes.sha256 ?? ""
    }

    private func step() {
        do throws(FileFailure) {
            isAtEnd = try bytes.read(into: buffer) == 0
        } catch {
            failure = error
            isAtEnd = true
        }
    }
}
