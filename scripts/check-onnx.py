"""Compares the ONNX files of models with the tool's own embeddings; see check-onnx beside it."""
import json, os, subprocess, sys, tempfile

import numpy, onnx, onnxruntime

TOOL, ROOT, WITH_SPECS = sys.argv[1], sys.argv[2], "--specs" in sys.argv[3:]
EMBED = "embedding: {output_dim: 6}"


def lookup(column, more=""):
    return "{type: string_lookup, column: %s, %s%s}" % (column, EMBED, more)


def history(encoder, more=""):
    return ("{type: history, column: item_id, max_length: 5, order_by: time, encoder: %s, %s%s}"
            % (encoder, EMBED, more))


ITEM, USER = lookup("item_id"), lookup("user_id")
# (name, query features, candidate features, candidate layers, the rest of the spec)
CASES = [("lookup", USER, ITEM, "", "")]
CASES += [("feature " + name, USER, ITEM + ", " + text, "", "") for name, text in [
    ("several oov", lookup("item_id", ", num_oov_indices: 3").replace("item_id", "genre")),
    ("mask token", lookup("genre", ", mask_token: a")),
    ("lists", "{type: string_lookup, column: tags, %s}" % EMBED),
    ("lists, sum, mask_zero",
     "{type: string_lookup, column: tags, mask_token: x, "
     "embedding: {output_dim: 6, combiner: sum, mask_zero: true}}"),
    ("lists, sqrtn", "{type: string_lookup, column: tags, embedding: {output_dim: 6, combiner: sqrtn}}"),
    ("separator", "{type: string_lookup, column: words, separator: ' ', %s}" % EMBED),
    ("one hot", "{type: string_lookup, column: genre, output_mode: one_hot}"),
    ("multi hot", "{type: string_lookup, column: tags, output_mode: multi_hot}"),
    ("count", "{type: string_lookup, column: tags, output_mode: count}"),
    ("tf idf", "{type: string_lookup, column: tags, output_mode: tf_idf}"),
    ("integers", "{type: integer_lookup, column: year, %s}" % EMBED),
    ("hashing", "{type: hashing, column: item_id, num_bins: 11, %s}" % EMBED),
    ("hashing, salt, one hot",
     "{type: hashing, column: item_id, num_bins: 11, salt: 7, output_mode: one_hot}"),
    ("unified", "{type: unified_embedding, column: item_id, table: t, buckets_per_table: 17, "
                "num_tables: 2, num_chunks: 3, %s}" % EMBED),
    ("numeric", "{type: numeric, column: price}"),
    ("normalization", "{type: normalization, column: price}"),
    ("discretization", "{type: discretization, column: price, num_bins: 4, %s}" % EMBED),
    ("discretization, one hot",
     "{type: discretization, column: price, bin_boundaries: [1, 3], output_mode: one_hot}"),
    ("timestamp", "{type: timestamp_part, column: released, part: day_of_week, %s}" % EMBED),
    ("timestamp, cyclic",
     "{type: timestamp_part, column: released, part: hour_of_day, output_mode: cyclic}"),
    ("text", "{type: text_vectorization, column: words, %s}" % EMBED),
]]
CASES += [("layer " + text, USER, ITEM + ", " + lookup("genre"), text + ", {type: dense, units: 6}", "")
          for text in [
    "{type: dense, units: 5, activation: %s}" % a for a in [
        "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "gelu_approximate", "sigmoid",
        "hard_sigmoid", "tanh", "softmax", "softplus", "softsign", "swish", "silu", "mish",
        "exponential"]] + [
    "{type: activation, activation: elu}", "cross", "{type: cross, num_layers: 2, projection_dim: 3, diag_scale: 0.5}",
    "dot_interaction", "{type: dot_interaction, self_interaction: true, skip_gather: true}",
    "layer_normalization", "batch_normalization", "{type: mlp, units: [7, 5]}",
    "{type: residual, layers: [{type: dense, units: 12, activation: relu}]}",
    "{type: dropout, rate: 0.5}", "unit_normalization"]]
