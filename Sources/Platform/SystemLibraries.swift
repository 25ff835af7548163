// What every module may take for granted of the system: the C library, and of Foundation the part
// that starts in a millisecond. All of Foundation would bring fifty megabytes of libraries into a
// program of ten. One import of this module stands for the two choices below.
#if canImport(Darwin)
    @_exported import Darwin
#elseif canImport(Glibc)
    @_exported import Glibc
#elseif canImport(Musl)
    @_exported import Musl
#endif
#if canImport(FoundationEssentials)
    @_exported import FoundationEssentials
#else
    @_exported import Foundation
#endif
