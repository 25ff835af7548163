import Testing
import YAMLTree

/// The core schema of YAML 1.2, and what it is not.
struct ScalarTests {
    @Test(
        arguments: [
            ("null", .null), ("Null", .null), ("NULL", .null), ("~", .null),
            ("nULL", .string("nULL")),
            ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)),
            ("false", .bool(false)), ("False", .bool(false)), ("FALSE", .bool(false)),
            ("yes", .string("yes")), ("no", .string("no")), ("on", .string("on")),
            ("off", .string("off")), ("y", .string("y")), ("tRue", .string("tRue")),

            ("0", .integer(0)), ("42", .integer(42)), ("-7", .integer(-7)), ("+7", .integer(7)),
            ("0777", .integer(777)), ("-007", .integer(-7)),
            ("0o17", .integer(15)), ("0x1F", .integer(31)), ("0xff", .integer(255)),
            ("0o8", .string("0o8")), ("0xG", .string("0xG")), ("0o", .string("0o")),
            ("0x", .string("0x")), ("-0x1F", .string("-0x1F")), ("+0o7", .string("+0o7")),
            ("0O7", .string("0O7")), ("0X7", .string("0X7")), ("ax1", .string("ax1")),
            ("0b101", .string("0b101")), ("1_000", .string("1_000")), ("12:30", .string("12:30")),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
            ("0xFFFFFFFFFFFFFFFF", .number(18_446_744_073_709_551_616)),
            ("0o2000000000000000000000", .number(18_446_744_073_709_551_616)),

            ("0.1", .number(0.1)), ("-0.5", .number(-0.5)), ("+.5", .number(0.5)),
            (".5", .number(0.5)),
            ("1.", .number(1)), ("1e-3", .number(1e-3)), ("1E+3", .number(1000)),
            ("1.e2", .number(100)),
            (".5e1", .number(5)), ("2e308", .number(.infinity)), ("1e-400", .number(0)),
            (".inf", .number(.infinity)), ("-.Inf", .number(-.infinity)),
            ("+.INF", .number(.infinity)),
            ("inf", .string("inf")), ("nan", .string("nan")), (".iNF", .string(".iNF")),
            ("-.nan", .string("-.nan")), ("infinity", .string("infinity")),
            ("1e", .string("1e")), ("e3", .string("e3")), (".e3", .string(".e3")),
            ("1.2.3", .string("1.2.3")), ("+", .string("+")), ("-.", .string("-.")),
            (".", .string(".")), ("1 2", .string("1 2")), ("0x1p3", .string("0x1p3")),
            ("2024-01-31", .string("2024-01-31")), ("１", .string("１")), ("--1", .string("--1")),
            ("<<", .string("<<")), ("=", .string("=")),
        ] as [(String, ScalarValue)])
    func plain(_ text: String, _ value: ScalarValue) throws {
        let scalar = try #require(try read("a: \(text)\n").mapping?["a"]?.scalar)
        #expect(scalar == Scalar(text: text, style: .plain, value: value))
    }

    @Test(arguments: [".nan", ".NaN", ".NAN"])
    func notANumber(_ text: String) throws {
        guard case .number(let value) = try read(text).scalar?.value else {
            Issue.record("\(text) is no number")
            return
        }
        #expect(value.isNaN)
    }

    @Test func nothingIsNull() throws {
        #expect(
            outline(try read("a:\nb: # nothing\nc: ''\n"))
                == "{a: null, b: null, c: ''}")
        #expect(outline(try read("- \n- {a: , b}\n")) == "[null, {a: null, b: null}]")
        #expect(outline(try read("--- null")) == "null")
    }

    @Test(
        arguments: [
            ("'1'", .singleQuoted, "1"), ("\"null\"", .doubleQuoted, "null"),
            ("\"a\\n\\x41\\u00e9\\U0001F600\\0\"", .doubleQuoted, "a\nAé😀\0"),
            ("'it''s'", .singleQuoted, "it's"), ("''", .singleQuoted, ""),
            ("|\n  1\n  2\n", .literal, "1\n2\n"), ("|-\n  true\n", .literal, "true"),
            (">\n  a\n  b\n\n", .folded, "a b\n"), ("|+\n  a\n\n", .literal, "a\n\n"),
        ] as [(String, Scalar.Style, String)])
    func quotedIsString(_ yaml: String, _ style: Scalar.Style, _ text: String) throws {
        let scalar = try #require(try read("a: \(yaml)").mapping?["a"]?.scalar)
        #expect(scalar == Scalar(text: text, style: style, value: .string(text)))
    }

    @Test(arguments: [
        ("!!str 1", "'1'"), ("!!str", "''"), ("! 1", "'1'"), ("!!int '12'", "12"),
        ("!!int 0x10", "16"), ("!!float 1", "1.0"), ("!!float 1e3", "1000.0"),
        ("!!float .inf", "inf"), ("!!float 0x10", "16.0"), ("!!bool 'true'", "true"),
        ("!!null ''", "null"), ("!!null", "null"), ("!!seq [1]", "[1]"), ("!!map {a: 1}", "{a: 1}"),
        ("! [1]", "[1]"), ("!<tag:yaml.org,2002:str> 1", "'1'"),
    ])
    func tags(_ yaml: String, _ expected: String) throws {
        #expect(outline(try read("- \(yaml)\n")) == "[\(expected)]")
    }

    @Test func versionDirectiveChangesNothing() throws {
        #expect(outline(try read("%YAML 1.1\n---\n[yes, 010, 1_0]\n")) == "['yes', 10, '1_0']")
    }
}
