"""Between stages 4 and 5: known facts from a user's table join the graph, marked as such, with the file and row they come from.

The first row names the columns. `entity` (a name, alias or id; `model`, `system` and `name` are the same) or `paper` (key, identifier or
title) says what the row is about; every other column is a fact:

| column | fact |
| --- | --- |
| `hardware`, with `count`, `memory_gb`, `hours`, `role` | work on a device |
| `metric`, `value`, with `unit`, `benchmark`, `task` | a result |
| `parameters`, `context length`, `training data`, `accelerators`, `languages` | a size, such as `1.3B` |
| a relation: `outperforms`, `based on`, `trained on`, ... | a claim |

Joined facts have polarity `joined` and confidence 1: they never make a direct triple, coverage does not count them, and answers show them apart.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from kgraph.graph import CLASSES, KnowledgeGraph, digest
from kgraph.model import PREDICATES, Problem
from kgraph.names import fold, slug

SUBJECTS = ("entity", "model", "system", "name")
USE = ("hardware", "count", "memory_gb", "hours", "role")
RESULT = ("metric", "value", "unit", "benchmark", "task")
SIZES = ("parameters", "context length", "training data", "accelerators", "languages")
_RELATIONS = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower(): name for name in PREDICATES}
COLUMNS = (*SUBJECTS, "paper", *USE, *RESULT, *SIZES, *_RELATIONS)
_MULTIPLES = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NUMBER = re.compile(r"([-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)\s*([A-Za-z]+|%)?")
# a device or a data set that no paper names is new knowledge and becomes an entity; a model or metric that no paper names is most likely misspelt
_NEW = {
    "hardware": "Hardware",
    "trainedOnHardware": "Hardware",
    "runsOnHardware": "Hardware",
    "trainedOn": "Dataset",
    "evaluatedOn": "Benchmark",
    "benchmark": "Benchmark",
}


@dataclass
class Joined:
    """What a table brought: how many facts, which rows said them, and what was wrong."""

    facts: int = 0
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


def join(graph: KnowledgeGraph, table: Path | str) -> Joined:
    """Add the facts of a CSV (or, by its ending, TSV) file to `graph`. What cannot be read or matched is a problem with its line; the rest goes in."""
    joined, path = Joined(), Path(table)
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        joined.problems.append(Problem(str(table), 1, error.strerror or "cannot be read"))
        return joined
    except UnicodeDecodeError as error:
        joined.problems.append(Problem(str(table), 1, f"byte {error.start} is not UTF-8"))
        return joined
    reader = csv.reader(text.splitlines(keepends=True), delimiter="\t" if path.suffix == ".tsv" else ",")
    names = _Names(graph)
    header: list[str] | None = None
    first = 1
    try:
        for cells in reader:
            line, first = first, reader.line_num + 1  # a quoted cell may hold line breaks: a row is where it begins
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells, path, joined.problems)
                continue
            row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip() and name in COLUMNS}
            before = joined.facts
            _Row(graph, names, path, line, row, joined).read()
            joined.rows += joined.facts > before
    except csv.Error as error:
        joined.problems.append(Problem(str(table), first, f"not CSV: {error}"))
    if header is None:
        joined.problems.append(Problem(str(table), 1, "the file is empty; its first row must name the columns"))
    return joined


def _header(cells: list[str], path: Path, problems: list[Problem]) -> list[str]:
    known = {re.sub(r"[\s_\-]+", "", column): column for column in COLUMNS}
    header = []
    for cell in cells:
        folded = re.sub(r"[\s_\-]+", "", cell).lower()
        if folded not in known:
            near = get_close_matches(folded, known, n=1)
            hint = f"did you mean {known[near[0]]!r}?" if near else f"known columns are {', '.join(COLUMNS)}"
            problems.append(Problem(str(path), 1, f"column {cell!r} is passed over; {hint}"))
        header.append(known.get(folded, ""))
    if not {*SUBJECTS, "paper"} & set(header):
        problems.append(Problem(str(path), 1, "no column says what a row is about: entity or paper"))
    return header


class _Names:
    """The entities and papers of a graph by what they are called."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.entities: dict[str, list[str]] = {}
        self.papers: dict[str, str] = {}
        for node, data in sorted(graph.nodes(data=True)):
            if data["type"] in CLASSES.values():
                self.learn(node)
            elif data["type"] == "Paper":
                for name in (node, node.removeprefix("paper:"), *data.get("identifiers", ()), data.get("title", "")):
                    self.papers.setdefault(name.casefold(), node)
                    self.papers.setdefault(name.partition(":")[2].casefold(), node)
        self.papers.pop("", None)

    def learn(self, node: str) -> None:
        data = self.graph.nodes[node]
        for name in (data["label"], *data.get("alt_labels", ()), node.removeprefix("e:")):
            nodes = self.entities.setdefault(fold(name), [])
            if node not in nodes:
                nodes.append(node)

    def entity(self, name: str, wanted: tuple[str, ...] = ()) -> str | None:
        """The entity of that name, of one of the wanted classes if there are any; its label counts more than its aliases."""
        found = self.entities.get(fold(name), []) if fold(name) else []
        found = [node for node in found if not wanted or self.graph.nodes[node]["type"] in wanted]
        return min(found, key=lambda node: (fold(self.graph.nodes[node]["label"]) != fold(name), node), default=None)


