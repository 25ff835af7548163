"""tfrs-run from Python: runs experiments declared in YAML and reads what they wrote.

    import tfrs_run

    results = tfrs_run.run("experiments/movielens.yaml", train__epochs=10)
    results.metrics["factorized_top_k/top_100_categorical_accuracy"]

Everything is computed by the tool that comes with this package; the module starts it and reads its
files. It depends on nothing; columns are NumPy arrays where NumPy is installed, else lists.
"""

from ._per_query import PerQuery, Table, per_query
from ._results import Epoch, Results, Sweep, Trial, load, load_sweep
from ._tool import DataError, RunError, SpecError, executable, run, sweep, version
from ._version import VERSION as __version__

__all__ = [
    "__version__",
    "DataError",
    "Epoch",
    "PerQuery",
    "Results",
    "RunError",
    "SpecError",
    "Sweep",
    "Table",
    "Trial",
    "executable",
    "load",
    "load_sweep",
    "per_query",
    "run",
    "sweep",
    "version",
]
