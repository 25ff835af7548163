/// The version of the tool and of the library.
public enum ToolVersion {
    /// Major, minor and patch.
    public static let current = "0.2.0"
}
