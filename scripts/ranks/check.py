"""Ranks on hosts of their own: the digest of one process, and what becomes of a job whose rank or
whose host is killed. check.py TOOL [--rate-mbit N] [--delay-ms N]"""
import argparse
import json
import os
import signal
import subprocess
import tempfile
import time

from jobs import SharedMemory, Tool
from network import Network, take_down_when_interrupted

SPEC = """name: spread
data: {source: synthetic, users: 300, items: 200, interactions: 12000, split: {train: 10000, test: 2000}}
towers:
  query: {features: [{type: string_lookup, column: user_id, embedding: {output_dim: 16}}]}
  candidate: {features: [{type: string_lookup, column: item_id, embedding: {output_dim: 16}}]}
task: {remove_accidental_hits: true}
train: {epochs: EPOCHS, batch_size: 1000, optimizer: adam}
"""
EPOCHS = 20
PATIENCE = 30  # Seconds after which a job without one of its ranks has to have ended.


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool")
    parser.add_argument("--rate-mbit", type=float, default=1000)
    parser.add_argument("--delay-ms", type=float, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        check(Tool(os.path.abspath(arguments.tool), folder), arguments)


def check(tool, arguments):
    spec = SPEC.replace("EPOCHS", str(EPOCHS))
    write(tool, "whole.yaml", spec)
    write(tool, "spread.yaml", spec + "checkpoint: {every: 7 steps, keep: 2}\n")
    tool.run(SharedMemory(), 1, ["whole.yaml", "--quiet", "--output", "whole.json"])
    whole = digest(tool, "whole.json")
    for hosts, ranks in ((2, 2), (2, 4), (4, 4)):
        with Network(hosts, arguments.rate_mbit, arguments.delay_ms) as network:
            output = f"{hosts}-{ranks}.json"
            tool.run(network, ranks, ["whole.yaml", "--quiet", "--threads", "1",
                                      "--output", output])
            expect(digest(tool, output) == whole, f"{ranks} ranks on {hosts} hosts: other bits")
            expect(network.bytes_sent(0) > 100_000, "the link carried next to nothing")
            print(f"{ranks} ranks on {hosts} hosts: the digest of one process", flush=True)
    for event, happen in (
        ("a rank is killed", lambda network: kill(network.processes(1, os.path.basename(tool.path)[:15]))),
        ("a host is killed", lambda network: kill(network.processes(1))),
        ("a host is cut off", lambda network: network.cut(1)),
    ):
        with Network(2, arguments.rate_mbit, arguments.delay_ms) as network:
            interrupt(tool, network, event, happen)
        with Network(2, arguments.rate_mbit, arguments.delay_ms) as network:
            tool.run(network, 2, ["spread.yaml", "--quiet", "--threads", "1", "--resume",
                                  "--output", "spread.json"])
            expect(digest(tool, "spread.json") == whole, f"resumed after {event}: other bits")
            print(f"{event}: resumed, the digest of one process", flush=True)
            os.remove(os.path.join(tool.folder, "spread.json"))


def kill(processes):
    expect(processes, "there is nothing to kill")
    for process in processes:
        os.kill(process, signal.SIGKILL)


def interrupt(tool, network, event, happen):
    """Lets something happen to the second host in the midst of a job, which has to end."""
    checkpoints = os.path.join(tool.folder, "spread.checkpoints")
    job = tool.start(network, 2, ["spread.yaml", "--threads", "1", "--output", "spread.json"])
    try:
        deadline = time.monotonic() + 60
        while not has_checkpoint(checkpoints):
            expect(job.poll() is None and time.monotonic() < deadline,
                   f"no checkpoint: {job.communicate()[1] if job.poll() is not None else ''}")
            time.sleep(0.02)
        happen(network)
        then = time.monotonic()
        try:
            job.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"error: {event}: {PATIENCE} s later the job still stands")
    finally:
        if job.poll() is None:
            os.killpg(job.pid, signal.SIGKILL)
    expect(job.returncode != 0, f"{event}: exit code 0")
    expect(has_checkpoint(checkpoints), "the checkpoints are gone")
    print(f"{event}: the job ended after {time.monotonic() - then:.1f} s with exit code "
          f"{job.returncode}", flush=True)


def has_checkpoint(folder):
    return os.path.isdir(folder) and any(
        name.startswith("checkpoint-") for name in os.listdir(folder))


def write(tool, name, text):
    with open(os.path.join(tool.folder, name), "w") as file:
        file.write(text)


def digest(tool, name):
    with open(os.path.join(tool.folder, name)) as file:
        return json.load(file)["digest"]


def expect(holds, message):
    if not holds:
        raise SystemExit(f"error: {message}")


if __name__ == "__main__":
    take_down_when_interrupted()
    main()
