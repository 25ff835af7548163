"""Measures training steps on ranks, in shared memory and over links of hosts on this machine, and
writes what scripts/cost-model is fitted to. bench.py TOOL FILE [--counts|--times] …"""
import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile

from jobs import Case, SharedMemory, Tool
from network import Network, take_down_when_interrupted

CASES = [
    Case("wide", 50_000, 50_000, 6 * 4096 + 64, 4096, 64),
    Case("large", 50_000, 50_000, 4 * 8192 + 64, 8192, 32),
    Case("thick", 50_000, 50_000, 8 * 2048 + 64, 2048, 128),
    Case("small", 50_000, 50_000, 16 * 1024 + 64, 1024, 64),
    Case("tiny", 50_000, 50_000, 32 * 512 + 64, 512, 16),
    Case("flat", 50_000, 50_000, 6 * 4096 + 64, 4096, 16),
    Case("repeated", 1_000, 2_000, 6 * 8192 + 64, 8192, 64),
    Case("few", 300, 500, 8 * 8192 + 64, 8192, 16),
    Case("often", 400, 700, 8 * 4096 + 64, 4096, 32),
]
COUNTED = (2, 4, 8)
# Where it is timed, and what runs there are called.
NAMES = {"memory": ("one process", "shared memory"), "link": ("link",),
         "delayed link": ("delayed link",)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool")
    parser.add_argument("file", help="read if it is there, and written")
    parser.add_argument("--rate-mbit", type=float, default=1000)
    parser.add_argument("--delay-ms", type=float, default=1, help="one way")
    parser.add_argument("--counts", action="store_true", help="only count bytes and messages")
    parser.add_argument("--times", action="store_true", help="only time, on a quiet machine")
    parser.add_argument("--place", choices=list(NAMES), action="append",
                        help="only time there, and keep other times; each takes about a minute")
    arguments = parser.parse_args()
    found = {"cases": {}}
    if os.path.exists(arguments.file):
        with open(arguments.file) as file:
            found = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(os.path.abspath(arguments.tool), folder)
        if not arguments.times:
            count(tool, found)
            write(found, arguments.file)
        if not arguments.counts:
            measure(tool, found, arguments)


def count(tool, found):
    """Bytes and messages, which do not hang on how busy the machine is."""
    found["commit"] = commit()
    found["cases"] = {case.name: {"batch": case.batch, "dimension": case.dimension, "counts": {}}
                      for case in CASES}
    for case in CASES:
        entry = found["cases"][case.name]
        entry["rows"] = case.users + case.items
        for ranks in COUNTED:
            step = tool.plan(case, ranks)["first_step"]
            small, large, sent = tool.messages(case, ranks)
            entry.update(queries=step["queries"], candidates=step["candidates"])
            entry["counts"][str(ranks)] = {
                "sent_bytes": max(step["sent_bytes"]), "mpi_bytes": round(sent),
                "small_messages": round(small, 2), "large_messages": round(large, 2)}
            say(f"{case.name}, {ranks} ranks: {max(step['sent_bytes'])} bytes in the first step, "
                f"{sent:.0f} by Open MPI's count, in {small + large:.1f} messages")


def measure(tool, found, arguments):
    found.update(processors=len(os.sched_getaffinity(0)), cpu=cpu_name(),
                 rate_mbit=arguments.rate_mbit, delay_ms=arguments.delay_ms)
    places = arguments.place or list(NAMES)
    for entry in found["cases"].values():
        entry["runs"] = [run for run in entry.get("runs", [])
                         if not any(run["place"] in NAMES[place] for place in places)]
    if "memory" in places:
        for case in CASES:
            time_case(tool, found, case, SharedMemory(), "one process", 1)
            for ranks in (2, 4):
                time_case(tool, found, case, SharedMemory(), "shared memory", ranks)
        write(found, arguments.file)
    for place, delay in (("link", 0), ("delayed link", arguments.delay_ms)):
        for hosts in (2, 4) if place in places else ():
            with Network(hosts, arguments.rate_mbit, delay) as network:
                found.setdefault("links", {})[f"{place}, {hosts} hosts"] = probe(network)
                for case in CASES:
                    time_case(tool, found, case, network, place, hosts)
            write(found, arguments.file)


def probe(network):
    """What plain sockets make of the link."""
    there_and_back, large = network.probe(), network.probe(10_000_000, times=3)
    return {"latency_seconds": round(there_and_back / 2, 7),
            "bytes_per_second": round(10_000_000 / (large - there_and_back))}


def time_case(tool, found, case, place, name, ranks):
    outcome = tool.measure(case, place, ranks)
    runs = found["cases"][case.name]["runs"]
    runs.append({"place": name, "ranks": ranks, "seconds": round(outcome["seconds"], 7),
                 "peak_memory_bytes": outcome["peak_memory_bytes"],
                 "digest": outcome["digest"][:16]})
    if any(run["digest"] != runs[-1]["digest"] for run in runs):
        raise SystemExit(f"error: {case.name}: {ranks} ranks ({name}) come to another digest")
    say(f"{case.name}, {ranks} ranks, {name}: {outcome['seconds'] * 1000:.2f} ms a step, "
        "the same digest")


def commit():
    outcome = subprocess.run(["git", "-C", os.path.dirname(__file__), "rev-parse", "--short=12",
                              "HEAD"], capture_output=True, text=True)
    return outcome.stdout.strip() or None


def cpu_name():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(found, path):
    with open(path, "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    take_down_when_interrupted()
    main()
