"""The tool as a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Union

from ._results import Results, Sweep, is_sweep, load, load_sweep

Spec = Union[str, "os.PathLike[str]", Mapping[str, Any]]


class RunError(Exception):
    """The tool ended with an exit code other than 0.

    A run that diverged has written its results all the same, and so has a sweep of which a trial
    failed: ``written`` is their path, else None.
    """

    def __init__(self, returncode: int, message: str, written: Path | None = None):
        super().__init__(message)
        self.returncode = returncode
        self.message = message
        self.written = written


class SpecError(RunError):
    """The spec or the call is wrong (exit code 2); the message names file, line and column."""


class DataError(RunError):
    """The data cannot be had (exit code 5)."""


def executable() -> str:
    """The path of the tool: ``$TFRS_RUN``, the one that was installed with this package, or the
    one on the ``PATH``.
    """
    chosen = os.environ.get("TFRS_RUN")
    if chosen:
        return chosen
    # Where pip puts scripts: of this environment, or of the user.
    for scheme in (None, sysconfig.get_preferred_scheme("user")):
        scripts = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        path = Path(scripts) / "tfrs-run"
        if path.is_file():
            return str(path)
    # pip install --target leaves scripts in bin/ beside the packages.
    beside = Path(__file__).resolve().parent.parent / "bin" / "tfrs-run"
    if beside.is_file():
        return str(beside)
    found = shutil.which("tfrs-run")
    if found:
        return found
    raise FileNotFoundError(
        "tfrs-run is neither installed with this package nor on the PATH; $TFRS_RUN may name it"
    )


def version() -> str:
    """What ``tfrs-run --version`` says."""
    done = subprocess.run([executable(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(
    spec: Spec,
    *,
    set: Mapping[str, Any] = {},
    output: str | os.PathLike[str] | None = None,
    seed: int | None = None,
    threads: int | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    arguments: Sequence[str] = (),
    quiet: bool = True,
    **overrides: Any,
) -> Results:
    """Runs an experiment and reads its results.

    Args:
        spec: the path of a spec, or a spec as a mapping. Relative paths in a mapping are those of
            the working directory.
        set: values of the spec by their paths: ``{"train.epochs": 10}``.
        output: where the results go, as for ``--output``; the tool's own choice by default.
        seed: in the place of the spec's.
        threads: that may run at once; the results do not depend on it.
        data_dir: the folder that holds the data.
        arguments: more of the command line's options, such as ``["--require-data"]``.
        quiet: whether progress is kept off standard error.
        overrides: the same as ``set``, two underscores for a dot: ``train__epochs=10``.

    Raises:
        SpecError: the spec is wrong; nothing was run.
        DataError: the data cannot be had.
        RunError: the run failed otherwise.
        TypeError: the spec is a sweep, which is :func:`sweep`'s.
    """
    written = _run(spec, {**set, **_dotted(overrides)}, output, seed, threads, data_dir,
                   arguments, quiet)
    if is_sweep(written):
        raise TypeError(
            f"the spec is a sweep, and ran; tfrs_run.load_sweep('{written}') reads its index, and "
            "tfrs_run.sweep runs and reads one"
        )
    return load(written)


def sweep(
    spec: Spec,
    *,
    set: Mapping[str, Any] = {},
    output: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    arguments: Sequence[str] = (),
    quiet: bool = True,
    **overrides: Any,
) -> Sweep:
    """Runs all trials of a spec with ``sweep:`` that no earlier call has run, and reads the index.

    Args and raises: as :func:`run`; ``output`` is a folder.
    """
    written = _run(spec, {**set, **_dotted(overrides)}, output, None, threads, data_dir,
                   arguments, quiet)
    if not is_sweep(written):
        raise TypeError(f"the spec is no sweep; tfrs_run.load('{written}') reads its results")
    return load_sweep(written)


def _dotted(overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("__", "."): value for key, value in overrides.items()}


def _run(
    spec: Spec,
    settings: Mapping[str, Any],
    output: str | os.PathLike[str] | None,
    seed: int | None,
    threads: int | None,
    data_dir: str | os.PathLike[str] | None,
    arguments: Sequence[str],
    quiet: bool,
) -> Path:
    """Where the tool has written what came of the spec."""
    command = [executable(), "run"]
    with tempfile.TemporaryDirectory(prefix="tfrs-run-") as folder:
        if isinstance(spec, Mapping):
            path = Path(folder) / "spec.json"  # JSON is YAML.
            path.write_text(json.dumps(spec, indent=1), encoding="utf-8")
            command.append(str(path))
        else:
            command.append(os.fspath(spec))
        for key, value in settings.items():
            command += ["--set", f"{key}={json.dumps(value)}"]
        for option, given in [
            ("--output", output), ("--seed", seed), ("--threads", threads), ("--data-dir", data_dir)
        ]:
            if given is not None:
                command += [option, given if isinstance(given, str) else str(given)]
        command += [*arguments, *(["--quiet"] if quiet else [])]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE if quiet else None, text=True
        )
    name = done.stdout.split("\n")[0]
    written = Path(name) if name else None
    if done.returncode == 0 and written is not None:
        return written
    kind = {2: SpecError, 5: DataError}.get(done.returncode, RunError)
    # A mapping has no file that anybody knows.
    message = (done.stderr or "").strip().replace(f"{folder}{os.sep}", "")
    message = message or f"tfrs-run ended with exit code {done.returncode}"
    raise kind(done.returncode, message, written)
