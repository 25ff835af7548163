"""Compares the ONNX files of models with the tool's own embeddings; see check-onnx beside it."""
import json, os, subprocess, sys, tempfile

import numpy, onnx, onnxruntime

TOOL, ROOT, WITH_SPECS = sys.argv[1], sys.argv[2], "--specs" in sys.argv[3:]
# Words of which a case's name has to hold one; none: all cases.
ONLY = [word for word in sys.argv[3:] if word != "--specs"]
EMBED = "embedding: {output_dim: 6}"


def lookup(column, more=""):
    return "{type: string_lookup, column: %s, %s%s}" % (column, EMBED, more)


def history(encoder, more=""):
    return ("{type: history, column: item_id, max_length: 5, order_by: time, encoder: %s, %s%s}"
            % (encoder, EMBED, more))


ITEM, USER = lookup("item_id"), lookup("user_id")

# What each component of the catalogue is tried with: its least, or several. Whoever adds a component
# says here with what. Their options are varied by the schema, so that none is forgotten.
FEATURES = {
    "string_lookup": ["column: genre", "column: tags", "column: words, separator: ' '"],
    "integer_lookup": ["column: year"],
    "hashing": ["column: item_id, num_bins: 11", "column: words, num_bins: 9, separator: ' '"],
    "normalization": ["column: price"],
    "discretization": ["column: price, num_bins: 4", "column: price, bin_boundaries: [1, 3]"],
    "text_vectorization": ["column: words"],
    "timestamp_part": ["column: released, part: day_of_week"],
    "numeric": ["column: price"],
    "unified_embedding": ["column: item_id, table: t, buckets_per_table: 17, num_tables: 2, "
                          "num_chunks: 3, " + EMBED],
    "history": None,  # Of the query tower, with the sequence encoders.
}
LAYERS = {
    "dense": "units: 5", "mlp": "units: [7, 5]", "activation": "activation: elu",
    "dropout": "rate: 0.5", "layer_normalization": "", "batch_normalization": "",
    "unit_normalization": "", "cross": "num_layers: 2, projection_dim: 3, diag_scale: 0.5",
    "multi_layer_dcn": "projection_dim: 3", "dot_interaction": "",
    "residual": "layers: [{type: dense, units: 12, activation: relu}]",
    "multi_head": None,  # Of the query tower, below.
}
ENCODERS = {
    "average": "", "decayed_average": "decay: 0.7", "gru": "units: 6", "lstm": "units: 6",
    "self_attention": "heads: 2",
}
# What an option wants beside it.
WITH = {"pad_to_max_tokens": "max_tokens: 40, output_mode: multi_hot"}
SCHEMA = json.load(open(ROOT + "/Schemas/experiment.schema.json"))["definitions"]


def catalogue(family, known):
    """The family's components, each of which has to be tried with something."""
    names = [name.split(".")[1] for name in SCHEMA if name.startswith(family + ".")]
    assert set(names) == set(known), "%s: %s" % (family, set(names) ^ set(known))
    return names


def variations(family, name):
    """Its options that have a few values, each with a value that is not its default."""
    yield ""
    for option, schema in SCHEMA["%s.%s" % (family, name)]["properties"].items():
        inner = schema.get("else", {})
        if inner.get("type") == "boolean":
            values = [not schema["default"]]
        else:
            values = [value for value in inner.get("enum", []) if value != schema.get("default")]
        # Every activation where it is by itself and within a recurrence, elsewhere some.
        if option.endswith("activation") and (family, option) != ("sequence_encoder", "activation") \
                and name != "activation":
            values = values[len(name) % 3::7]
        for value in values:
            yield "%s: %s" % (option, json.dumps(value)) + (
                ", " + WITH[option] if option in WITH else "")


def joined(name, *parts):
    """A component as YAML; where an option stands twice, the last one counts."""
    options = {}
    for part in parts:
        for option in yaml_options(part): options[option.split(":")[0]] = option
    return "{type: %s%s}" % (name, "".join(", " + option for option in options.values()))


def yaml_options(text):
    """Cuts a flow mapping's inside at its own commas."""
    depth, start = 0, 0
    for place, letter in enumerate(text + ","):
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            if text[start:place].strip(): yield text[start:place].strip()
            start = place + 1


