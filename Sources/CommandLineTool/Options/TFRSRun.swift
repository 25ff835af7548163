import Retrieval

/// The command line, for an executable of three lines:
///
/// ```swift
/// var catalog = Catalog.builtIn
/// catalog.losses.register(MyLoss.entry)
/// TFRSRun.main(catalog: catalog)
/// ```
public enum TFRSRun {
    /// The components that specs may name, for the commands to find.
    @TaskLocal static var catalog = Catalog()

    /// The processes of the job that this one belongs to.
    @TaskLocal static var ranks: any Communicator = SingleProcess()

    /// The commit that was built, where the executable knows it.
    @TaskLocal static var commit: String?
}
