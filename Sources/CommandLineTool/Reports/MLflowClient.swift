import Platform
import Reporting
import ResultsFormat

/// Speaks to an MLflow tracking server by `curl`, within a time.
struct MLflowClient {
    let url: String
    private let curl: String
    private let folder: String
    private let deadline: ContinuousClock.Instant
    /// No request may take longer, however much time is left.
    private static let longestRequest = 20.0

    /// Why a server was not told something.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameters:
    ///   - url: of the server, without credentials: those come from the environment alone.
    ///   - seconds: for everything that it is asked.
    init(url: String, seconds: Double) throws(Failure) {
        var base = url
        while base.hasSuffix("/") { base.removeLast() }
        guard base.hasPrefix("http://") || base.hasPrefix("https://"),
            base.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else {
            throw Failure(
                description: "'\(url)' is no address that begins with http:// or https://")
        }
        let host = base.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" }
        guard !host.isEmpty, !host.contains("@") else {
            throw Failure(
                description: "the address may hold no credentials: MLFLOW_TRACKING_TOKEN, or "
                    + "MLFLOW_TRACKING_USERNAME and _PASSWORD, are read from the environment")
        }
        let path = ProcessEnvironment.variable("PATH") ?? "/usr/bin:/bin"
        guard let curl = ChildProgram.find("curl", in: path) else {
            throw Failure(description: "there is no curl on the PATH, which publishing takes")
        }
        var template = Array(
            ((ProcessEnvironment.variable("TMPDIR") ?? "/tmp") + "/tfrs-run-publish-XXXXXX")
                .utf8CString)
        guard let folder = mkdtemp(&template) else {
            throw Failure(
                description: "no temporary folder can be made: \(String(cString: strerror(errno)))")
        }
        self.url = base
        self.curl = curl
        self.folder = String(cString: folder)
        deadline = .now + .seconds(seconds)
    }

    func close() { try? FileManager.default.removeItem(atPath: folder) }

    /// What the server answers; nil where it has no such thing.
    func ask(_ request: MLflowRequest) throws(Failure) -> JSONValue? {
        var settings: [(String, String)] = []
        var address = "\(url)/api/2.0/mlflow/\(request.endpoint)"
        if let body = request.body {
            let text: String
            do throws(JSONEncodingError) {
                text = try body.jsonText(.compact)
            } catch {
                throw Failure(description: "\(error)")
            }
            settings = [
                ("request", "POST"), ("header", "Content-Type: application/json"),
                ("data-binary", "@" + (try file("body", text))),
            ]
        } else {
            address +=
                "?"
                + request.parameters.map { "\($0.name)=\(Self.escaped($0.value))" }
                .joined(separator: "&")
        }
        let (status, answer) = try send(address, settings)
        let json = try? JSONValue(parsing: answer)
        if status == 404, json?["error_code"]?.stringValue == "RESOURCE_DOES_NOT_EXIST" {
            return nil
        }
        guard (200..<300).contains(status) else {
            let words = json?["message"]?.stringValue.map { ": \($0.prefix(300))" } ?? ""
            throw Failure(description: "the server answers \(status)\(words)")
        }
        guard let json, json.objectValue != nil else {
            throw Failure(
                description: "the server's answer to \(request.endpoint) is no JSON object: "
                    + "is this an MLflow server?")
        }
        return json
    }

    /// A page as a file that can be uploaded.
    func page(_ html: String) throws(Failure) -> String { try file("report.html", html) }

    /// Puts a file among a run's artifacts.
    ///
    /// - Parameter place: what follows `mlflow-artifacts:/` in the run's address of artifacts.
    func upload(_ path: String, to place: String) throws(Failure) {
        let escaped = place.split(separator: "/").map { Self.escaped(String($0)) }
            .joined(separator: "/")
        let (status, _) = try send(
            "\(url)/api/2.0/mlflow-artifacts/artifacts/\(escaped)", [("upload-file", path)])
        guard (200..<300).contains(status) else {
            throw Failure(description: "the server answers \(status)")
        }
    }

    private func send(
        _ address: String, _ settings: [(String, String)]
    ) throws(Failure) -> (status: Int, answer: [UInt8]) {
        let left = (deadline - .now) / .seconds(1)
        guard left > 0.1 else { throw Failure(description: "the time for it is over") }
        let answer = folder + "/answer"
        var all: [(String, String)] = [
            ("url", address), ("output", answer), ("write-out", "%{http_code}"),
            ("max-time", min(left, Self.longestRequest).fixed(2)),
            ("connect-timeout", min(left, 5).fixed(2)), ("proto", "=http,https"),
            ("max-filesize", "\(16 << 20)"),
        ]
        all += settings + Self.credentials
        // In a file that nobody else reads: what stands on a command line everybody sees.
        let text =
            "silent\nshow-error\n"
            + all.map { "\($0.0) = \"\(Self.quoted($0.1))\"\n" }.joined()
        let configuration = try file("configuration", text)
        let (codeFile, errorFile) = (folder + "/code", folder + "/error")
        let ending: ChildProcess.Ending?
        do throws(ChildFailure) {
            ending = try ChildProgram(
                curl, ["--disable", "--config", configuration], outputFile: codeFile,
                errorFile: errorFile
            ).start().wait { !SignalWatch.mustEnd && ContinuousClock.now < deadline + .seconds(2) }
        } catch {
            throw Failure(description: "\(error)")
        }
        guard ending == .exited(status: 0) else {
            let said = (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? ""
            let words = said.split(separator: "\n").first.map(String.init)
            throw Failure(description: words ?? "the server did not answer in time")
        }
        let code = (try? String(contentsOfFile: codeFile, encoding: .utf8)).flatMap { Int($0) }
        let bytes = FileManager.default.contents(atPath: answer).map(Array.init) ?? []
        return (code ?? 0, bytes)
    }

    private static var credentials: [(String, String)] {
        if let token = ProcessEnvironment.variable("MLFLOW_TRACKING_TOKEN") {
            return [("header", "Authorization: Bearer \(token)")]
        }
        guard let user = ProcessEnvironment.variable("MLFLOW_TRACKING_USERNAME") else { return [] }
        return [
            ("user", "\(user):\(ProcessEnvironment.variable("MLFLOW_TRACKING_PASSWORD") ?? "")")
        ]
    }

    /// A file that only its owner reads.
    private func file(_ name: String, _ text: String) throws(Failure) -> String {
        let path = folder + "/" + name
        do {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
        } catch {
            throw Failure(description: "\(path) cannot be written: \(error)")
        }
        return path
    }

    /// Between quotes in a configuration of curl's.
    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { quoted, scalar in
            switch scalar {
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
    }

    /// As a part of an address: RFC 3986's unreserved characters, others by their bytes.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }.joined()
    }
}
