#!/usr/bin/env python3
"""Checks corpus metrics against pytrec_eval, ranx, ir_measures and the formulas of RecBole.

Draws random runs with strictly decreasing scores, evaluates them with the peers, and prints what
they find as JSON, on which the tests of this package are held:

    pip install numpy scipy pytrec_eval-terrier ranx ir_measures
    scripts/cross-check-metrics.py > Tests/PeerMetrics/peer-metrics.json

A run is a list of queries. Each has `candidates`, how many were ranked, and `ranks`, the places
(from 0) of what is relevant to it, best first, with the grade of each in `grades`. For metrics of
what is listed it has `lists`, the best candidates of each query by their numbers, and
`training_counts`, how often each candidate stands in training.
"""

import json
import math
import sys

import ir_measures
import numpy as np
import pytrec_eval
import scipy.stats
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


def measures(queries):
    """What ir_measures makes of them, of whatever provider it takes for each."""
    names = {"precision": ir_measures.P, "recall": ir_measures.R, "ndcg": ir_measures.nDCG,
             "hit_rate": ir_measures.Success, "map": ir_measures.AP, "mrr": ir_measures.RR}
    wanted = {f"{name}@{k}": measure @ k for name, measure in names.items() for k in KS}
    qrels, run = tables(queries, False)
    found = ir_measures.calc_aggregate(wanted.values(), qrels, run)
    values = {name: float(found[measure]) for name, measure in wanted.items()}
    graded, run = tables(queries, True)
    gains = ir_measures.calc_aggregate([ir_measures.nDCG @ k for k in KS], graded, run)
    for k in KS:
        values[f"graded_ndcg@{k}"] = float(gains[ir_measures.nDCG @ k])
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


def draw_lists(seed):
    generator = np.random.default_rng(1000 + seed)
    counts = generator.integers(0, 50, CANDIDATES)
    appeal = generator.dirichlet(np.full(CANDIDATES, 0.3)) * 0.9 + 0.1 / CANDIDATES
    lists = [generator.choice(CANDIDATES, max(KS), replace=False, p=appeal).tolist()
             for _ in range(12)]
    return counts.tolist(), lists


def listed(counts, lists):
    """ItemCoverage, GiniIndex and AveragePopularity of RecBole, from its documentation's formulas,
    and the entropy by SciPy; RecBole divides its own by the number of items listed."""
    values = {}
    for k in KS:
        shown = np.zeros(CANDIDATES)
        for items in lists:
            shown[items[:k]] += 1
        ascending = np.sort(shown)
        index = np.arange(1, CANDIDATES + 1)
        values[f"catalogue_coverage@{k}"] = float(np.mean(shown > 0))
        values[f"gini_index@{k}"] = float(
            np.sum((2 * index - CANDIDATES - 1) * ascending) / (CANDIDATES * np.sum(shown)))
        values[f"average_popularity@{k}"] = float(
            np.mean([np.mean([counts[item] for item in items[:k]]) for items in lists]))
        values[f"entropy@{k}"] = float(scipy.stats.entropy(shown, base=2))
    return values


def main():
    runs = []
    for seed in range(3):
        queries = draw(seed)
        counts, lists = draw_lists(seed)
        runs.append({"queries": queries, "training_counts": counts, "lists": lists,
                     "of_lists": listed(counts, lists),
                     "peers": {"pytrec_eval": trec(queries), "ranx": ranx(queries),
                               "ir_measures": measures(queries), "recbole": recbole(queries)}})
    assert all(math.isfinite(v) for run in runs for p in run["peers"].values() for v in p.values())
    json.dump({"runs": runs}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
