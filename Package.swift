// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The commit that is built, for `--version`; a define of the one target that holds it, so that a new
/// commit compiles that one again and nothing else.
let commit = Context.environment["TFRS_COMMIT"].map {
    CSetting.define("TFRS_COMMIT", to: "\"\($0)\"")
}

let package = Package(
    name: "tfrs-run",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Retrieval", targets: ["Retrieval"]),
        .library(name: "RetrievalTesting", targets: ["RetrievalTesting"]),
        .library(name: "ResultsFormat", targets: ["ResultsFormat"]),
        .library(name: "Experiments", targets: ["Experiments"]),
        .library(name: "CommandLineTool", targets: ["CommandLineTool"]),
        .executable(name: "tfrs-run", targets: ["tfrs-run"]),
    ],
    traits: [
        .trait(name: "SQLite", description: "Data from databases of SQLite; wants libsqlite3-dev."),
        .trait(
            name: "MPI",
            description: "Experiments spread over processes by MPI; wants libopenmpi-dev."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // System libraries.
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // Without pkgConfig, which would be asked for it by builds that do not want it.
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CMPI"),

        // Leaves: each knows nothing of the others.
        .target(
            name: "Platform", dependencies: ["CPlatform", "Safeguards"],
            swiftSettings: swiftSettings),
        .target(
            name: "CPlatform",
            cSettings: [
                .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
            ]),
        .target(
            name: "CKernels",
            cSettings: [
                .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
            ]),
        .target(
            name: "CSHA256",
            cSettings: [
                .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
            ]),
        .target(name: "Safeguards", swiftSettings: swiftSettings),
        .target(
            name: "Parquet", dependencies: ["CZlib", "Platform", "Safeguards"],
            swiftSettings: swiftSettings),
        .target(
            name: "Hashing", dependencies: ["CSHA256", "Platform"], swiftSettings: swiftSettings),
        .target(
            name: "YAMLTree", dependencies: ["CLibYAML", "Platform", "Safeguards"],
            swiftSettings: swiftSettings),
        .target(
            name: "ResultsFormat", dependencies: ["Hashing", "Platform", "Safeguards"],
            swiftSettings: swiftSettings),

        // What people look at: pages, and the files that other people's dashboards read.
        .target(
            name: "Reporting",
            dependencies: ["Hashing", "Platform", "ResultsFormat", "Safeguards"],
            swiftSettings: swiftSettings),

        // The domain, then the experiments that are declared over it, then the terminal. `Data` is a
        // room of the domain and no target: all rooms but the lowest stand over it, so that it would
        // be compiled before them and not beside them; and what it shares with them, the doors to
        // the kernels, would have to be open to other modules, into which nothing is inlined.
        .target(
            name: "Retrieval",
            dependencies: [
                "CKernels", "CZlib", "Hashing", "Parquet", "Platform", "Safeguards",
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
                .target(name: "CMPI", condition: .when(traits: ["MPI"])),
            ],
            swiftSettings: swiftSettings),
        // What a component of one's own is tested with, whatever the testing library.
        .target(
            name: "RetrievalTesting", dependencies: ["Retrieval"], swiftSettings: swiftSettings),
        .target(
            name: "Experiments",
            dependencies: [
                "Hashing", "Parquet", "Platform", "ResultsFormat", "Retrieval", "Safeguards",
                "YAMLTree",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "CommandLineTool",
            dependencies: [
                "Experiments", "Hashing", "Platform", "Reporting", "ResultsFormat", "Retrieval",
                "Safeguards", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
        .target(name: "CBuild", cSettings: [commit].compactMap(\.self)),
        .executableTarget(
            name: "tfrs-run", dependencies: ["CBuild", "CommandLineTool", "Retrieval"],
            swiftSettings: swiftSettings),

        // Benchmarks, whose cases are correctness tests as well; scripts/bench runs them.
        .target(name: "CAllocationCounter"),
        .target(
            name: "Benchmarks",
            dependencies: [
                "CAllocationCounter", "CKernels", "Experiments", "Parquet", "Platform",
                "ResultsFormat", "Retrieval",
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "tfrs-bench",
            dependencies: [
                "Benchmarks", "Platform", "ResultsFormat", "Retrieval",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),

        .testTarget(
            name: "PlatformTests", dependencies: ["Platform", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "YAMLTreeTests", dependencies: ["CLibYAML", "TestSupport", "YAMLTree"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "KernelTests", dependencies: ["CKernels", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "HashingTests", dependencies: ["Hashing", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ParquetTests", dependencies: ["Parquet", "ResultsFormat", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: swiftSettings),
        .testTarget(
            name: "SafeguardTests", dependencies: ["Safeguards"], swiftSettings: swiftSettings),
        .testTarget(
            name: "BenchmarkTests",
            dependencies: [
                "Benchmarks", "Platform", "ResultsFormat", "TestSupport", "tfrs-bench",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ResultsFormatTests",
            dependencies: ["ResultsFormat", "SchemaValidation", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ReportingTests", dependencies: ["Reporting", "ResultsFormat", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "RetrievalTests",
            dependencies: [
                "CKernels", "Parquet", "Platform", "Retrieval", "RetrievalTesting", "TestSupport",
                .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "GoldenVectorTests", dependencies: ["Retrieval", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: [
                "Experiments", "Hashing", "Parquet", "ResultsFormat", "Retrieval",
                "SchemaValidation", "TestSupport", "YAMLTree",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "tfrs-run", "ExampleRunner", "ResultsFormat", "Safeguards", "SchemaValidation",
                "TestSupport",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Experiments", "ResultsFormat", "Retrieval", "RetrievalTesting", "TestSupport",
            ],
            swiftSettings: swiftSettings),

        // What all tests help themselves to: folders, seeded numbers, small specs.
        .target(
            name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        // JSON Schema as far as the tests need it.
        .target(
            name: "SchemaValidation", dependencies: ["ResultsFormat"],
            path: "Tests/SchemaValidation", swiftSettings: swiftSettings),
        // The README's example: a command line with a loss of one's own.
        .executableTarget(
            name: "ExampleRunner", dependencies: ["CommandLineTool", "Retrieval"],
            path: "Tests/ExampleRunner", swiftSettings: swiftSettings),
    ]
)

// DocC's plugin, for scripts/docs alone: no other build is to fetch it.
if Context.environment["TFRS_DOCS"] != nil {
    package.dependencies.append(
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
