import Platform

/// A decompressor that is looked for on the machine when a file first wants it, so that nobody
/// else has to have it.
struct SystemCodec: Sendable {
    typealias Decompress = @Sendable (ByteView, UnsafeMutableRawBufferPointer) -> Int?

    let name: String
    let package: String
    private let run: Decompress?

    /// Answers how many bytes came out.
    func decompress(
        _ bytes: ByteView, to target: UnsafeMutableRawBufferPointer
    ) throws(Damage) -> Int {
        guard let run else {
            throw .unsupported("\(name) compression without the library \(package)")
        }
        guard let produced = run(bytes, target) else {
            throw .wrong(required: "\(name) of \(target.count) bytes", found: "bytes that are none")
        }
        return produced
    }

    static let zstandard = SystemCodec(
        name: "Zstandard", package: "libzstd",
        run: {
            typealias Call =
                @convention(c) (
                    UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int
                ) -> Int
            typealias IsError = @convention(c) (Int) -> UInt32
            guard let library = open(["libzstd.so.1", "libzstd.1.dylib"]),
                let call: Call = symbol("ZSTD_decompress", library),
                let isError: IsError = symbol("ZSTD_isError", library)
            else { return nil }
            return { bytes, target in
                let produced = call(target.baseAddress, target.count, bytes.base, bytes.count)
                return isError(produced) == 0 ? produced : nil
            }
        }())

    static let brotli = SystemCodec(
        name: "Brotli", package: "libbrotlidec",
        run: {
            typealias Call =
                @convention(c) (
                    Int, UnsafeRawPointer?, UnsafeMutablePointer<Int>?, UnsafeMutableRawPointer?
                ) -> Int32
            guard let library = open(["libbrotlidec.so.1", "libbrotlidec.1.dylib"]),
                let call: Call = symbol("BrotliDecoderDecompress", library)
            else { return nil }
            return { bytes, target in
                var produced = target.count
                let result = call(bytes.count, bytes.base, &produced, target.baseAddress)
                return result == 1 ? produced : nil
            }
        }())

    /// The first of these libraries that is there; it stays open.
    private static func open(_ names: [String]) -> UInt? {
        for name in names {
            guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
            return UInt(bitPattern: library)
        }
        return nil
    }

    private static func symbol<Function>(_ name: String, _ library: UInt) -> Function? {
        guard let address = dlsym(UnsafeMutableRawPointer(bitPattern: library), name) else {
            return nil
        }
        return unsafeBitCast(address, to: Function.self)
    }
}
