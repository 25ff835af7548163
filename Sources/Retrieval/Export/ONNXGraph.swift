/// A computation as ONNX says it (Open Neural Network Exchange, opset 17 and ai.onnx.ml 3): a tower
/// that other runtimes can run.
public struct ONNXGraph: Sendable {
    /// A value of the graph, by its name.
    public typealias Value = String

    /// What a value holds, by ONNX's number of the type.
    public enum Element: Int, Sendable {
        /// 32-bit floats.
        case float = 1
        /// 32-bit integers.
        case int32 = 6
        /// 64-bit integers.
        case int64 = 7
        /// Texts in UTF-8.
        case string = 8
        /// Truth values.
        case bool = 9
    }

    /// What tells a node more than its inputs do.
    public enum Attribute: Sendable {
        /// One 32-bit float.
        case float(Float)
        /// One whole number.
        case integer(Int)
        /// One text.
        case string(String)
        /// 32-bit floats in order.
        case floats([Float])
        /// Whole numbers in order.
        case integers([Int])
        /// Texts in order.
        case strings([String])
    }

    /// One dimension of an input or an output.
    public enum Dimension: Sendable {
        /// Always so many, at least 1.
        case fixed(Int)
        /// The same number wherever the name stands.
        case named(String)
    }

    /// An input or an output with what it means.
    public struct Port: Sendable {
        /// What it is called.
        public var name: Value
        /// What it holds.
        public var element: Element
        /// Its sizes.
        public var shape: [Dimension]
        /// For people.
        public var meaning: String
    }

    /// What goes in, in the order in which it was asked for.
    public private(set) var inputs: [Port] = []
    /// What comes out.
    public private(set) var outputs: [Port] = []
    private var nodes: [ProtobufWriter] = []
    private var constants: [ProtobufWriter] = []
    private var constantBytes = 0
    private var known: [String: Value] = [:]
    private var counter = 0

    /// Versions of the operators.
    private static let (opset, mlOpset, irVersion) = (17, 3, 8)

    public init() {}

    // MARK: Building

    /// Adds an input; of one name there is one.
    public mutating func input(
        _ name: String, _ element: Element, _ shape: [Dimension], _ meaning: String
    ) -> Value {
        if !inputs.contains(where: { $0.name == name }) {
            inputs.append(Port(name: name, element: element, shape: shape, meaning: meaning))
        }
        return name
    }

    /// Names the outcome.
    public mutating func output(
        _ value: Value, as name: String, _ shape: [Dimension], _ meaning: String
    ) {
        add("Identity", [value], outputs: [name])
        outputs.append(Port(name: name, element: .float, shape: shape, meaning: meaning))
    }

    /// Adds a node with one output.
    public mutating func node(
        _ op: String, _ inputs: [Value], _ attributes: [(String, Attribute)] = [],
        domain: String = ""
    ) -> Value {
        let name = fresh(op)
        add(op, inputs, attributes, outputs: [name], domain: domain)
        return name
    }

    /// Adds a node.
    public mutating func add(
        _ op: String, _ inputs: [Value], _ attributes: [(String, Attribute)] = [],
        outputs: [Value], domain: String = ""
    ) {
        var node = ProtobufWriter()
        for input in inputs { node.string(1, input) }
        for output in outputs { node.string(2, output) }
        node.string(3, fresh("node"))
        node.string(4, op)
        for (name, attribute) in attributes {
            node.message(5) { $0.write(attribute, named: name) }
        }
        if !domain.isEmpty { node.string(7, domain) }
        nodes.append(node)
    }

    mutating func fresh(_ word: String) -> Value {
        counter += 1
        return "\(word)_\(counter)"
    }

    // MARK: Constants

    /// The numbers of a parameter, once.
    mutating func parameter(_ id: ParameterID, _ parameters: Parameters) -> Value {
        let name = parameters.name(of: id)
        if let value = known[name] { return value }
        known[name] = constant(parameters[id], named: name)
        return name
    }

