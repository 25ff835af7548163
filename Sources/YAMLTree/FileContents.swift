import Platform
import Safeguards

/// Reads files of bounded size that cannot block.
enum FileContents {
    /// - Throws: ``YAMLError/Kind`` for everything but a regular file of at most `maximumBytes`.
    static func read(path: String, maximumBytes: Int) throws(YAMLError.Kind) -> [UInt8] {
        let file: RegularFile
        do throws(RegularFile.Refusal) {
            file = try RegularFile(path: path, showsSystem: true)
        } catch {
            throw kind(of: error)
        }
        guard file.status.st_size <= maximumBytes else {
            throw .tooLarge(maximumBytes: maximumBytes)
        }

        // The size is only what it was: files grow, and some systems' files claim none.
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes {
                FileDescriptor.readSome(file.descriptor, into: $0)
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .unreadableFile(String(cString: strerror(code)))
            }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw .tooLarge(maximumBytes: maximumBytes) }
        }
    }

    private static func kind(of refusal: RegularFile.Refusal) -> YAMLError.Kind {
        switch refusal {
        case .missing: .missingFile
        case .directory: .directory
        case .notRegular: .notARegularFile
        case .unreadable(let reason): .unreadableFile(reason)
        case .outside: .unreadableFile(refusal.description)
        }
    }
}
