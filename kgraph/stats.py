"""`kgraph stats`: what is in a graph, and how much of the corpus speaks of each kind of thing.

Coverage is the share of papers that say at least one thing of a kind. Few abstracts state hardware or sizes, so an answer about them rests on
few papers, and a reader has to know how many.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.tables import Cell, Table

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

COLUMNS = ("kind", "what", "count", "papers", "coverage")
_HEAD = """
PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
"""
_STATED = "SELECT ?what (COUNT(?x) AS ?count) (COUNT(DISTINCT ?p) AS ?papers) "
# kind, then a query for (?what, ?count, ?papers), one row a thing that there is any of
_COUNTED = (
    ("entities", "SELECT ?what (COUNT(DISTINCT ?x) AS ?count) (COUNT(DISTINCT ?p) AS ?papers) { ?p kg:mentions ?x ; a kg:Paper . ?x a ?what } GROUP BY ?what"),
    (
        "facts",
        _STATED + "{ VALUES ?what { kg:Result kg:Quantity kg:HardwareUse kg:Claim } ?x a ?what OPTIONAL { ?x kg:statedIn ?p } } GROUP BY ?what",
    ),
    (
        "relations",
        _STATED + "{ ?x rdf:predicate ?what OPTIONAL { ?x kg:statedIn ?p } } GROUP BY ?what",
    ),
    ("says", _STATED + "{ ?x kg:polarity ?what OPTIONAL { ?x kg:statedIn ?p } } GROUP BY ?what"),
)
# what papers carry themselves: in words, the pattern that binds ?p and ?x
_OF_PAPERS = (
    ("introduced names", "?p kg:introduces ?x"),
    ("code links", "?p schema:codeRepository ?x"),
    ("dates", "?p dcterms:issued ?x"),
    ("identifiers", "?p dcterms:identifier ?x"),
    ("titles", "?p dcterms:title ?x ; a kg:Paper"),
)


def stats(source: Path | str | KnowledgeGraph | pyoxigraph.Store) -> Table:
    """Counts and coverage: columns `kind what count papers coverage` (papers that say so, in per cent of all, one decimal).

    The first row is the number of papers. `source` is whatever `kgraph.query.open_store` takes; QueryError when it cannot be read.
    """
    from kgraph.query import open_store, run_sparql

    store = open_store(source)
    total = _number(run_sparql(store, _HEAD + "SELECT (COUNT(?p) AS ?n) { ?p a kg:Paper }").rows[0][0])
    sentences = _number(run_sparql(store, _HEAD + "SELECT (COUNT(?s) AS ?n) { ?s a kg:Sentence }").rows[0][0])
    rows: list[tuple[Cell, ...]] = [("papers", "papers", total, total, _share(total, total)), ("papers", "sentences kept as evidence", sentences, None, None)]
    for what, pattern in _OF_PAPERS:
        count, papers = run_sparql(store, _HEAD + f"SELECT (COUNT(?x) AS ?n) (COUNT(DISTINCT ?p) AS ?m) {{ {pattern} }}").rows[0]
        rows.append(("papers", what, count, papers, _share(_number(papers), total)))
    for kind, query in _COUNTED:
        found = [(str(what).rpartition("#")[2], _number(count), _number(papers)) for what, count, papers in run_sparql(store, _HEAD + query).rows if count]
        for what, count, papers in sorted(found, key=lambda row: (-row[1], row[0])):
            rows.append((kind, what, count, papers, _share(papers, total)))
    return Table(COLUMNS, rows)


def _number(cell: Cell) -> int:
    if not isinstance(cell, int):
        raise TypeError(f"a count is a whole number, not {cell!r}")
    return cell


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part / whole).quantize(Decimal("0.1")) if whole else None