CASES += [("encoder " + text, history(text), ITEM, "", "") for text in [
    "average", "{type: decayed_average, decay: 0.7}", "{type: gru, units: 6}",
    "{type: gru, units: 6, reset_after: false}", "{type: gru, units: 6, activation: relu}",
    "{type: lstm, units: 6}", "{type: lstm, units: 6, activation: softsign, use_bias: false}",
    "self_attention", "{type: self_attention, heads: 2, blocks: 1, positions: none}"]]
CASES += [
    ("history, left", history("self_attention", ", padding: left"), ITEM, "", ""),
    ("history, unmasked", history("{type: gru, units: 6}", ", mask_padding: false"), ITEM, "", ""),
    ("history, beside", history("average", ", beside: [{column: rating, %s}]" % EMBED), ITEM, "", ""),
    ("history, genre beside",
     history("{type: gru, units: 6}", ", combine: concatenate, beside: [{column: genre, %s}]" % EMBED),
     ITEM, "", ""),
    ("summed", "SUM " + USER + ", " + lookup("country"), ITEM, "", ""),
    ("heads", "HEADS " + USER, ITEM, "", ""),
    ("contrastive", USER, ITEM, "", "loss: info_nce"),
    ("shared table", lookup("user_id"), "{type: string_lookup, column: item_id, "
     "embedding: {output_dim: 6, table: t}}, {type: string_lookup, column: item_id, "
     "embedding: {output_dim: 6, table: t}}", "", ""),
]


def write_data(folder):
    random = numpy.random.default_rng(5)
    with open(folder + "/interactions.csv", "w") as file:
        file.write("user_id,item_id,rating,time\n")
        for row in range(900):
            file.write("u%d,i%d,%d,%d\n" % (
                random.integers(30), min(random.integers(50), random.integers(50)),
                random.integers(1, 6), 1_600_000_000 + 3607 * row))
    with open(folder + "/users.csv", "w") as file:
        file.write("user_id,country\n" + "".join("u%d,c%d\n" % (u, u % 4) for u in range(30)))
    with open(folder + "/items.csv", "w") as file:
        file.write("item_id,genre,tags,words,price,year,released\n")
        for item in range(50):
            tags = "|".join("abcdx"[(item + k * k) % 5] for k in range(item % 4))
            file.write("i%d,%s,%s,The %s film %d,%.2f,%d,%d\n" % (
                item, "abc"[item % 3], tags, "red blue".split()[item % 2], item % 7,
                item * 0.37, 1990 + item % 9, 1_500_000_000 + 40_000 * item))


def spec_text(folder, case):
    _, query, candidate, layers, rest = case
    combine, query_layers = "", "{type: dense, units: 6}"
    if query.startswith("SUM "):
        combine, query = "combine: sum, ", query[4:]
    if query.startswith("HEADS "):
        query_layers, query = "{type: multi_head, heads: 3, units: 6}", query[6:]
    return f"""name: onnx
data:
  source: csv
  interactions:
    path: {folder}/interactions.csv
    columns: [{{name: time, type: integer}}, {{name: rating, type: integer}}]
  users: {{path: {folder}/users.csv}}
  items:
    path: {folder}/items.csv
    columns:
      - {{name: tags, type: list, separator: "|"}}
      - {{name: price, type: float}}
      - {{name: year, type: integer}}
      - {{name: released, type: integer}}
  query: user_id
  candidate: item_id
  split: {{strategy: temporal, order_by: time, test: 0.2}}
towers:
  query: {{{combine}features: [{query}], layers: [{query_layers}]}}
  candidate: {{features: [{candidate}], layers: [{layers or "{type: dense, units: 6}"}]}}
train: {{epochs: 2, batch_size: 64, optimizer: {{type: adam, learning_rate: 0.05}}}}
{rest}
"""


def call(*arguments):
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit("%s failed:\n%s" % (" ".join(arguments), done.stderr))
    return done.stdout


