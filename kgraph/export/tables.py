"""Stage 5: the flat tables as CSV and as Parquet, a file a table in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.export.files import atomic_folder
from kgraph.export.flat import BOOLEANS, NUMBERS, tables
from kgraph.graph import KnowledgeGraph
from kgraph.tables import render

if TYPE_CHECKING:
    import pyarrow


def write_csv(graph: KnowledgeGraph, path: Path) -> None:
    """Write `papers.csv`, `entities.csv` and `facts.csv` into the folder `path`: UTF-8, RFC 4180.

    A text that a spreadsheet would run as a formula gets a `'` in front; lists are joined by ` | `.
    """
    with atomic_folder(path) as folder:
        for name, table in tables(graph).items():
            (folder / f"{name}.csv").write_bytes(render(table, "csv").encode("utf-8", "replace"))


def write_parquet(graph: KnowledgeGraph, path: Path) -> None:
    """Write `papers.parquet`, `entities.parquet` and `facts.parquet` into the folder `path`. Needs pyarrow (`pip install kgraph[parquet]`).

    Numbers are 64-bit floats (whole ones 64-bit integers where the column has only such by nature), everything else text.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise ValueError("the format parquet needs pyarrow: pip install 'kgraph[parquet]'") from None
    with atomic_folder(path) as folder:
        for name, table in tables(graph).items():
            pyarrow.parquet.write_table(_arrow(table.columns, table.rows), folder / f"{name}.parquet", compression="zstd")


def _arrow(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pyarrow.Table:
    import pyarrow

    whole = {"year", "papers", "sentence_start", "sentence_end"}
    fields, arrays = [], []
    for i, column in enumerate(columns):
        values = [row[i] for row in rows]
        if column in whole:
            kind = pyarrow.int64()
        elif column in NUMBERS:
            kind, values = pyarrow.float64(), [None if v is None else float(v) for v in values]
        elif column in BOOLEANS:
            kind = pyarrow.bool_()
        else:
            kind, values = pyarrow.string(), [str(v).encode("utf-8", "replace").decode() for v in values]
        fields.append(pyarrow.field(column, kind))
        arrays.append(pyarrow.array(values, kind))
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields))
