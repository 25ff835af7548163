"""Checks what other people's dashboards make of our runs, with their own programs.

    scripts/check-dashboards [TOOL]      makes an environment with what it needs, and runs this

TensorBoard's reader opens the logs of a run and of a sweep; an MLflow server on the loopback takes
runs twice and is asked for what it has; servers that are down, slow or talk nonsense cost a bounded
time. Wants Python with tensorboard and mlflow; says NOT RUN, and ends with 77, where either lacks.
"""
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2
except ImportError:
    EventAccumulator = None
try:
    import mlflow
except ImportError:
    mlflow = None

SPEC = """
name: dashboards
data: {source: synthetic, users: 60, items: 80, interactions: 2000, split: {train: 1400, validation: 200, test: 400}}
towers:
  query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 8}}]}
  candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 8}}]}
train: {epochs: 3, batch_size: 200}
metrics: {factorized: [{type: recall}, {type: mrr}]}
evaluate: {every: 1}
"""
SWEEP = SPEC.replace("dashboards", "dashboards-sweep") + """
sweep: {grid: {train.optimizer.learning_rate: [0.05, 0.1]}, seeds: [1, 2], objective: {metric: "recall@10"}}
"""


def check(holds, message):
    if not holds:
        sys.exit("error: " + message)


def close(left, right):
    return abs(left - right) <= 1e-6 * max(1, abs(right))


def run(tool, *arguments, code=0, **more):
    outcome = subprocess.run([tool, *arguments], capture_output=True, text=True, **more)
    check(outcome.returncode == code,
          f"{arguments} ends with {outcome.returncode}, not {code}: {outcome.stderr}")
    return outcome


def check_tensorboard(tool, folder):
    run(tool, "run", "spec.yaml", "-q", "--output", "run.json", "--tensorboard", "logs", cwd=folder)
    run(tool, "run", "sweep.yaml", "-q", "--output", "sweep", "--tensorboard", "logs", cwd=folder)
    results = json.loads((folder / "run.json").read_text())
    log = EventAccumulator(str(folder / "logs" / "dashboards"))
    log.Reload()
    epochs = results["training"]["epochs"]
    losses = log.Scalars("epoch/loss")
    check([e.step for e in losses] == [e["epoch"] for e in epochs], "epochs differ")
    check(all(close(a.value, b["loss"]) for a, b in zip(losses, epochs)), "losses differ")
    for name in epochs[0]["metrics"]:
        values = log.Scalars("epoch/" + name)
        check(all(close(a.value, b["metrics"][name]) for a, b in zip(values, epochs)), name)
    for name, value in results["evaluation"]["test"]["metrics"].items():
        check(close(log.Scalars("test/" + name)[0].value, value), "test " + name)
    trials = [p for p in (folder / "logs").iterdir() if p.name != "dashboards"]
    trials = [q for p in trials for q in ([p] if list(p.glob("events*")) else p.iterdir())]
    check(len(trials) == 4, f"{len(trials)} trials are logged, not 4")
    rates = set()
    for trial in trials:
        log = EventAccumulator(str(trial))
        log.Reload()
        content = log.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
        data = plugin_data_pb2.HParamsPluginData.FromString(content)
        rates.add(round(
            data.session_start_info.hparams["train.optimizer.learning_rate"].number_value, 6))
    check(rates == {0.05, 0.1}, f"the hyperparameters are {rates}")
    print("TensorBoard reads one run and four trials", file=sys.stderr)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def check_mlflow(tool, folder):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = dict(os.environ, MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true")
    server = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
         "--artifacts-destination", str(folder / "artifacts")],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True)
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(url + "/health", timeout=2) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.5)
        else:
            sys.exit("error: the MLflow server did not start")
        names = ["run.json", "sweep/sweep.json"]
        first = run(tool, "publish", *names, "--mlflow", url, cwd=folder)
        check(first.stderr.count("published as run") == 5, first.stderr)
        again = run(tool, "publish", *names, "--mlflow", url, cwd=folder)
        check(again.stderr.count("published before") == 5, again.stderr)

        client = mlflow.MlflowClient(url)
        results = json.loads((folder / "run.json").read_text())
        runs = client.search_runs([client.get_experiment_by_name("dashboards").experiment_id])
        check(len(runs) == 1, f"there are {len(runs)} runs, not 1")
        found = runs[0]
        check(found.info.status == "FINISHED", found.info.status)
        check(found.data.tags["tfrs_run.digest"] == results["digest"], "the digest differs")
        for name, value in results["evaluation"]["test"]["metrics"].items():
            key = "test/" + name.replace("@", "_at_")
            check(close(found.data.metrics[key], value), key)
        history = client.get_metric_history(found.info.run_id, "loss")
        check([round(m.value, 9) for m in sorted(history, key=lambda m: m.step)]
              == [round(e["loss"], 9) for e in results["training"]["epochs"]], "losses differ")
        check(found.data.params["train.epochs"] == "3", "the parameters differ")
        artifacts = {a.path for a in client.list_artifacts(found.info.run_id)}
        check({"results.json", "report.html"} <= artifacts, f"the artifacts are {artifacts}")
        trials = client.search_runs(
            [client.get_experiment_by_name("dashboards-sweep").experiment_id])
        check(len(trials) == 4, f"there are {len(trials)} trials, not 4")
        print("MLflow has one run and four trials, once each", file=sys.stderr)
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


class Nonsense(http.server.BaseHTTPRequestHandler):
    body = b"<html>hello</html>"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


def check_bad_servers(tool, folder):
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(4)
    before = (folder / "run.json").read_bytes()
    servers = [(f"http://127.0.0.1:{free_port()}", "down"),
               (f"http://127.0.0.1:{silent.getsockname()[1]}", "slow")]
    for body in (b"<html>hello</html>", b"[]", b"{}", b'{"experiment": 3}', b"\xff\x00", b""):
        handler = type("Handler", (Nonsense,), {"body": body})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append((f"http://127.0.0.1:{server.server_port}", repr(body)))
    for url, name in servers:
        start = time.time()
        outcome = run(
            tool, "publish", "run.json", "--mlflow", url, "--timeout", "3", cwd=folder, code=1)
        seconds = time.time() - start
        check("warning: not published" in outcome.stderr, f"{name}: {outcome.stderr}")
        check(seconds < 8, f"{name} took {seconds:.1f} s")
    check((folder / "run.json").read_bytes() == before, "the results were changed")
    print("servers that are down, slow or talk nonsense cost a warning", file=sys.stderr)


def main():
    tool = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "spec.yaml").write_text(SPEC)
        (folder / "sweep.yaml").write_text(SWEEP)
        run(tool, "run", "spec.yaml", "-q", "--output", "run.json", cwd=folder)
        check_bad_servers(tool, folder)
        missing = []
        if EventAccumulator:
            check_tensorboard(tool, folder)
        else:
            missing.append("tensorboard")
            run(tool, "run", "sweep.yaml", "-q", "--output", "sweep", cwd=folder)
        if mlflow:
            check_mlflow(tool, folder)
        else:
            missing.append("mlflow")
    if missing:
        print(f"NOT RUN: no {' and no '.join(missing)} here; pip install {' '.join(missing)}",
              file=sys.stderr)
        return 77
    return 0


sys.exit(main())
