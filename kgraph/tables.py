"""Tables as users meet them: on a terminal, as JSON, as CSV, as Markdown. Results of questions, statistics and differences are all `Table`s."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest


class Iri(str):
    """A cell that is an IRI: whole in JSON and CSV, `prefix:name` on the terminal."""

    __slots__ = ()


Cell = str | int | Decimal | bool | None
FORMS = ("table", "json", "csv", "markdown")


@dataclass(frozen=True)
class Table:
    """Named columns and rows of cells; None is "not stated". Numbers are exact."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Cell]:
        """All cells of one column, top to bottom."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def without(self, *names: str) -> Table:
        """The table without some columns; rows that are equal then stand once."""
        kept = [i for i, name in enumerate(self.columns) if name not in names]
        return Table(tuple(self.columns[i] for i in kept), list(dict.fromkeys(tuple(row[i] for i in kept) for row in self.rows)))

    def records(self) -> list[dict[str, Cell]]:
        """A dictionary a row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_html_(self) -> str:
        from html import escape

        def line(tag: str, cells: Sequence[object]) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape('' if c is None else str(c))}</{tag}>" for c in cells) + "</tr>"

        return "<table>" + line("th", self.columns) + "".join(line("td", row) for row in self.rows) + "</table>"


def render(table: Table, form: str = "table", *, width: int | None = None) -> str:
    """`table` as text in one of `FORMS`, ending in a newline. `width` in columns limits the terminal table: long cells are wrapped.

    >>> print(render(Table(("name", "n"), [("A100", 8), ("H100", None)])), end="")
    name   n
    ----  --
    A100   8
    H100
    """
    if form not in _FORMS:
        raise ValueError(f"{form!r} is not one of the forms: {', '.join(FORMS)}")
    return _as_text(table, width) if form == "table" else _FORMS[form](table)


def plain(cell: Cell) -> str:
    """A cell for people: control characters gone (a title must not steer the terminal), IRIs short, numbers without zeros at the end."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Iri):
        return shorten(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    # format characters (direction marks) go too, but for the joiners that emoji and many scripts need
    return "".join(
        c for c in " ".join(str(cell).split()) if unicodedata.category(c) not in ("Cc", "Cs") and (unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    )


def shorten(iri: str) -> str:
    """`https://w3id.org/kgraph/ns#Model` as `kg:Model`, where a prefix is known."""
    from kgraph.export.terms import prefixes

    for prefix, namespace in prefixes().items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return str(iri)


def safe_for_spreadsheets(cell: Cell) -> str:
    """A cell of a CSV file. Texts that a spreadsheet would run as a formula get a `'` in front; numbers stay numbers.

    Source: OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab and carriage return at the beginning, full-width forms too.

    >>> [safe_for_spreadsheets(c) for c in ("=1+1", -3, Decimal("-0.5"), "@x", "A100", None)]
    ["'=1+1", '-3', '-0.5', "'@x", 'A100', '']
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    written = str(cell)
    if isinstance(cell, str) and written.lstrip(" ")[:1] in tuple("=+-@\t\r\n＝＋－＠"):
        return "'" + written
    return written


def char_width(char: str) -> int:
    """Terminal columns of a character: 0 for combining ones, 2 for wide ones."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def text_width(text: str) -> int:
    """Terminal columns of a text."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def _wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and text_width(line) + 1 + text_width(word) > width:
            lines.append(line)
            line = ""
        rest = f"{line} {word}" if line else word
        while text_width(rest) > width:
            cut = next(i for i in range(len(rest), 0, -1) if text_width(rest[:i]) <= width or i == 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        line = rest
    return [*lines, line]


def _as_text(table: Table, width: int | None) -> str:
    cells = [[plain(c) for c in row] for row in table.rows]
    numeric = [all(c is None or (isinstance(c, int | Decimal) and not isinstance(c, bool)) for c in column) for column in zip(*table.rows, strict=True)]
    numeric = numeric or [False] * len(table.columns)
    widths = [max([text_width(name), 2, *(text_width(row[i]) for row in cells)]) for i, name in enumerate(table.columns)]
    if width is not None:  # the widest columns give way, down to a width that can be read
        while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 16:
            widths[widths.index(max(widths))] -= 1

    def lay(row: Sequence[str]) -> list[str]:
        wrapped = [_wrap(text, w) for text, w in zip(row, widths, strict=True)]
        out = []
        for parts in zip_longest(*wrapped, fillvalue=""):
            padded = [(" " * (w - text_width(p)) + p) if right else (p + " " * (w - text_width(p))) for p, w, right in zip(parts, widths, numeric, strict=True)]
            out.append("  ".join(padded).rstrip())
        return out

    lines = [*lay(table.columns), "  ".join("-" * w for w in widths)]
    for row in cells:
        lines += lay(row)
    return "\n".join(lines) + "\n"


def _as_json(table: Table) -> str:
    """Numbers as JSON numbers with all their digits, written out by hand as the json module knows only floats."""
    return "[" + ",\n ".join("{" + ", ".join(f"{json.dumps(k)}: {json_value(v)}" for k, v in row.items()) + "}" for row in table.records()) + "]\n"


def json_value(cell: Cell) -> str:
    """One cell as JSON; a Decimal keeps its digits."""
    return f"{cell:f}" if isinstance(cell, Decimal) else json.dumps(cell, ensure_ascii=False)


def _as_csv(table: Table) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([safe_for_spreadsheets(name) for name in table.columns])
    writer.writerows([safe_for_spreadsheets(c) for c in row] for row in table.rows)
    return file.getvalue()


def _as_markdown(table: Table) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(c.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for c in cells) + " |"

    return "\n".join([line(table.columns), line(["---"] * len(table.columns)), *(line([plain(c) for c in row]) for row in table.rows)]) + "\n"


_FORMS = {"table": lambda table: _as_text(table, None), "json": _as_json, "csv": _as_csv, "markdown": _as_markdown}
