import Experiments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The stream for everything that is not a result.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
                #elseif canImport(Musl)
                    Musl.write(STDERR_FILENO, $0.baseAddress, $0.count)
                #else
                    Darwin.write(STDERR_FILENO, $0.baseAddress, $0.count)
                #endif
            }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Every error of a spec, compiler style.
    static func write(_ error: SpecError) {
        write(error.description)
    }
}
