import Hashing
import Platform
import ResultsFormat
import Safeguards

/// A file of a model's folder while it is read from beginning to end, hashed on the way.
struct ModelFile {
    /// As messages name it.
    let path: String
    /// As it was when it was opened.
    let size: Int
    private let file: RegularFile
    private var hash = SHA256()
    private var position = 0

    /// - Throws: ``ModelError`` where there is none, or none that may be read.
    init(_ path: String) throws(ModelError) {
        self.path = path
        do throws(RegularFile.Refusal) {
            file = try RegularFile(path: path)
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
        size = Int(file.status.st_size)
    }

    func damaged(_ place: String, _ required: String, _ found: String) -> ModelError {
        .damaged(file: path, place: place, required: required, found: found)
    }

    /// The next bytes.
    ///
    /// - Precondition: `count` is at least 0. More than the file has is an error before any memory
    ///   is taken.
    mutating func bytes(_ count: Int) throws(ModelError) -> [UInt8] {
        try numbers(count, of: UInt8.self)
    }

    /// The next numbers, which stand in the file as in memory.
    mutating func numbers<Number: BitwiseCopyable>(
        _ count: Int, of type: Number.Type
    ) throws(ModelError) -> [Number] {
        let length = count * MemoryLayout<Number>.stride
        guard length <= size - position else {
            throw damaged("byte \(position)", "\(length) more bytes", "\(size - position)")
        }
        var failure: ModelError?
        var hash = hash
        let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, filled in
            let bytes = UnsafeMutableRawBufferPointer(buffer.extracting(..<count))
            LargeMemory.prefersLargePages(bytes)
            do throws(ModelError) {
                try fill(bytes, &hash)
                filled = count
            } catch {
                failure = error
                filled = 0
            }
        }
        if let failure { throw failure }
        self.hash = hash
        position += length
        return numbers
    }

    /// Reads so many bytes, each piece hashed while it is in the cache.
    private func fill(
        _ buffer: UnsafeMutableRawBufferPointer, _ hash: inout SHA256
    ) throws(ModelError) {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(
                rebasing: buffer[filled..<min(filled + (1 << 20), buffer.count)])
            let count = FileDescriptor.readAll(
                file.descriptor, into: rest, at: position + filled)
            guard count >= 0 else {
                throw .unreadable(file: path, reason: String(cString: strerror(errno)))
            }
            hash.update(UnsafeRawBufferPointer(rebasing: rest[..<count]))
            filled += count
            guard count == rest.count else {
                throw damaged(
                    "byte \(position + filled)", "\(buffer.count - filled) more bytes",
                    "the end of the file")
            }
        }
    }

    /// Everything from here to the end.
    mutating func rest() throws(ModelError) -> [UInt8] { try bytes(size - position) }

    /// Compares what was read with what the model says of the file.
    ///
    /// - Precondition: it was read to its end.
    func check(_ content: ModelRecord.File) throws(ModelError) {
        guard position == content.bytes else {
            throw damaged("the file", "\(content.bytes) bytes", "\(position)")
        }
        let digest = hash.hexadecimal()
        guard digest == content.sha256 else {
            throw damaged(
                "the file", "the content with the SHA-256 \(content.sha256.prefix(12))…",
                "one with \(digest.prefix(12))…: it is damaged, or was changed")
        }
    }
}
