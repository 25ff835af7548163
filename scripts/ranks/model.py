"""What a training step on several ranks costs: seconds, bytes and memory.

A step's seconds are a sum of things of which each has a price, found by `fit`:

    products    Q · C · D / R   of queries and candidates, which the ranks share
    scores      Q · C / R       whose losses are taken, likewise
    rows        (Q + C) · D     numbers that every rank gathers, whatever there are of ranks
    own rows    (Q + C) · D / R numbers that the ranks share: the optimizer's
    examples    B               that every rank looks at
    step        1

and what is sent: alpha for each message that is waited for, beta for each byte. Messages and bytes
of a step are counted by the tool and by Open MPI; `Traffic` carries the counts over to other sizes.
R ranks on fewer processors take turns, and each thing takes that much longer.
"""
import dataclasses
import math

THINGS = ["products", "scores", "rows", "own rows", "examples", "step"]
IN_MEMORY = ["message", "byte"]  # Between ranks that share memory.
LANES = 8  # Of a batch; more ranks than lanes have nothing to score.
LARGE_TURNS = 3  # A message above the eager limit is announced, asked for, and sent.


@dataclasses.dataclass(frozen=True)
class Step:
    """A step's size: Q and C distinct queries and candidates among `batch` examples."""
    batch: int
    dimension: int
    queries: float
    candidates: float

    def things(self, ranks):
        numbers = (self.queries + self.candidates) * self.dimension
        scores = self.queries * self.candidates / ranks
        return [scores * self.dimension, scores, numbers, numbers / ranks, self.batch, 1.0]


def least_squares(rows, targets, sweeps=20000):
    """Weights of the columns, none below 0, whose sums come closest to the targets, each
    difference as a share of its target."""
    width = len(rows[0])
    scaled = [[value / target for value in row] for row, target in zip(rows, targets)]
    size = [math.sqrt(sum(row[i] ** 2 for row in scaled)) or 1.0 for i in range(width)]
    scaled = [[value / scale for value, scale in zip(row, size)] for row in scaled]
    normal = [[sum(row[i] * row[j] for row in scaled) for j in range(width)] for i in range(width)]
    right = [sum(row[i] for row in scaled) for i in range(width)]
    weights = [0.0] * width
    for _ in range(sweeps):
        moved = 0.0
        for i in range(width):
            if normal[i][i] == 0:
                continue
            rest = right[i] - sum(normal[i][j] * weights[j] for j in range(width) if j != i)
            new = max(0.0, rest / normal[i][i])
            moved = max(moved, abs(new - weights[i]))
            weights[i] = new
        if moved < 1e-12:
            break
    return [weight / scale for weight, scale in zip(weights, size)]


class Traffic:
    """Bytes and messages that a rank sends in a step, from counts of some sizes and ranks.

    Bytes are 4 · D · (1 − 1/R) · (x · Q + y · Q/R + z · C + w · C/R), some for each row's number,
    (1 − 1/R) · (Q + C), and some for each exchange, log2 R;
    messages go with the joinings, log2 R, and with the partners, R − 1.
    """

    def __init__(self, counts):
        """counts: (Step, ranks, bytes, small messages, large messages), of 2 ranks or more."""
        self.weights = least_squares(
            [self._byte_terms(step, ranks) for step, ranks, *_ in counts],
            [sent for _, _, sent, _, _ in counts])
        whole = [(ranks, small + large) for _, ranks, _, small, large in counts]
        self.turns = least_squares([self._turn_terms(ranks) for ranks, _ in whole],
                                   [max(count, 1e-9) for _, count in whole])
        # Those of rows, large where the batch is: their share of all messages.
        shares = [large / (small + large) for _, _, _, small, large in counts if large > 0]
        self.large_share = max(shares, default=0.0)

    @staticmethod
    def _byte_terms(step, ranks):
        share = 1 - 1 / ranks
        factor = 4 * step.dimension * share
        return [factor * step.queries, factor * step.queries / ranks, factor * step.candidates,
                factor * step.candidates / ranks, share * (step.queries + step.candidates),
                math.log2(ranks)]

    @staticmethod
    def _turn_terms(ranks):
        return [math.log2(ranks), ranks - 1.0]

    def bytes(self, step, ranks):
        if ranks == 1:
            return 0.0
        return sum(w * t for w, t in zip(self.weights, self._byte_terms(step, ranks)))

    def messages(self, step, ranks):
        """Small ones and large ones; those of rows are large above 64 KiB each."""
        if ranks == 1:
            return 0.0, 0.0
        all_of_them = sum(w * t for w, t in zip(self.turns, self._turn_terms(ranks)))
        rows = all_of_them * self.large_share
        is_large = rows > 0 and self.bytes(step, ranks) / rows > 1 << 16
        return (all_of_them - rows, rows) if is_large else (all_of_them, 0.0)


@dataclasses.dataclass(frozen=True)
class Link:
    """A network: seconds from one host to another, bytes a second out of each."""
    latency: float
    bandwidth: float

    def seconds(self, sent, small, large):
        return self.latency * (small + LARGE_TURNS * large) + sent / self.bandwidth


class Prices:
    """What things cost on a machine, fitted to steps in its memory."""

    def __init__(self, samples, processors):
        """samples: (Step, ranks, traffic as (bytes, small, large), seconds)."""
        self.processors = processors
        self.weights = least_squares(
            [self._terms(step, ranks, sent) for step, ranks, sent, _ in samples],
            [seconds for *_, seconds in samples])

    def _terms(self, step, ranks, sent):
        turns = max(1.0, ranks / self.processors)
        terms = step.things(ranks) + [sent[1] + sent[2], sent[0]]
        return [turns * term for term in terms]

    def in_memory(self, step, ranks, sent):
        """Seconds of a step whose ranks share this machine and its memory."""
        return sum(w * t for w, t in zip(self.weights, self._terms(step, ranks, sent)))

    def over(self, link, step, ranks, sent, crowded=False):
        """Seconds over a link, of ranks on machines of their own or `crowded` on this one.

        A byte is copied for the link as it is between ranks that share memory."""
        turns = max(1.0, ranks / self.processors) if crowded else 1.0
        work = [*step.things(ranks), sent[1] + sent[2] if ranks > 1 else 0.0, sent[0]]
        return turns * sum(w * t for w, t in zip(self.weights, work)) + link.seconds(*sent)

    def named(self):
        return dict(zip(THINGS + IN_MEMORY, self.weights))


@dataclasses.dataclass(frozen=True)
class Memory:
    """Bytes a rank, by what docs/distributed.md says is spread."""
    rows: float  # Of all tables.
    dimension: int
    slots: float = 1.0  # Numbers an optimizer remembers for each of a row's.

    def held(self, ranks):
        """Rows and slots, as long as it trains."""
        return 4 * self.rows * self.dimension * (1 + self.slots) / ranks

    def of_step(self, step, ranks):
        """What a batch touches at a rank: the rows of its queries and of all candidates, their
        gradients, and the sums of its lanes, of which each has one for all candidates."""
        numbers = step.dimension * (step.queries / ranks + step.candidates)
        lanes = max(1, LANES // ranks)
        return 4 * (2 * numbers + lanes * step.candidates * step.dimension)
