"""Results files."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ._per_query import PerQuery, per_query

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Epoch:
    """One epoch of training; ``loss`` is the mean over its examples."""

    number: int
    loss: float
    document: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Results:
    """One results file. ``document`` holds all of it, as the file's schema describes it."""

    document: dict[str, Any] = field(repr=False)
    path: Path | None = None

    @property
    def name(self) -> str:
        return str(self.document["experiment"]["name"])

    @property
    def status(self) -> str:
        """``completed``, ``failed`` or ``interrupted``."""
        return str(self.document["status"])

    @property
    def digest(self) -> str | None:
        """The same for the same spec, seed, data and program, whatever the machine's threads."""
        return self.document.get("digest")

    @property
    def seed(self) -> int:
        return int(self.document["seed"])

    @property
    def spec(self) -> dict[str, Any]:
        """The spec with every default written out."""
        return dict(self.document["experiment"]["spec"])

    @property
    def epochs(self) -> list[Epoch]:
        records = (self.document.get("training") or {}).get("epochs", [])
        return [Epoch(int(it["epoch"]), float(it["loss"]), it) for it in records]

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the test part, by TFRS's names."""
        return self.metrics_of("test")

    def metrics_of(self, part: str) -> dict[str, float]:
        """The metrics of a part of the data: ``test`` or ``validation``. Empty without it."""
        record = (self.document.get("evaluation") or {}).get(part) or {}
        return dict(record.get("metrics", {}))

    def interval(self, metric: str, part: str = "test") -> tuple[float, float] | None:
        """The 95% interval of a metric; None where it has none."""
        record = (self.document.get("evaluation") or {}).get(part) or {}
        found = (record.get("intervals") or {}).get(metric)
        if found is None:
            return None
        if isinstance(found, dict):
            return float(found["lower"]), float(found["upper"])
        return float(found[0]), float(found[1])

    def per_query(self, part: str = "test") -> PerQuery:
        """The figures of single queries, if the spec's ``evaluate.per_query`` asked for them."""
        record = (self.document.get("evaluation") or {}).get(part) or {}
        named = record.get("per_query") or self.spec.get("evaluate", {}).get("per_query")
        if not named:
            raise ValueError(
                f"the {part} part of '{self.name}' has no figures of single queries; "
                "'evaluate.per_query' in its spec asks for them"
            )
        name = named if isinstance(named, str) else named["path"]
        # Beside the results, or where the run's working directory had it.
        beside = (self.path.parent if self.path else Path()) / name
        return per_query(beside if beside.exists() else name)


@dataclass(frozen=True)
class Trial:
    """One trial of a sweep."""

    name: str
    status: str
    settings: dict[str, Any]
    seed: int | None
    document: dict[str, Any] = field(repr=False)
    path: Path | None = None

    @property
    def metrics(self) -> dict[str, float]:
        return dict(self.document.get("metrics", {}).get("test", {}))

    def load(self) -> Results:
        """The trial's results file."""
        if self.path is None:
            raise ValueError(f"the trial '{self.name}' is {self.status} and has no results")
        return load(self.path)


@dataclass(frozen=True)
class Sweep:
    """The index of a sweep."""

    document: dict[str, Any] = field(repr=False)
    path: Path | None = None

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def best(self) -> str | None:
        """The name of the best trial by the sweep's objective."""
        return self.document.get("best")

    @property
    def trials(self) -> list[Trial]:
        folder = self.path.parent if self.path else Path()
        return [
            Trial(
                it["name"], it["status"], it["settings"], it.get("seed"), it,
                folder / it["results"] if it.get("results") else None,
            )
            for it in self.document["trials"]
        ]

    @property
    def configurations(self) -> list[dict[str, Any]]:
        """The configurations, best first, with mean and deviation of their metrics over seeds."""
        return list(self.document["configurations"])


def load(path: str | os.PathLike[str]) -> Results:
    """Reads a results file.

    Raises:
        ValueError: the file is none, or of a version that this module does not know.
    """
    document = _document(path)
    if document.get("kind") == "sweep":
        raise ValueError(f"'{path}' is the index of a sweep, which tfrs_run.load_sweep reads")
    if "experiment" not in document:
        raise ValueError(f"'{path}' is no results file but a {document.get('kind')}")
    return Results(document, Path(path))


def load_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Reads the index of a sweep, ``sweep.json`` in its folder, or that of the folder.

    Raises:
        ValueError: the file is none, or of a version that this module does not know.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "sweep.json"
    document = _document(path)
    if document.get("kind") != "sweep":
        raise ValueError(f"'{path}' is no index of a sweep")
    return Sweep(document, path)


def is_sweep(path: str | os.PathLike[str]) -> bool:
    """Whether a file is the index of a sweep, and not one run's results."""
    return _document(path).get("kind") == "sweep"


def _document(path: str | os.PathLike[str]) -> dict[str, Any]:
    try:
        document = json.loads(Path(path).read_bytes())
    except ValueError as error:
        raise ValueError(f"'{path}' is no results file: {error}") from error
    if not isinstance(document, dict) or document.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"'{path}' is no results file of version {SCHEMA_VERSION}")
    return document