@dataclass
class _Row:
    graph: KnowledgeGraph
    names: _Names
    path: Path
    line: int
    row: Mapping[str, str]
    joined: Joined

    def problem(self, message: str) -> None:
        self.joined.problems.append(Problem(str(self.path), self.line, message))

    def read(self) -> None:
        """Add the facts of the row, or say what is wrong with it."""
        named = next((self.row[c] for c in SUBJECTS if c in self.row), None)
        subject = self.names.entity(named) if named else None
        paper = self.names.papers.get(self.row["paper"].casefold()) if "paper" in self.row else None
        if named and subject is None:
            near = get_close_matches(fold(named), list(self.names.entities), n=1)
            hint = f"; did you mean {self.graph.nodes[self.names.entities[near[0]][0]]['label']}?" if near else ""
            return self.problem(f"no paper names {named!r}{hint}")
        if "paper" in self.row and paper is None:
            return self.problem(f"no paper {self.row['paper']!r} in the graph")
        if subject is None and paper is not None:  # a row about a paper is about the one thing that it introduces, if it is one
            own = [target for _, target, relation in self.graph.out_edges(paper, data="relation") if relation == "introduces"]
            subject = own[0] if len(own) == 1 else None
        if subject is None and paper is None:
            return self.problem("the row does not say what it is about")
        before = self.joined.facts
        self.hardware(subject, paper)
        self.result(subject, paper)
        for size in SIZES:
            if size in self.row and (value := self.number(size)) is not None:
                self.add("quantity", "Quantity", paper, {"of": subject}, {"property": size, "value": value, "value_text": self.row[size]})
        for column, relation in _RELATIONS.items():
            if column in self.row:
                self.claim(subject, relation, self.row[column], paper)
        if self.joined.facts == before and not any(p.line == self.line for p in self.joined.problems):
            self.problem("the row states no fact")
        return None

    def hardware(self, subject: str | None, paper: str | None) -> None:
        if "hardware" not in self.row:
            if lost := [c for c in USE if c in self.row]:
                self.problem(f"{', '.join(lost)} without a hardware")
            return None
        numbers = {c: self.number(c) for c in ("count", "memory_gb", "hours") if c in self.row}
        role = self.row.get("role", "").lower()
        if role not in ("", "training", "inference"):
            return self.problem(f"role {role!r} is not training or inference")
        device = self.target("hardware", self.row["hardware"], ("Hardware",))
        if device is not None:
            self.add("use", "HardwareUse", paper, {"of": subject, "hardware": device}, {**numbers, "role": role})
        return None

    def result(self, subject: str | None, paper: str | None) -> None:
        if "value" not in self.row:
            if lost := [c for c in RESULT if c in self.row]:
                self.problem(f"{', '.join(lost)} without a value")
            return
        value = self.number("value")
        slots = {"of": subject, "metric": None, "benchmark": None, "task": None}
        for slot, wanted in (("metric", ("Metric",)), ("benchmark", ("Dataset", "Benchmark")), ("task", ("Task",))):
            if slot in self.row:
                slots[slot] = self.target(slot, self.row[slot], wanted)
                if slots[slot] is None:
                    return
        if value is not None:
            unit = self.row.get("unit", "%" if self.row["value"].endswith("%") else "")
            self.add("result", "Result", paper, slots, {"value": value, "value_text": self.row["value"], "unit": unit})

    def claim(self, subject: str | None, relation: str, name: str, paper: str | None) -> None:
        target = self.target(relation, name, ())
        if subject is None or target is None or subject == target:
            if target is not None:
                self.problem(f"{relation} needs two different entities")
            return
        row = self.place()
        key = f"claim:{digest(row, subject, relation, target, 'joined')}"
        said = {"relation": relation, "claim": key, "row": row, "confidence": 1.0, "polarity": "joined", **({"paper": paper} if paper else {})}
        self.graph.add_edge(subject, target, key=key, **said)
        self.joined.facts += 1

    def target(self, slot: str, name: str, wanted: tuple[str, ...]) -> str | None:
        """The entity in a cell; new where the slot allows it; None after saying that there is none."""
        found = self.names.entity(name, wanted)
        if found is not None:
            return found
        node = f"e:{slug(name)}"
        if slot not in _NEW or not slug(name) or node in self.graph:
            other = self.names.entity(name)
            self.problem(f"{name!r} is a {self.graph.nodes[other]['type']}, not a {' or '.join(wanted)}" if other and wanted else f"no paper names {name!r}")
            return None
        self.graph.add_node(node, type=_NEW[slot], label=name)
        self.names.learn(node)
        return node

    def number(self, column: str) -> str | None:
        """The number in a cell, exact and in base units (`1.3B` is 1300000000); None after saying that it is none."""
        match = _NUMBER.fullmatch(self.row[column])
        unit = (match[2] or "").lower() if match else ""
        if not match or (unit and unit != "%" and unit not in _MULTIPLES and column != "memory_gb"):
            self.problem(f"{column} {self.row[column]!r} is not a number")
            return None
        factor = 1 if column == "memory_gb" else _MULTIPLES.get(unit, 1)
        return f"{Decimal(match[1].replace(',', '')) * factor:f}"

    def place(self) -> str:
        """The node of this row."""
        path = self.path.as_posix()
        node = f"row:{digest(path, self.line)}"
        self.graph.add_node(node, type="Row", path=path, line=self.line)
        return node

    def add(self, prefix: str, cls: str, paper: str | None, slots: Mapping[str, str | None], literals: Mapping[str, str | None]) -> None:
        row = self.place()
        filled = {slot: node for slot, node in slots.items() if node}
        said = {name: value for name, value in literals.items() if value}
        node = f"{prefix}:{digest(row, sorted(filled.items()), sorted(said.items()))}"
        self.graph.add_node(node, type=cls, row=row, confidence=1.0, polarity="joined", **said, **({"paper": paper} if paper else {}))
        for slot, target in filled.items():
            self.graph.add_edge(node, target, key=slot, relation=slot)
        self.joined.facts += 1