    mutating func constant(_ matrix: Matrix, named name: String? = nil) -> Value {
        tensor(
            matrix.values.withUnsafeBytes { Array($0) }, .float, [matrix.rows, matrix.columns], name
        )
    }

    /// A number that goes with any shape.
    mutating func constant(_ value: Float) -> Value {
        once("float \(value.bitPattern)") {
            $0.tensor([value].withUnsafeBytes { Array($0) }, .float, [], nil)
        }
    }

    mutating func constant(_ values: [Int], shape: [Int]? = nil) -> Value {
        let shape = shape ?? [values.count]
        return once("ints \(values) \(shape)") { graph in
            graph.tensor(
                values.map { Int64($0) }.withUnsafeBytes { Array($0) }, .int64, shape, nil)
        }
    }

    private mutating func once(_ key: String, _ make: (inout ONNXGraph) -> Value) -> Value {
        if let value = known[key] { return value }
        let value = make(&self)
        known[key] = value
        return value
    }

    private mutating func tensor(
        _ bytes: [UInt8], _ element: Element, _ shape: [Int], _ name: String?
    ) -> Value {
        let name = name ?? fresh("constant")
        var tensor = ProtobufWriter()
        for size in shape { tensor.integer(1, size) }
        tensor.integer(2, element.rawValue)
        tensor.string(8, name)
        tensor.raw(9, bytes)
        constants.append(tensor)
        constantBytes += bytes.count
        return name
    }

    // MARK: Writing

    /// The file: a ModelProto.
    ///
    /// - Throws: ``ONNXError`` for more than the 2 GiB that a protocol buffer may have.
    public func file(
        name: String, producer: String, version: String, metadata: [(String, String)]
    ) throws(ONNXError) -> [UInt8] {
        guard constantBytes < 2_000_000_000 else {
            throw ONNXError(
                "the tower has \(constantBytes >> 20) MiB of parameters; an ONNX file may have "
                    + "2 GiB")
        }
        var graph = ProtobufWriter()
        for node in nodes { graph.raw(1, node.bytes) }
        graph.string(2, name)
        for constant in constants { graph.raw(5, constant.bytes) }
        for port in inputs { graph.message(11) { $0.write(port) } }
        for port in outputs { graph.message(12) { $0.write(port) } }
        var model = ProtobufWriter()
        model.integer(1, Self.irVersion)
        model.string(2, producer)
        model.string(3, version)
        model.raw(7, graph.bytes)
        for (domain, version) in [("", Self.opset), ("ai.onnx.ml", Self.mlOpset)] {
            model.message(8) {
                $0.string(1, domain)
                $0.integer(2, version)
            }
        }
        for (key, value) in metadata {
            model.message(14) {
                $0.string(1, key)
                $0.string(2, value)
            }
        }
        return model.bytes
    }
}

/// Why a tower cannot be said in ONNX.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension ProtobufWriter {
    fileprivate mutating func write(_ attribute: ONNXGraph.Attribute, named name: String) {
        string(1, name)
        switch attribute {
        case .float(let value):
            float(2, value)
            integer(20, 1)
        case .integer(let value):
            integer(3, value)
            integer(20, 2)
        case .string(let value):
            string(4, value)
            integer(20, 3)
        case .floats(let values):
            for value in values { float(7, value) }
            integer(20, 6)
        case .integers(let values):
            for value in values { integer(8, value) }
            integer(20, 7)
        case .strings(let values):
            for value in values { string(9, value) }
            integer(20, 8)
        }
    }

    fileprivate mutating func write(_ port: ONNXGraph.Port) {
        string(1, port.name)
        message(2) {
            $0.message(1) { tensor in
                tensor.integer(1, port.element.rawValue)
                tensor.message(2) { shape in
                    for dimension in port.shape {
                        shape.message(1) {
                            switch dimension {
                            case .fixed(let size): $0.integer(1, size)
                            case .named(let name): $0.string(2, name)
                            }
                        }
                    }
                }
            }
        }
        string(3, port.meaning)
    }
}
