#!/usr/bin/env python3
"""Checks corpus metrics against pytrec_eval, ranx and the formulas of RecBole.

Draws random runs with strictly decreasing scores, evaluates them with the peers, and prints what
they find as JSON, on which the tests of this package are held:

    pip install numpy pytrec_eval-terrier ranx
    scripts/cross-check-metrics.py > Tests/PeerMetrics/peer-metrics.json

A run is a list of queries. Each has `candidates`, how many were ranked, and `ranks`, the places
(from 0) of what is relevant to it, best first, with the grade of each in `grades`.
"""

import json
import math
import sys

import numpy as np
import pytrec_eval
from ranx import Qrels, Run, evaluate

KS = [1, 5, 10]
CANDIDATES = 30


def draw(seed):
    generator = np.random.default_rng(seed)
    queries = []
    for _ in range(12):
        relevant = int(generator.integers(1, 9))
        ranks = sorted(generator.choice(CANDIDATES, relevant, replace=False).tolist())
        queries.append({"candidates": CANDIDATES, "ranks": ranks,
                        "grades": generator.integers(1, 6, relevant).tolist()})
    return queries


def tables(queries, graded):
    qrels, run = {}, {}
    for number, query in enumerate(queries):
        grades = query["grades"] if graded else [1] * len(query["ranks"])
        qrels[f"q{number:02}"] = {f"d{rank:02}": int(g) for rank, g in zip(query["ranks"], grades)}
        run[f"q{number:02}"] = {f"d{rank:02}": float(CANDIDATES - rank) for rank in range(CANDIDATES)}
    return qrels, run


def trec(queries):
    cuts = ",".join(map(str, KS))
    names = {f"{name}.{cuts}" for name in ("P", "recall", "ndcg_cut", "map_cut", "success")}
    qrels, run = tables(queries, False)
    found = pytrec_eval.RelevanceEvaluator(qrels, names | {"recip_rank"}).evaluate(run)
    graded, run = tables(queries, True)
    gains = pytrec_eval.RelevanceEvaluator(graded, {f"ndcg_cut.{cuts}"}).evaluate(run)
    mean = lambda table, key: float(np.mean([table[query][key] for query in sorted(table)]))
    values = {"mrr": mean(found, "recip_rank")}
    for k in KS:
        values[f"precision@{k}"] = mean(found, f"P_{k}")
        values[f"recall@{k}"] = mean(found, f"recall_{k}")
        values[f"ndcg@{k}"] = mean(found, f"ndcg_cut_{k}")
        values[f"map@{k}"] = mean(found, f"map_cut_{k}")
        values[f"hit_rate@{k}"] = mean(found, f"success_{k}")
        values[f"graded_ndcg@{k}"] = mean(gains, f"ndcg_cut_{k}")
    return values


def ranx(queries):
    names = {"precision": "precision", "recall": "recall", "f1": "f1", "hit_rate": "hit_rate",
             "mrr": "mrr", "ndcg": "ndcg", "map": "map"}
    qrels, run = tables(queries, False)
    wanted = [f"{name}@{k}" for name in names for k in KS]
    found = evaluate(Qrels(qrels), Run(run), wanted)
    values = {name: float(found[name]) for name in wanted}
    graded, run = tables(queries, True)
    for k in KS:
        values[f"graded_ndcg@{k}"] = float(evaluate(Qrels(graded), Run(run), f"ndcg@{k}"))
        values[f"exponential_ndcg@{k}"] = float(
            evaluate(Qrels(graded), Run(run), f"ndcg_burges@{k}"))
    return values


def recbole(queries):
    """What recbole.evaluator.metrics computes, from its documentation's formulas."""
    values = {}
    for k in KS:
        average, area = [], []
        for query in queries:
            hits, total = 0, 0.0
            for rank in range(k):
                if rank in query["ranks"]:
                    hits += 1
                    total += hits / (rank + 1)
            average.append(total / min(len(query["ranks"]), k))
        values[f"attainable_map@{k}"] = float(np.mean(average))
    for query in queries:
        positives, negatives = len(query["ranks"]), CANDIDATES - len(query["ranks"])
        # Ranks from the worst, as the Mann-Whitney statistic has them.
        ascending = sum(CANDIDATES - rank for rank in query["ranks"])
        area.append((ascending - positives * (positives + 1) / 2) / (positives * negatives))
    values["auc"] = float(np.mean(area))
    return values


def main():
    runs = []
    for seed in range(3):
        queries = draw(seed)
        runs.append({"queries": queries,
                     "peers": {"pytrec_eval": trec(queries), "ranx": ranx(queries),
                               "recbole": recbole(queries)}})
    assert all(math.isfinite(v) for run in runs for p in run["peers"].values() for v in p.values())
    json.dump({"runs": runs}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