def generated():
    for name in catalogue("feature", FEATURES):
        for base in FEATURES[name] or []:
            for variation in variations("feature", name):
                mode = "output_mode" in variation and '"int"' not in variation
                embedding = "" if mode or "embedding" not in SCHEMA["feature." + name][
                    "properties"] else EMBED
                text = joined(name, base, embedding, variation)
                yield ("feature " + text, USER, ITEM + ", " + text, "", "")
    for name in catalogue("layer", LAYERS):
        for variation in variations("layer", name) if LAYERS[name] is not None else []:
            text = joined(name, LAYERS[name], variation)
            yield ("layer " + text, USER, ITEM + ", " + lookup("genre"),
                   text + ", {type: dense, units: 6}", "")
    for variation in variations("layer", "multi_head"):
        text = joined("multi_head", "heads: 3, units: 6", variation)
        yield ("layer " + text, "LAYERS " + text + " " + USER, ITEM, "", "")
    for name in catalogue("sequence_encoder", ENCODERS):
        for variation in variations("sequence_encoder", name):
            text = joined(name, ENCODERS[name], variation)
            yield ("encoder " + text, history(text), ITEM, "", "")
    for variation in variations("feature", "history"):
        more = "".join(", " + option for option in [variation] if option)
        beside = ", beside: [{column: rating, %s}]" % EMBED if "combine" in variation else ""
        name = "history" + more + (" unmasked" if "mask_padding" in variation else "")
        yield (name, history("{type: gru, units: 6}", more + beside), ITEM, "", "")


# (name, query features, candidate features, candidate layers, the rest of the spec)
CASES = list(generated()) + [
    ("lookup", USER, ITEM, "", ""),
    ("several oov", USER, ITEM + ", " + lookup("genre", ", num_oov_indices: 3"), "", ""),
    ("mask token", USER, ITEM + ", " + lookup("genre", ", mask_token: a"), "", ""),
    ("lists, sum, mask_zero", USER,
     ITEM + ", {type: string_lookup, column: tags, mask_token: x, "
     "embedding: {output_dim: 6, combiner: sum, mask_zero: true}}", "", ""),
    ("lists, sqrtn", USER, ITEM + ", {type: string_lookup, column: tags, "
     "embedding: {output_dim: 6, combiner: sqrtn}}", "", ""),
    ("hashing, salt", USER, ITEM + ", {type: hashing, column: item_id, num_bins: 11, salt: 7, "
     "output_mode: one_hot}", "", ""),
    ("relu, alpha", USER, ITEM, "{type: activation, activation: leaky_relu, alpha: 0.1}, "
     "{type: dense, units: 6}", ""),
    ("gru, hard_sigmoid gates, before", history(
        "{type: gru, units: 6, reset_after: false, recurrent_activation: hard_sigmoid}"),
     ITEM, "", ""),
    ("lstm, no bias, gelu", history("{type: lstm, units: 6, activation: gelu, use_bias: false}"),
     ITEM, "", ""),
    ("history, gru, unmasked, elu", history(
        "{type: gru, units: 6, activation: elu}", ", mask_padding: false"), ITEM, "", ""),
    ("history, attention, left", history("self_attention", ", padding: left"), ITEM, "", ""),
    ("history, beside", history("average", ", beside: [{column: rating, %s}]" % EMBED), ITEM, "", ""),
    ("history, genre beside",
     history("{type: gru, units: 6}", ", combine: concatenate, beside: [{column: genre, %s}]" % EMBED),
     ITEM, "", ""),
    ("summed", "SUM " + USER + ", " + lookup("country"), ITEM, "", ""),
    ("contrastive", USER, ITEM, "", "loss: info_nce"),
    ("shared table", lookup("user_id"), "{type: string_lookup, column: item_id, "
     "embedding: {output_dim: 6, table: t}}, {type: string_lookup, column: item_id, "
     "embedding: {output_dim: 6, table: t}}", "", ""),
]
CASES = [case for case in CASES if not ONLY or any(word in case[0] for word in ONLY)]


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
    if query.startswith("LAYERS "):
        query_layers, query = query[7:].split("} ", 1)
        query_layers += "}"
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


def run(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True)


def call(*arguments):
    done = run(*arguments)
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
        overall, refused = 0.0, 0
        for case in CASES:
            with open(folder + "/spec.yaml", "w") as file:
                file.write(spec_text(folder, case))
            # Options that do not go together, with each other or with the data, are none of ours;
            # why, is said.
            command = [folder + "/spec.yaml", "--quiet", "--output", folder + "/results.json",
                       "--save-model", folder + "/model"]
            done = run(*command)
            if done.returncode == 1:  # An exponential in a recurrence learns slowly or not at all.
                done = run(*command, "--set", "train.optimizer.learning_rate=1e-6")
            if done.returncode == 2:
                refused += 1
                reason = done.stderr.splitlines()[0].split("error: ")[-1]
                print("%-75s refused: %s" % (case[0][:75], reason), flush=True)
                continue
            assert done.returncode == 0, done.stderr
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
    print("%d models and %d shipped specs agree (%d no spec may have); the greatest difference is "
          "%.1e" % (len(CASES) - refused, shipped, refused, overall))


main()
