"""What users do with the result: what two builds say differently. Facts, entities and papers that came, went, or say something else now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.query import cell, open_store
from kgraph.tables import Iri, Table, plain, shorten

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

COLUMNS = ("change", "kind", "what", "before", "after", "paper", "sentence")
_KINDS = ("Paper", "Model", "Method", "Software", "Dataset", "Benchmark", "Metric", "Task", "Hardware", "Claim", "Result", "Quantity", "HardwareUse")
_PAPER = ("dcterms:title", "dcterms:abstract", "dcterms:identifier", "dcterms:issued", "dcterms:creator", "schema:codeRepository", "kg:introduces")
_ENTITY = ("rdf:type", "rdfs:label", "skos:altLabel", "skos:broader", "kg:higherIsBetter")
_FACT = (
    "rdf:subject", "rdf:predicate", "rdf:object", "kg:of", "kg:metric", "kg:baseline", "kg:benchmark", "kg:task", "kg:model", "kg:hardware",
    "kg:property", "kg:value", "kg:unit", "kg:valueText", "kg:direction", "kg:count", "kg:memoryGB", "kg:hours", "kg:role", "kg:polarity", "kg:confidence",
)  # fmt: skip

Said = dict[str, tuple[str, ...]]
"""What is said of one node: property -> values, sorted."""


def diff(old: Path | str | KnowledgeGraph | pyoxigraph.Store, new: Path | str | KnowledgeGraph | pyoxigraph.Store) -> Table:
    """The differences between two graphs, a row each, sorted: `change` is `added`, `removed` or `changed`, `kind` the class.

    Facts are named by what they say and where. A fact of the same sentence about the same thing that says something else is `changed`, with what it
    said `before` and says `after`; so is one with another confidence. Who made the graphs, and when, makes no difference. QueryError for no graph.
    """
    before, after = _View(open_store(old)), _View(open_store(new))
    rows = [*_same_name(before, after), *_new_name(before, after)]
    return Table(COLUMNS, sorted(rows, key=lambda row: tuple(str(c) for c in row)))


def summary(table: Table) -> Table:
    """How many of each kind came, went and changed."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in table.rows:
        counts[str(row[1]), str(row[0])] += 1
    kinds = [kind for kind in _KINDS if any((kind, change) in counts for change in ("added", "removed", "changed"))]
    return Table(("kind", "added", "removed", "changed"), [(k, counts[k, "added"], counts[k, "removed"], counts[k, "changed"]) for k in kinds])


class _View:
    """A graph as plain dictionaries: what is said of papers, entities and facts, with labels and sentences at hand."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        everything: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in store:
            everything[_short(quad.subject)][_short(quad.predicate)].append(_short(quad.object))
        self.all = {node: {prop: tuple(sorted(values)) for prop, values in said.items()} for node, said in everything.items()}
        self.kind = {node: cls for node, said in self.all.items() for cls in [said.get("rdf:type", ("",))[0].removeprefix("kg:")] if cls in _KINDS}

    def label(self, node: str) -> str:
        return self.all.get(node, {}).get("rdfs:label", (node,))[0]

    def said(self, node: str) -> Said:
        """What counts for a comparison, by the kind of the node."""
        kind = self.kind[node]
        counted = _PAPER if kind == "Paper" else _FACT if kind in ("Claim", "Result", "Quantity", "HardwareUse") else _ENTITY
        return {prop: self.all[node][prop] for prop in counted if prop in self.all[node]}

    def words(self, node: str) -> str:
        """The node in words: its label, or what the fact says."""
        said = self.all[node]
        if "rdf:subject" in said:
            relation = said["rdf:predicate"][0].removeprefix("kg:")
            return f"{self.label(said['rdf:subject'][0])} {relation} {self.label(said['rdf:object'][0])}"
        if self.kind[node] in ("Result", "Quantity", "HardwareUse"):
            named = [self.label(said[p][0]) for p in ("kg:of", "kg:hardware", "kg:metric", "kg:benchmark") if p in said]
            return " · ".join([*named, *said.get("kg:property", ()), *said.get("kg:valueText", said.get("kg:count", ()))])
        return self.label(node)

    def place(self, node: str) -> tuple[str, str]:
        """(paper, sentence) in words."""
        said = self.all[node]
        source = self.all.get(said.get("prov:wasDerivedFrom", ("",))[0], {})
        return self.label(said["kg:statedIn"][0]) if "kg:statedIn" in said else "", source.get("oa:exact", source.get("rdfs:label", ("",)))[0]

    def topic(self, node: str) -> tuple[str, ...]:
        """What a fact is about, to find its successor: its kind, paper and sentence, and the two entities, or the number as printed."""
        said = self.all[node]
        what = (*said.get("rdf:subject", ()), *said.get("rdf:object", ())) or said.get("kg:valueText") or said.get("kg:hardware", ())
        return (self.kind[node], *self.place(node), *what)


def _short(term: object) -> str:
    value = cell(term)
    if isinstance(value, Iri):
        return shorten(value)
    return "true" if value is True else str(value)


def _differences(view: tuple[_View, _View], old: Said, new: Said) -> tuple[str, str]:
    """What differs, on both sides, in words."""
    props = [p for p in dict.fromkeys((*old, *new)) if old.get(p) != new.get(p)]

    def tell(side: _View, said: Said) -> str:
        return "; ".join(f"{p.partition(':')[2]} {', '.join(plain(side.label(v)) for v in said[p])}" for p in props if p in said) or "nothing"

    return tell(view[0], old), tell(view[1], new)


def _row(view: _View, change: str, node: str, before: str = "", after: str = "") -> tuple[str, ...]:
    return (change, view.kind[node], view.words(node), before, after, *view.place(node))


def _same_name(before: _View, after: _View) -> Iterator[tuple[str, ...]]:
    for node in sorted(before.kind.keys() & after.kind.keys()):
        old, new = before.said(node), after.said(node)
        if old != new:
            yield _row(after, "changed", node, *_differences((before, after), old, new))


def _new_name(before: _View, after: _View) -> Iterator[tuple[str, ...]]:
    """What only one side has; two facts on one topic are one that changed."""
    gone, come = sorted(before.kind.keys() - after.kind.keys()), sorted(after.kind.keys() - before.kind.keys())
    waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for node in gone:
        waiting[before.topic(node)].append(node)
    for node in come:
        candidates = waiting.get(after.topic(node), [])
        if candidates and "prov:wasDerivedFrom" in after.all[node]:
            yield _row(after, "changed", node, *_differences((before, after), before.said(candidates.pop(0)), after.said(node)))
        else:
            yield _row(after, "added", node)
    for left in waiting.values():
        for node in left:
            yield _row(before, "removed", node)