def jsonl(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def feeds(session, rows, table):
    """What goes into each input for some known rows."""
    found = {}
    for port in session.get_inputs():
        name, is_list = port.name, len(port.shape) == 2 and port.shape[1] == "length"
        if table is not None and name in table[0]:
            values = [line[name] for line in table]
            if is_list:
                width = max(1, max(map(len, values)))
                values = [v + [-1] * (width - len(v)) for v in values]
                found[name] = numpy.array(values, numpy.int64)
            elif port.type == "tensor(float)":
                found[name] = numpy.array(values, numpy.float32)
            else:
                found[name] = numpy.array([v[0] for v in values], numpy.int64)
            continue
        if name.endswith("_history"):
            column = name[:-len("_history")]
            values = [[step_value(step, column) for step in row["history"]] for row in rows]
        else:
            values = [row[name] for row in rows]
        if is_list:
            values = [v.split(" ") if isinstance(v, str) else v for v in values]
            width = FIXED or max(1, max(map(len, values)))
            values = [list(v) + [""] * (width - len(v)) for v in values]
        kinds = {"tensor(string)": object, "tensor(int64)": numpy.int64, "tensor(float)": numpy.float32}
        found[name] = numpy.array(values, kinds[port.type])
    return found


def step_value(step, column):
    if not isinstance(step, dict):
        step = {"item_id": step, "movie_id": step}
    if column in step:
        return str(step[column])
    return ITEMS[str(next(iter(step.values())))][column]


def check(name, model, folder):
    global ITEMS, FIXED
    FIXED = 5 if "unmasked" in name else None
    record = json.load(open(model + "/model.json"))
    ITEMS = {row[record["candidate"]["id"]]: row for row in jsonl(model + "/candidates.jsonl")}
    call("export", model, "--output", folder + "/onnx")
    worst = 0.0
    for tower, rows in [("query", "queries.jsonl"), ("candidate", "candidates.jsonl")]:
        rows = jsonl(model + "/" + rows)
        known = all(c["name"] in rows[0] for c in record[tower]["columns"]
                    if tower == "query")
        path = folder + "/onnx/" + tower + ".onnx"
        onnx.checker.check_model(onnx.load(path), full_check=True)
        if not known:
            continue
        call("embed", model, "--tower", tower, "--output", folder + "/own.npy")
        own = numpy.load(folder + "/own.npy")
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        beside = folder + "/onnx/" + tower + ".inputs.jsonl"
        table = jsonl(beside) if os.path.exists(beside) else None
        theirs = session.run(["embedding"], feeds(session, rows, table))[0]
        assert theirs.shape == own.shape, (name, tower, theirs.shape, own.shape)
        scale = max(1.0, float(numpy.abs(own).max()))
        worst = max(worst, float(numpy.abs(theirs - own).max()) / scale)
        if table: os.remove(beside)
    assert worst <= 1e-5, "%s: %g" % (name, worst)
    return worst


def main():
    with tempfile.TemporaryDirectory() as folder:
        write_data(folder)
        overall = 0.0
        for case in CASES:
            with open(folder + "/spec.yaml", "w") as file:
                file.write(spec_text(folder, case))
            call(folder + "/spec.yaml", "--quiet", "--output", folder + "/results.json",
                 "--save-model", folder + "/model")
            worst = check(case[0], folder + "/model", folder)
            overall = max(overall, worst)
            print("%-75s %.1e" % (case[0][:75], worst), flush=True)
        shipped = 0
        if WITH_SPECS:
            for name in sorted(os.listdir(ROOT + "/experiments")):
                if not name.endswith(".yaml") or "baselines" in name or "amazon" in name:
                    continue
                call(ROOT + "/experiments/" + name, "--quiet", "--output", folder + "/results.json",
                     "--save-model", folder + "/model", "--set", "train.epochs=1")
                worst = check(name, folder + "/model", folder)
                overall = max(overall, worst)
                shipped += 1
                print("%-75s %.1e" % (name, worst), flush=True)
    print("%d models and %d shipped specs agree; the greatest difference is %.1e"
          % (len(CASES), shipped, overall))


main()
