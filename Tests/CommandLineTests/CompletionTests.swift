import Testing

struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) throws {
        try Tool.run { tool in
            let outcome = try tool("--generate-completion-script", shell)
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            for word in ["validate", "plan", "init", "yaml", "format"] {
                #expect(outcome.output.contains(word), "\(word)")
            }
        }
    }
}
