"""Stage 5: the graph as three flat tables (papers, entities, facts), for data frames, spreadsheets and property graphs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kgraph.export.terms import number
from kgraph.export.triples import ENTITY_CLASSES
from kgraph.graph import ENTITY_SLOTS, KnowledgeGraph
from kgraph.tables import Cell, Table

SEPARATOR = " | "
PAPER_COLUMNS = ("id", "title", "identifiers", "issued", "year", "creators", "urls", "code", "sources", "introduces", "entities", "abstract")
ENTITY_COLUMNS = ("id", "type", "label", "aliases", "broader", "higher_is_better", "papers", "introduced_in")
FACT_COLUMNS = (
    "id", "kind", "subject", "subject_label", "relation", "object", "object_label", "value", "unit", "printed", "metric", "benchmark", "task",
    "baseline", "model", "direction", "property", "hardware", "count", "memory_gb", "hours", "role", "polarity", "confidence", "paper", "sentence",
    "sentence_start", "sentence_end", "evidence",
)  # fmt: skip
NUMBERS = frozenset(("value", "count", "memory_gb", "hours", "confidence", "year", "papers", "sentence_start", "sentence_end"))
BOOLEANS = frozenset(("higher_is_better",))
"""Columns that hold numbers or truth values; all others hold text."""


def tables(graph: KnowledgeGraph) -> dict[str, Table]:
    """`papers`, `entities`, `facts`: a row each, sorted by id. A fact is a claim, a result, a quantity or a hardware use, with its sentence."""
    return {
        "papers": Table(PAPER_COLUMNS, [_paper(graph, name) for name in _members(graph, {"Paper"})]),
        "entities": Table(ENTITY_COLUMNS, [_entity(graph, name) for name in _members(graph, ENTITY_CLASSES)]),
        "facts": Table(FACT_COLUMNS, sorted((*_claims(graph), *_numbers(graph)), key=lambda row: str(row[0]))),
    }


def _members(graph: KnowledgeGraph, classes: set[str] | frozenset[str]) -> list[str]:
    return sorted(name for name, cls in graph.nodes(data="type") if cls in classes)


def _listed(values: object) -> str:
    return SEPARATOR.join(map(str, values)) if isinstance(values, tuple | list) else ""


def _exact(text: str | None) -> Cell:
    return None if not text else Decimal(number(text).value)


def _paper(graph: KnowledgeGraph, name: str) -> tuple[Cell, ...]:
    data = graph.nodes[name]
    issued = data.get("issued", "")
    out: dict[str, list[str]] = {"introduces": [], "mentions": []}
    for _, target, relation in graph.out_edges(name, data="relation"):
        out[relation].append(target)
    return (
        name, data.get("title", ""), _listed(data.get("identifiers")), issued, int(issued[:4]) if issued[:4].isdigit() else None, _listed(data.get("creators")),
        _listed(data.get("same_as")), _listed(data.get("code")), _listed(data.get("sources")), _listed(sorted(out["introduces"])),
        _listed(sorted(out["mentions"])), data["abstract"],
    )  # fmt: skip


def _entity(graph: KnowledgeGraph, name: str) -> tuple[Cell, ...]:
    data = graph.nodes[name]
    incoming = [(source, relation) for source, _, relation in graph.in_edges(name, data="relation") if source.startswith("paper:")]
    broader = sorted({target for _, target, edge in graph.out_edges(name, data=True) if "claim" not in edge})
    return (
        name, data["type"], data["label"], _listed(data.get("alt_labels")), _listed(broader), data.get("higher_is_better"),
        len({source for source, _ in incoming}), _listed(sorted(source for source, relation in incoming if relation == "introduces")),
    )  # fmt: skip


def _row(graph: KnowledgeGraph, data: dict[str, object], values: dict[str, Cell]) -> tuple[Cell, ...]:
    place = str(data.get("sentence") or data["row"])
    node = graph.nodes[place]
    values |= {"polarity": str(data["polarity"]), "confidence": Decimal(str(round(float(str(data["confidence"])), 3))), "paper": str(data.get("paper", ""))}
    if "text" in node:
        values |= {"sentence": place, "sentence_start": node["start"], "sentence_end": node["end"], "evidence": node["text"]}
    else:
        values |= {"evidence": f"{node['path']}:{node['line']}"}
    return tuple(values.get(column) if column in NUMBERS else values.get(column) or "" for column in FACT_COLUMNS)


def _claims(graph: KnowledgeGraph) -> Iterator[tuple[Cell, ...]]:
    for subject, target, data in graph.edges(data=True):
        if "claim" in data:
            yield _row(graph, data, {
                "id": data["claim"], "kind": "Claim", "subject": subject, "subject_label": graph.nodes[subject]["label"], "relation": data["relation"],
                "object": target, "object_label": graph.nodes[target]["label"],
            })  # fmt: skip


def _numbers(graph: KnowledgeGraph) -> Iterator[tuple[Cell, ...]]:
    for name in _members(graph, {"Result", "Quantity", "HardwareUse"}):
        data = graph.nodes[name]
        slots = {slot: target for _, target, slot in graph.out_edges(name, keys=True) if slot in ENTITY_SLOTS}
        subject = slots.pop("of", "")
        yield _row(graph, data, {
            "id": name, "kind": data["type"], "subject": subject, "subject_label": graph.nodes[subject]["label"] if subject else "",
            **slots, **{column: _exact(data.get(column)) for column in ("value", "count", "memory_gb", "hours")},
            **{column: data.get(column, "") for column in ("unit", "direction", "property", "role")}, "printed": data.get("value_text", ""),
        })  # fmt: skip
