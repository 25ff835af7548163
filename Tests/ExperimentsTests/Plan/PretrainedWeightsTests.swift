import Experiments
import Foundation
import Retrieval
import TestSupport
import Testing

/// Tables that start with the numbers of a file.
@Suite struct PretrainedWeightsTests {
    private static let values: [Float] = [0, 1, 2, 3, -4, 5.5, 0.25, 7]

    private static func text(_ embedding: String) -> String {
        Sample.small().replacingOccurrences(
            of: "column: user_id, embedding: {output_dim: 4}",
            with: "column: user_id, vocabulary: [user_1, b, c], "
                + "embedding: {output_dim: 2, \(embedding)}"
        ).replacingOccurrences(of: "output_dim: 4", with: "output_dim: 2")
    }

    private func planned(
        _ embedding: String, _ files: [String: [UInt8]]
    ) throws -> (plan: ExperimentPlan, table: Matrix) {
        try withTemporaryFolder { folder in
            for (name, bytes) in files {
                try Data(bytes).write(to: URL(filePath: folder + "/" + name))
            }
            let plan = try plan(Self.text(embedding), in: isolated(folder))
            return (plan, plan.model.parameters.matrices[0])
        }
    }

    private func message(_ embedding: String, _ files: [String: [UInt8]]) -> String {
        planErrors { try planned(embedding, files).plan }.joined(separator: "\n")
    }

    /// - Parameter order: of the values, Fortran's or C's.
    private static func npy(
        _ values: [Float], descr: String = "<f4", order: String = "False",
        shape: String = "(4, 2)"
    ) -> [UInt8] {
        var header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }"
        header += String(repeating: " ", count: 117 - header.count) + "\n"
        let numbers = values.flatMap { value -> [UInt8] in
            switch descr {
            case "<f8": withUnsafeBytes(of: Double(value).bitPattern.littleEndian, Array.init)
            case ">f4": withUnsafeBytes(of: value.bitPattern.bigEndian, Array.init)
            default: withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
            }
        }
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + numbers
    }

    private static func safetensors(_ names: [String], dtype: String = "F32") -> [UInt8] {
        let entries = names.enumerated().map { index, name in
            "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":[4,2],"
                + "\"data_offsets\":[\(32 * index),\(32 * (index + 1))]}"
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        let numbers = names.indices.flatMap { index in
            values.flatMap {
                withUnsafeBytes(of: ($0 + Float(index)).bitPattern.littleEndian, Array.init)
            }
        }
        return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + numbers
    }

    @Test(arguments: ["<f4", "<f8", ">f4"])
    func rowsOfAnNPYFile(descr: String) throws {
        let file = Self.npy(Self.values, descr: descr)
        let found = try planned("weights: {path: w.npy}", ["w.npy": file])
        #expect(found.table.values == Self.values)
        #expect(found.plan.notes.allSatisfy { !$0.contains("w.npy") })
    }

    @Test func columnsFirst() throws {
        let columns =
            stride(from: 0, to: 8, by: 2).map { Self.values[$0] }
            + stride(from: 1, to: 8, by: 2).map { Self.values[$0] }
        let file = Self.npy(columns, order: "True")
        #expect(try planned("weights: {path: w.npy}", ["w.npy": file]).table.values == Self.values)
    }

    /// With a file of tokens rows go where their tokens stand; the rest start as initialised.
    @Test func rowsByToken() throws {
        let files = ["w.npy": Self.npy(Self.values), "t.txt": Array("c\nq\nuser_1\nz\n".utf8)]
        let (plan, table) = try planned("weights: {path: w.npy, tokens: t.txt}", files)
        let plain = try planned("embeddings_initializer: random_uniform", [:]).table
        #expect(Array(table.row(3)) == [0, 1])
        #expect(Array(table.row(1)) == [-4, 5.5])
        #expect(Array(table.row(0)) == Array(plain.row(0)))
        #expect(Array(table.row(2)) == Array(plain.row(2)))
        #expect(plan.notes.contains { $0.contains("1 of 4 rows are not in 'w.npy'") })
    }

    @Test func tensorsByName() throws {
        let one = ["w.safetensors": Self.safetensors(["a"])]
        #expect(try planned("weights: {path: w.safetensors}", one).table.values == Self.values)
        let two = ["w.safetensors": Self.safetensors(["a", "b"])]
        #expect(
            try planned("weights: {path: w.safetensors, tensor: b}", two).table.values
                == Self.values.map { $0 + 1 })
    }

    /// Frozen tables stay to the bit while the rest trains; others move.
    @Test(arguments: [true, false])
    func training(trainable: Bool) throws {
        let (plan, table) = try planned(
            "trainable: \(trainable), weights: {path: w.npy}", ["w.npy": Self.npy(Self.values)])
        var trainer = Trainer(
            model: plan.model, task: plan.task, optimizers: plan.optimizers,
            keyCounts: plan.keyCounts)
        var metrics = plan.task.makeMetricState()
        for _ in 0..<3 { _ = trainer.step(plan.train, 0..<64, metrics: &metrics) }
        let after = trainer.model.parameters.matrices
        #expect((after[0] == table) == !trainable)
        #expect(after[1] != plan.model.parameters.matrices[1])
    }

    @Test(arguments: [
        ("w.npy", npy(values, descr: "<i4"), "", "floats of 2, 4 or 8 bytes, found '<i4'"),
        ("w.npy", npy(values, shape: "(8,)"), "", "an array of two dimensions"),
        ("w.npy", npy(values, shape: "(4, 3)"), "", "4 x 3 numbers, found 32 bytes"),
        ("w.npy", npy([.nan] + values.dropFirst()), "", "finite numbers"),
        ("w.npy", npy(values, shape: "(2, 4)"), "", "embeddings of 4 numbers; 'output_dim' is 2"),
        (
            "w.npy", npy(Array(values.prefix(6)), shape: "(3, 2)"), "",
            "holds 3 rows; the table has 4"
        ),
        ("w.npy", npy(values), "tensor: a", "'tensor' is for .safetensors files"),
        ("w.npy", npy(values), "tokens: t.txt", "has 2 tokens for the 4 rows"),
        ("w.safetensors", safetensors(["a", "b"]), "", "one of several tensors, found a, b"),
        ("w.safetensors", safetensors(["a"]), "tensor: c", "a tensor 'c', found a"),
        ("w.safetensors", safetensors(["a"], dtype: "I32"), "", "floats in 'a', found I32"),
        ("w.csv", Array("b,1,2\nc,1\n".utf8), "", "w.csv:2:1: "),
        ("w.csv", Array("b,1,2\nc,1,x\n".utf8), "", "a finite number as field 3"),
        ("w.csv", Array("b,1,2\nb,3,4\n".utf8), "", "two rows for 'b': row 1 and row 2"),
        ("w.csv", Array("b,1,2\n".utf8), "tokens: t.txt", "brings its own tokens"),
        ("w.pt", [], "", "require a file whose name ends in .npy"),
    ])
    func badFiles(name: String, bytes: [UInt8], more: String, expected: String) {
        let fields = more.isEmpty ? "" : ", \(more)"
        let found = message(
            "weights: {path: \(name)\(fields)}", [name: bytes, "t.txt": Array("a\nb\n".utf8)])
        #expect(found.contains(expected) && !found.contains("\n"), "\(found)")
        #expect(message("weights: {path: nowhere.npy}", [:]).contains("nowhere.npy"))
    }
}
