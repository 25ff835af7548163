"""Runs the tool on ranks, in shared memory or on the hosts of a network, and reads what it says."""
import dataclasses
import glob
import json
import os
import subprocess

MPI_ENVIRONMENT = {
    # More ranks than processors, by root, who let go of a processor while they wait.
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
}


@dataclasses.dataclass(frozen=True)
class Case:
    """An experiment on made interactions, whose size is what the model is about."""
    name: str
    users: int
    items: int
    interactions: int
    batch: int
    dimension: int
    skew: float = 0.0  # 0: nearly all of a batch's ids are distinct.
    epochs: int = 5

    def spec(self):
        return f"""name: {self.name}
data:
  source: synthetic
  users: {self.users}
  items: {self.items}
  interactions: {self.interactions}
  popularity_skew: {self.skew}
  activity_skew: {self.skew}
  minimum_per_user: 0
  split: {{train: {self.interactions - 64}, test: 64}}
towers:
  query: {{features: [{{type: string_lookup, column: user_id, embedding: {{output_dim: {self.dimension}}}}}]}}
  candidate: {{features: [{{type: string_lookup, column: item_id, embedding: {{output_dim: {self.dimension}}}}}]}}
train: {{epochs: {self.epochs}, batch_size: {self.batch}, optimizer: {{type: adagrad, learning_rate: 0.1}}}}
"""


class SharedMemory:
    """All ranks on this machine, as mpirun starts them."""
    name = "shared memory"
    environment = {}

    def launcher(self, ranks):
        return ["mpirun", "-n", str(ranks), "--mca", "btl", "self,vader"]


class Tool:
    """The tool, run in a folder of its own."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def command(self, place, ranks, arguments, options=()):
        launcher = [] if ranks == 1 else [*place.launcher(ranks), *options]
        return [*launcher, self.path, *arguments]

    def start(self, place, ranks, arguments, options=()):
        environment = {**os.environ, **MPI_ENVIRONMENT, **place.environment}
        return subprocess.Popen(
            self.command(place, ranks, arguments, options), cwd=self.folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def run(self, place, ranks, arguments, options=()):
        process = self.start(place, ranks, arguments, options)
        try:
            output, errors = process.communicate()
        except BaseException:
            process.terminate()  # mpirun ends its ranks.
            process.wait()
            raise
        if process.returncode != 0:
            raise SystemExit(f"error: {ranks} ranks in {getattr(place, 'name', 'a network')}: exit "
                             f"code {process.returncode}\n{errors}")
        return output

    def write(self, case):
        path = os.path.join(self.folder, case.name + ".yaml")
        with open(path, "w") as file:
            file.write(case.spec())
        return path

    def measure(self, case, place, ranks):
        """The digest and the seconds a step, one thread a rank, of the quickest epoch."""
        results = os.path.join(self.folder, "results.json")
        self.run(place, ranks, [self.write(case), "--quiet", "--threads", "1", "--output", results])
        with open(results) as file:
            document = json.load(file)
        epochs = [epoch["seconds"] / epoch["steps"] for epoch in document["training"]["epochs"]]
        return {"digest": document["digest"], "seconds": min(epochs[1:]),
                "peak_memory_bytes": document["peak_memory_bytes"]}

    def plan(self, case, ranks):
        """What the tool itself counts: rows held and bytes sent by each rank in its first step."""
        text = self.run(SharedMemory(), ranks, ["plan", self.write(case), "--no-estimate",
                                                "--quiet", "--format", "json"])
        return json.loads(text)["x-plan"]["ranks"]

    def messages(self, case, ranks):
        """How many messages the first rank sends in a step, small ones and those of more than
        64 KiB, which TCP's ranks announce first; and their bytes, as Open MPI counts them."""
        counts = []
        for epochs in (1, 2):
            monitored = dataclasses.replace(case, epochs=epochs)
            stem = os.path.join(self.folder, f"messages-{epochs}")
            self.run(SharedMemory(), ranks,
                     [self.write(monitored), "--quiet", "--threads", "1", "--output",
                      os.path.join(self.folder, "monitored.json")],
                     ["--mca", "pml_monitoring_enable", "2", "--mca",
                      "pml_monitoring_enable_output", "3", "--mca", "pml_monitoring_filename", stem])
            counts.append(monitored_messages(f"{stem}.0.prof"))
            for path in glob.glob(stem + "*"):
                os.remove(path)
        steps = -(-(case.interactions - 64) // case.batch)
        return [(more - fewer) / steps for fewer, more in zip(*counts)]


def monitored_messages(path):
    """Of a profile of Open MPI's: messages of up to 64 KiB, larger ones, bytes."""
    small = large = sent = 0
    with open(path) as file:
        for line in file:
            fields = line.split()
            if not fields or fields[0] != "E":  # What the tool itself sends, point to point.
                continue
            sent += int(fields[3])
            # Those without bytes, then of 1, of 2 to 3, of 4 to 7 …
            histogram = [int(count) for count in fields[-1].split(",")]
            small += sum(histogram[:18])
            large += sum(histogram[18:])
    return small, large, sent
