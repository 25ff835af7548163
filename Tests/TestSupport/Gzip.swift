import CZlib
import Foundation

/// What a gzip file (RFC 1952) of one member holds. By zlib itself, apart from the readers that the
/// tests are about.
public func gunzip(_ data: Data) throws -> Data {
    var stream = z_stream()
    // The macro inflateInit2 is not imported. 16 more than the largest window asks for gzip's frame.
    guard
        inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DamagedGzip() }
    defer { inflateEnd(&stream) }
    var source = [UInt8](data)
    var result = Data()
    var part = [UInt8](repeating: 0, count: 1 << 20)
    let status = source.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        var status = Z_OK
        while status == Z_OK {
            part.withUnsafeMutableBufferPointer { output in
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                status = inflate(&stream, Z_NO_FLUSH)
            }
            result.append(contentsOf: part.prefix(part.count - Int(stream.avail_out)))
        }
        return status
    }
    guard status == Z_STREAM_END else { throw DamagedGzip() }
    return result
}

/// A file that is no gzip file, is cut short or has a wrong checksum.
public struct DamagedGzip: Error {}
