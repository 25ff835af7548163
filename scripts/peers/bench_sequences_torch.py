#!/usr/bin/env python3
"""Mode D of scripts/bench-peers: sequence encoders in PyTorch, as their users train them.

  python bench_sequences_torch.py --data FILE [--encoder self_attention|gru|lstm] [--epochs 3]
      [--loss softmax|bce] [--compile] [--every 2 --patience 3]

FILE holds lines "user item", each user's in the order of time. Of users with three interactions or
more the last one is the test and the one before it the validation. An epoch is the one of the specs
beside this script: what a user has in training is cut into pieces of --length from the end, a batch
holds whole users in random order, of --batch interactions at most, and one pass over a padded piece
gives a query for each place of it. A piece's first interaction has no history and is no example.

  softmax  over the distinct items of the batch, less the log of their share of the interactions
  bce      SASRec's own loss: one uniform negative for each place

With --every the validation part is ranked every so many epochs, and the test counts at the best.
Prints one JSON line: seconds of each epoch, examples a second, HR@10 and NDCG@10 among 100 uniform
negatives that the user has not in training and over the whole corpus, seconds of the evaluations
and of the whole process, and the peak memory.
"""

import argparse
import copy
import json
import math
import resource
import sys
import time

BEGAN = time.perf_counter()

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--encoder", default="self_attention")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--loss", choices=["softmax", "bce"], default="softmax")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--batch", type=int, default=1024, help="interactions of whole users")
    parser.add_argument("--length", type=int, default=50)
    parser.add_argument("--dim", type=int, default=50)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--every", type=int, default=0, help="epochs between validations")
    parser.add_argument("--patience", type=int, default=3, help="validations without a better one")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


class Data:
    """Sequences of item numbers from 1; 0 is padding."""

    def __init__(self, path, length):
        pairs = np.loadtxt(path, dtype=np.int64)
        _, users = np.unique(pairs[:, 0], return_inverse=True)
        items, numbers = np.unique(pairs[:, 1], return_inverse=True)
        order = np.argsort(users, kind="stable")
        cuts = np.cumsum(np.bincount(users))[:-1]
        self.items, self.length = len(items), length
        self.sequences = np.split(numbers[order] + 1, cuts)
        self.train = [s[:-2] if len(s) >= 3 else s for s in self.sequences]
        pieces, self.pieces_of = [], []
        for s in self.train:
            own = [s[max(0, end - length):end] for end in range(len(s), 0, -length)]
            self.pieces_of.append(range(len(pieces), len(pieces) + len(own)))
            pieces += own
        self.inputs = torch.tensor(np.stack([self.pad(s[:-1]) for s in pieces]))
        self.targets = torch.tensor(np.stack([self.pad(s[1:]) for s in pieces]))
        self.examples = int((self.targets > 0).sum())
        self.tested = [u for u, s in enumerate(self.sequences) if len(s) >= 3]
        counts = np.bincount(np.concatenate(self.train), minlength=self.items + 1)
        share = np.maximum(counts, 1) / counts.sum()
        self.log_share = torch.tensor(np.log(share), dtype=torch.float32)

    def pad(self, sequence):
        padded = np.zeros(self.length, np.int64)
        sequence = sequence[-self.length:]
        padded[: len(sequence)] = sequence
        return padded

    def batches(self, most, rng):
        """The pieces of each batch of an epoch."""
        batch, size = [], 0
        for user in rng.permutation(len(self.train)):
            own = len(self.train[user])
            if batch and size + own > most:
                yield torch.tensor(batch)
                batch, size = [], 0
            batch += self.pieces_of[user]
            size += own
        if batch:
            yield torch.tensor(batch)

    def negatives(self, user, count, rng):
        seen = set(self.train[user].tolist())
        found = []
        while len(found) < count:
            item = int(rng.integers(1, self.items + 1))
            if item not in seen:
                found.append(item)
        return found


class Block(nn.Module):
    def __init__(self, dim, dropout):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(dim, eps=1e-6) for _ in range(2))
        self.query, self.key, self.value, self.output, self.inner, self.outer = (
            nn.Linear(dim, dim) for _ in range(6)
        )
        self.rate, self.drop = dropout, nn.Dropout(dropout)

    def forward(self, x):
        y = self.norms[0](x)
        attended = F.scaled_dot_product_attention(
            self.query(y), self.key(y), self.value(y), is_causal=True,
            dropout_p=self.rate if self.training else 0.0,
        )
        x = x + self.drop(self.output(attended))
        y = self.norms[1](x)
        return x + self.drop(self.outer(self.drop(F.relu(self.inner(y)))))


