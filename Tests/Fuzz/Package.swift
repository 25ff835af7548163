// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the default build knows nothing of it. See scripts/fuzz.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "tfrs-run", path: "../..", traits: ["SQLite"])],
    targets: [
        .executableTarget(
            name: "SpecFuzzer",
            dependencies: [
                .product(name: "Experiments", package: "tfrs-run"),
                .product(name: "Retrieval", package: "tfrs-run"),
            ],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
        .executableTarget(
            name: "ReaderFuzzer",
            dependencies: [
                .product(name: "Experiments", package: "tfrs-run"),
                .product(name: "ResultsFormat", package: "tfrs-run"),
                .product(name: "Retrieval", package: "tfrs-run"),
            ],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
    ]
)
