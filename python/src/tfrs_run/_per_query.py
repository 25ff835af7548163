"""The columnar file of the figures of single queries."""

from __future__ import annotations

import array
import json
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_MAGIC = b"TFRSPQ1\n"


class Table(Mapping[str, Any]):
    """Columns by their names, all of ``rows`` values: NumPy arrays where NumPy is installed, else
    arrays of the standard library; texts are lists.
    """

    def __init__(self, name: str, rows: int, columns: dict[str, Any]):
        self.name = name
        self.rows = rows
        self._columns = columns

    def __getitem__(self, key: str) -> Any:
        return self._columns[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, rows={self.rows}, columns={list(self._columns)})"


class PerQuery:
    """``interactions``: a row for each held-out interaction; ``queries``: one for each query."""

    def __init__(self, header: dict[str, Any], tables: dict[str, Table]):
        self.header = header
        self.interactions = tables["interactions"]
        self.queries = tables["queries"]

    def __repr__(self) -> str:
        return f"PerQuery({self.interactions!r}, {self.queries!r})"


def per_query(path: str | os.PathLike[str]) -> PerQuery:
    """Reads the file that ``evaluate.per_query`` names.

    Raises:
        ValueError: the file is no such file, or is cut off.
    """
    data = Path(path).read_bytes()
    start = len(_MAGIC) + 4
    if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
        raise ValueError(f"'{path}' holds no figures of single queries")
    (length,) = struct.unpack_from("<i", data, len(_MAGIC))
    if not 0 <= length <= len(data) - start:
        raise ValueError(f"'{path}' is cut off")
    header = json.loads(data[start : start + length])
    if header.get("version") != 1:
        raise ValueError(f"'{path}' is of version {header.get('version')}; 1 is known")
    position = start + length
    tables: dict[str, Table] = {}
    for table in header["tables"]:
        columns: dict[str, Any] = {}
        for column in table["columns"]:
            piece = data[position : position + column["bytes"]]
            if len(piece) != column["bytes"]:
                raise ValueError(f"'{path}' is cut off")
            columns[column["name"]] = _column(column["type"], table["rows"], piece)
            position += column["bytes"]
        tables[table["name"]] = Table(table["name"], table["rows"], columns)
    return PerQuery(header, tables)


def _column(kind: str, rows: int, data: bytes) -> Any:
    if kind == "string":
        ends = struct.unpack_from(f"<{rows + 1}i", data)
        texts = data[4 * (rows + 1) :]
        return [texts[a:b].decode("utf-8") for a, b in zip(ends, ends[1:])]
    code = {"float32": "f", "int32": "i"}[kind]
    try:
        import numpy
    except ImportError:
        values = array.array(code, data)
        if sys.byteorder == "big":
            values.byteswap()
        return values
    return numpy.frombuffer(data, dtype=f"<{code}4")
