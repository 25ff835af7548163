"""What scripts/bench-ranks measured, and the model that is fitted to it."""
import textwrap

from model import Link, Prices, Step, Traffic


PLACES = ["one process", "shared memory", "link", "delayed link"]


class Measured:
    """Measurements and their model; links are not fitted, but foretold from what sockets make of
    them."""

    def __init__(self, found):
        self.found = found
        self.steps = {name: Step(case["batch"], case["dimension"], case["queries"],
                                 case["candidates"]) for name, case in found["cases"].items()}
        self.counts = [(self.steps[name], int(ranks), count["sent_bytes"],
                        count["small_messages"], count["large_messages"])
                       for name, case in found["cases"].items()
                       for ranks, count in case["counts"].items()]
        self.traffic = Traffic(self.counts)
        self.prices = self._prices(found["cases"])

    def _prices(self, cases):
        return Prices([(self.steps[name], run["ranks"], self.sent(name, run["ranks"]),
                        run["seconds"])
                       for name in cases for run in self.found["cases"][name]["runs"]
                       if run["place"] in ("one process", "shared memory")],
                      self.found["processors"])

    def sent(self, name, ranks):
        """Bytes, small and large messages of a step, as they were counted."""
        if ranks == 1:
            return (0, 0, 0)
        count = self.found["cases"][name]["counts"][str(ranks)]
        return (count["sent_bytes"], count["small_messages"], count["large_messages"])

    def link(self, place, hosts):
        probe = self.found["links"][f"{place}, {hosts} hosts"]
        return Link(probe["latency_seconds"], probe["bytes_per_second"])

    def predicted(self, prices, name, run):
        step, ranks = self.steps[name], run["ranks"]
        sent = self.sent(name, ranks)
        if "link" in run["place"]:
            link = self.link(run["place"], ranks)
            return prices.over(link, step, ranks, sent, crowded=True)
        return prices.in_memory(step, ranks, sent)

    def errors(self):
        """By place and ranks: (case, measured seconds, predicted ones), each case predicted by
        a model that has not seen it."""
        found = {}
        for name, case in self.found["cases"].items():
            prices = self._prices([other for other in self.found["cases"] if other != name])
            for run in case["runs"]:
                found.setdefault((run["place"], run["ranks"]), []).append(
                    (name, run["seconds"], self.predicted(prices, name, run)))
        return dict(sorted(found.items(), key=lambda item: (PLACES.index(item[0][0]), item[0][1])))

    def byte_error(self):
        return max(abs(self.traffic.bytes(step, ranks) / sent - 1)
                   for step, ranks, sent, *_ in self.counts)

    def report(self):
        """What was found, and how near the model is to what was measured, as Markdown."""
        weights = self.prices.named()
        rows = (weights["rows"] + weights["own rows"]) * 1e9
        byte = f"{1e-9 / weights['byte']:.1f} GB/s" if weights["byte"] else "nothing for the bytes"
        facts = [
            f"{self.found['cpu']}, {self.found['processors']} processors, at commit "
            f"{self.found['commit']}: "
            f"{6e-9 / weights['products']:.0f} GFLOP/s a rank in scores and their gradients, "
            f"{weights['scores'] * 1e9:.2f} ns a score, {rows:.2f} ns a number of a row, "
            f"{weights['examples'] * 1e9:.0f} ns an example, {weights['step'] * 1e6:.0f} us a step; "
            f"in shared memory {weights['message'] * 1e6:.0f} us a message and {byte}.",
            "Bytes a step: 4 D (1 - 1/R) (%s) + %.0f (1 - 1/R) (Q + C) + %.0f log2 R, within %.1f%% "
            "of what was counted." % (self._pattern(), *self.traffic.weights[4:],
                                      100 * self.byte_error()),
            "Messages a step: %.1f log2 R + %.1f (R - 1)." % tuple(self.traffic.turns),
            "Sizes, in examples of numbers (Q, C): " + ", ".join(
                f"{name} {step.batch} of {step.dimension} ({step.queries}, {step.candidates})"
                for name, step in self.steps.items()) + "."]
        lines = ["| ranks, and what joins them | error: mean | largest | ms measured (foretold) |",
                 "|---|---|---|---|"]
        for (place, ranks), cases in self.errors().items():
            shares = [abs(predicted / seconds - 1) for _, seconds, predicted in cases]
            lines.append(
                f"| {ranks}, {place} | {100 * sum(shares) / len(shares):.0f}% | "
                f"{100 * max(shares):.0f}% | "
                + ", ".join(f"{name} {1e3 * seconds:.1f} ({1e3 * predicted:.1f})"
                            for name, seconds, predicted in cases) + " |")
        return "\n".join(textwrap.fill("- " + fact, 100, subsequent_indent="  ")
                         for fact in facts) + "\n\n" + "\n".join(lines) + "\n"

    def _pattern(self):
        return " + ".join(f"{weight:.2f} {what}" for weight, what in zip(
            self.traffic.weights, ["Q", "Q/R", "C", "C/R"]) if weight >= 0.005)
