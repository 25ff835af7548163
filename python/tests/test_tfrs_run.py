"""The module against the tool: $TFRS_RUN, the installed one, or the one on the PATH."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tfrs_run

SPEC = {
    "name": "small",
    "seed": 7,
    "data": {
        "source": "synthetic", "users": 30, "items": 40, "interactions": 600,
        "split": {"strategy": "random", "test": 0.2},
    },
    "towers": {
        tower: {
            "features": [
                {"type": "string_lookup", "column": column, "embedding": {"output_dim": 4}}
            ]
        }
        for tower, column in [("query", "user_id"), ("candidate", "item_id")]
    },
    "metrics": {"factorized": [{"type": "factorized_top_k", "ks": [1, 10]}, {"type": "recall"}]},
    "train": {"epochs": 2, "batch_size": 64},
    "evaluate": {"per_query": "figures.per_query"},
}
TOP_10 = "factorized_top_k/top_10_categorical_accuracy"


class ToolTests(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self._before = os.getcwd()
        os.chdir(self._folder.name)
        self.addCleanup(os.chdir, self._before)

    def test_a_mapping_runs_and_is_read(self) -> None:
        results = tfrs_run.run(SPEC, output="out.json")
        self.assertEqual(results.name, "small")
        self.assertEqual(results.status, "completed")
        self.assertEqual(results.path, Path("out.json"))
        self.assertEqual([it.number for it in results.epochs], [1, 2])
        self.assertTrue(all(it.loss > 0 for it in results.epochs))
        self.assertTrue(0 <= results.metrics[TOP_10] <= 1)
        self.assertEqual(results.spec["train"]["batch_size"], 64)
        self.assertEqual(len(results.digest or ""), 64)
        self.assertEqual(results.metrics_of("validation"), {})
        self.assertIsNone(results.interval("no such metric"))
        self.assertEqual(tfrs_run.load("out.json").document, results.document)

    def test_overrides_are_laid_over_the_spec(self) -> None:
        Path("spec.yaml").write_text(json.dumps(SPEC))
        results = tfrs_run.run(
            "spec.yaml", seed=8, threads=1, train__epochs=1, set={"train.batch_size": 32})
        self.assertEqual(len(results.epochs), 1)
        self.assertEqual(results.seed, 8)
        self.assertEqual(results.spec["train"]["batch_size"], 32)

    def test_the_same_call_has_the_same_digest(self) -> None:
        digests = {
            tfrs_run.run(SPEC, output=f"{count}.json", threads=count).digest for count in (1, 2)
        }
        self.assertEqual(len(digests), 1)

    def test_figures_of_single_queries(self) -> None:
        results = tfrs_run.run(SPEC, output="out.json")
        figures = results.per_query()
        rows = figures.interactions.rows
        self.assertEqual(rows, results.document["evaluation"]["test"]["examples"])
        for table in (figures.interactions, figures.queries):
            self.assertTrue(table)
            for column in table.values():
                self.assertEqual(len(column), table.rows)
        self.assertTrue(all(isinstance(it, str) for it in figures.queries["query"]))
        with self.assertRaisesRegex(ValueError, "no figures"):
            tfrs_run.run(SPEC, output="other.json", evaluate__per_query=None).per_query()

    def test_a_sweep_is_read(self) -> None:
        spec = dict(SPEC, sweep={"grid": {"train.epochs": [1, 2]}, "seeds": [1, 2]})
        del spec["evaluate"]
        with self.assertRaisesRegex(TypeError, "is a sweep"):
            tfrs_run.run(spec, output="sweep")
        # All trials are there already, and are taken over.
        sweep = tfrs_run.sweep(spec, output="sweep")
        self.assertEqual(tfrs_run.load_sweep("sweep").document, sweep.document)
        with self.assertRaisesRegex(ValueError, "load_sweep"):
            tfrs_run.load("sweep/sweep.json")
        self.assertEqual(sweep.name, "small")
        self.assertEqual(len(sweep.trials), 4)
        self.assertEqual(len(sweep.configurations), 2)
        self.assertIn(sweep.best, [it.name for it in sweep.trials])
        for trial in sweep.trials:
            self.assertEqual(trial.load().digest, trial.document["digest"])
            self.assertEqual(trial.load().metrics[TOP_10], trial.metrics[TOP_10])

    def test_a_wrong_spec_is_told(self) -> None:
        with self.assertRaisesRegex(tfrs_run.SpecError, "did you mean 'epochs'") as caught:
            tfrs_run.run(SPEC, train__epoch=1)
        self.assertEqual(caught.exception.returncode, 2)
        self.assertIsNone(caught.exception.written)
        with self.assertRaisesRegex(tfrs_run.SpecError, r"^spec\.json:1:1: error: "):
            tfrs_run.run({"name": "without towers", "data": "synthetic"})
        with self.assertRaisesRegex(TypeError, "no sweep"):
            tfrs_run.sweep(SPEC, output="out.json")

    def test_missing_data_are_told(self) -> None:
        spec = dict(
            SPEC, data={"source": "csv", "interactions": {"path": "absent.csv"},
                        "split": {"strategy": "random", "test": 0.2}})
        with self.assertRaisesRegex(tfrs_run.DataError, "absent.csv"):
            tfrs_run.run(spec)

    def test_the_module_is_the_tool(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tfrs_run", "--version"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.strip(), tfrs_run.version())
        self.assertTrue(done.stdout.startswith(tfrs_run.__version__), done.stdout)


class FileTests(unittest.TestCase):
    def setUp(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.path = Path(self._folder.name) / "file"

    def test_what_is_no_results_file(self) -> None:
        for text in [
            "[]", "{}", '{"schema_version": 2}', '{"schema_version": 1, "kind": "check"}',
            "name: a spec", "", "\0",
        ]:
            self.path.write_text(text)
            with self.assertRaises(ValueError) as caught:
                tfrs_run.load(self.path)
            self.assertIn(str(self.path), str(caught.exception))

    def test_columns(self) -> None:
        texts = "aéz".encode()
        body = (
            struct.pack("<2f", 0.5, -1) + struct.pack("<2i", 3, -4)
            + struct.pack("<3i", 0, 1, len(texts)) + texts)
        sizes = [8, 8, 12 + len(texts)]
        columns = [
            {"name": name, "type": name, "bytes": size}
            for name, size in zip(["float32", "int32", "string"], sizes)
        ]
        header = json.dumps({
            "version": 1,
            "tables": [
                {"name": "interactions", "rows": 2, "columns": columns},
                {"name": "queries", "rows": 0, "columns": []},
            ],
        }).encode()
        data = b"TFRSPQ1\n" + struct.pack("<i", len(header)) + header + body
        self.path.write_bytes(data)
        table = tfrs_run.per_query(self.path).interactions
        self.assertEqual(list(table["float32"]), [0.5, -1])
        self.assertEqual(list(table["int32"]), [3, -4])
        self.assertEqual(table["string"], ["a", "éz"])
        for end in [0, 7, 11, 20, len(data) - 1]:
            self.path.write_bytes(data[:end])
            with self.assertRaises(ValueError):
                tfrs_run.per_query(self.path)


if __name__ == "__main__":
    unittest.main()