class SelfAttention(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.scale = math.sqrt(options.dim)
        self.places = nn.Embedding(options.length, options.dim)
        self.blocks = nn.ModuleList(
            Block(options.dim, options.dropout) for _ in range(options.blocks)
        )
        self.norm, self.drop = nn.LayerNorm(options.dim, eps=1e-6), nn.Dropout(options.dropout)
        nn.init.uniform_(self.places.weight, -0.05, 0.05)

    def forward(self, vectors):
        x = self.drop(vectors * self.scale + self.places.weight)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Recurrent(nn.Module):
    def __init__(self, kind, options):
        super().__init__()
        self.network = kind(options.dim, options.dim, batch_first=True)

    def forward(self, vectors):
        return self.network(vectors)[0]


class Model(nn.Module):
    def __init__(self, data, options):
        super().__init__()
        self.items = nn.Embedding(data.items + 1, options.dim, padding_idx=0)
        nn.init.uniform_(self.items.weight, -0.05, 0.05)
        encoders = {
            "self_attention": lambda: SelfAttention(options),
            "gru": lambda: Recurrent(nn.GRU, options),
            "lstm": lambda: Recurrent(nn.LSTM, options),
        }
        self.encoder = encoders[options.encoder]()

    def forward(self, sequences):
        return self.encoder(self.items(sequences))


def train_epoch(model, forward, optimizer, data, options, rng):
    model.train()
    total = 0.0
    for batch in data.batches(options.batch, rng):
        inputs, targets = data.inputs[batch], data.targets[batch]
        keep = targets > 0
        if not keep.any():
            continue
        queries, positives = forward(inputs)[keep], targets[keep]
        if options.loss == "bce":
            drawn = torch.randint(1, data.items + 1, positives.shape)
            own = (queries * model.items(positives)).sum(-1)
            other = (queries * model.items(drawn)).sum(-1)
            loss = F.softplus(-own).mean() + F.softplus(other).mean()
        else:
            distinct, place = torch.unique(positives, return_inverse=True)
            scores = queries @ model.items(distinct).T - data.log_share[distinct]
            loss = F.cross_entropy(scores, place)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += float(loss) * len(positives)
    return total / data.examples


@torch.no_grad()
def evaluate(model, data, rng, is_test):
    """HR@10 and NDCG@10 among 100 negatives, and over the whole corpus."""
    model.eval()
    sums = np.zeros(4)
    last = -1 if is_test else -2
    for part in np.array_split(np.array(data.tested), max(1, len(data.tested) // 512)):
        known = [data.sequences[u][:last] for u in part]
        inputs = torch.tensor(np.stack([data.pad(s) for s in known]))
        ends = (inputs > 0).sum(1) - 1
        queries = model(inputs)[torch.arange(len(part)), ends]
        scores = queries @ model.items.weight.T
        scores[:, 0] = -torch.inf
        positive = torch.tensor([int(data.sequences[u][last]) for u in part])[:, None]
        own = scores.gather(1, positive)
        drawn = torch.tensor([data.negatives(u, 100, rng) for u in part])
        for place, others in ((0, scores.gather(1, drawn)), (2, scores)):
            ranks = (others > own).sum(1)
            top = ranks < 10
            sums[place] += int(top.sum())
            sums[place + 1] += float((1 / torch.log2(ranks[top] + 2.0)).sum())
    return dict(zip(("hr10_100", "ndcg10_100", "hr10", "ndcg10"), sums / len(data.tested)))


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    data = Data(options.data, options.length)
    model = Model(data, options)
    forward = torch.compile(model) if options.compile else model
    optimizer = torch.optim.Adam(model.parameters(), lr=options.rate, betas=(0.9, 0.98))
    epochs, evaluations = [], []
    best, best_epoch, best_state = -1.0, None, None
    for epoch in range(1, options.epochs + 1):
        began = time.perf_counter()
        loss = train_epoch(model, forward, optimizer, data, options, rng)
        epochs.append(time.perf_counter() - began)
        print(f"epoch {epoch}: loss {loss:.4f}, {epochs[-1]:.2f} s", file=sys.stderr, flush=True)
        if not options.every or epoch % options.every:
            continue
        began = time.perf_counter()
        found = evaluate(model, data, rng, is_test=False)
        evaluations.append(time.perf_counter() - began)
        print(f"epoch {epoch}: validation {found}", file=sys.stderr, flush=True)
        if found["ndcg10_100"] > best:
            best, best_epoch = found["ndcg10_100"], epoch
            best_state = copy.deepcopy(model.state_dict())
        elif epoch - best_epoch >= options.patience * options.every:
            break
    if best_state is not None:
        model.load_state_dict(best_state)
    began = time.perf_counter()
    found = evaluate(model, data, rng, is_test=True)
    evaluations.append(time.perf_counter() - began)
    report = dict(
        framework="torch", mode="D", encoder=options.encoder, loss=options.loss,
        compiled=options.compile, epoch_s=epochs, examples=data.examples,
        examples_per_s=data.examples / min(epochs), best_epoch=best_epoch, **found,
        evaluation_s=evaluations, process_s=time.perf_counter() - BEGAN,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )
    print(json.dumps(report))


if __name__ == "__main__":
    main()
