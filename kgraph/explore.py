"""What users do with the result: two things beside each other, and the way from one to another, each step with its sentence."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.ask import HEAD, resolve_entity, resolve_paper
from kgraph.query import QueryError, open_store, run_sparql
from kgraph.tables import Cell, Table, plain

if TYPE_CHECKING:
    import pyoxigraph

    from kgraph.graph import KnowledgeGraph

_HEAD = HEAD + "PREFIX oa: <http://www.w3.org/ns/oa#>\nPREFIX prov: <http://www.w3.org/ns/prov#>\n"
_SAID = "kg:polarity ?says . FILTER (STR(?says) = 'asserted' || STR(?says) = 'joined')"

# aspect -> what stands in its row for the entity {e}: `?word`, and `?part` where the aspect has a row for each (a metric on a benchmark)
_ASPECTS: tuple[tuple[str, str], ...] = (
    ("type", "{e} a ?class . BIND (STRAFTER(STR(?class), '#') AS ?word)"),
    ("also called", "{e} skos:altLabel ?word"),
    ("family", "{e} skos:broader ?x . ?x rdfs:label ?word"),
    ("papers that name it", "{{ SELECT (COUNT(?p) AS ?word) {{ ?p kg:mentions {e} ; a kg:Paper }} }}"),
    ("introduced in", "?p kg:introduces {e} ; rdfs:label ?word"),
    ("size", "?q kg:of {e} ; a kg:Quantity ; kg:property ?part ; kg:valueText ?word ; " + _SAID),
    ("hardware", "?u kg:of {e} ; a kg:HardwareUse ; kg:hardware ?h ; " + _SAID + " ?h rdfs:label ?device . OPTIONAL {{ ?u kg:count ?n }} "
     "BIND (IF(BOUND(?n), CONCAT(STR(?n), ' x ', ?device), ?device) AS ?word)"),
    ("result", "?r kg:of {e} ; a kg:Result ; kg:valueText ?word ; " + _SAID + " OPTIONAL {{ ?r kg:metric ?m . ?m rdfs:label ?metric }} "
     "OPTIONAL {{ ?r kg:benchmark ?b . ?b rdfs:label ?on }} BIND (CONCAT(COALESCE(?metric, 'value'), IF(BOUND(?on), CONCAT(' on ', ?on), '')) AS ?part)"),
    ("states", "?c rdf:subject {e} ; rdf:predicate ?how ; rdf:object ?o ; " + _SAID + " ?o rdfs:label ?word . BIND (STRAFTER(STR(?how), '#') AS ?part)"),
    ("is stated by", "?c rdf:object {e} ; rdf:predicate ?how ; rdf:subject ?s ; " + _SAID + " ?s rdfs:label ?word . BIND (STRAFTER(STR(?how), '#') AS ?part)"),
)  # fmt: skip


def compare(source: Path | str | KnowledgeGraph | pyoxigraph.Store, first: str, second: str) -> Table:
    """Two entities beside each other: a row an aspect, what is known of the first and of the second; `same` says that both have it.

    Rows that both sides have come first within an aspect, so that what can be compared stands together. QueryError for unknown names.
    """
    store = open_store(source)
    iris = [resolve_entity(store, name) for name in (first, second)]
    labels = [_label(store, iri) for iri in iris]
    rows: list[tuple[Cell, ...]] = []
    for aspect, pattern in _ASPECTS:
        parts: list[dict[str, set[str]]] = []
        for iri in iris:
            found: dict[str, set[str]] = defaultdict(set)
            for word, part in run_sparql(store, _HEAD + f"SELECT ?word ?part {{ {pattern.format(e=f'<{iri}>')} }}").rows:
                found[str(part or "")].add(str(word))
            parts.append(found)
        for part in sorted({*parts[0], *parts[1]}, key=lambda p: (not (p in parts[0] and p in parts[1]), p)):
            left, right = (side.get(part, set()) for side in parts)
            shared = ", ".join(sorted(left & right))
            rows.append((f"{aspect}: {part}" if part else aspect, ", ".join(sorted(left)), ", ".join(sorted(right)), shared))
    names = labels if labels[0] != labels[1] else [f"{labels[0]} (1)", f"{labels[1]} (2)"]
    return Table(("aspect", *names, "same"), rows)


def path(source: Path | str | KnowledgeGraph | pyoxigraph.Store, first: str, second: str) -> Table:
    """The shortest way from one entity or paper to another: a row a step, with the relation, the paper and the sentence that makes the step.

    A step joins two entities named in one sentence, or a paper and an entity that it names. Of equally short ways, that with the most steps
    that are stated relations is taken (Dijkstra, 1959, with slightly cheaper such steps). No rows when nothing joins them.
    """
    store = open_store(source)
    start, goal = _node(store, first), _node(store, second)
    sentences, entities, papers = defaultdict(list), defaultdict(list), {}
    for sentence, entity, paper in run_sparql(store, _HEAD + "SELECT ?s ?e ?p { ?s dcterms:isPartOf ?p ; kg:mentions ?e } ORDER BY ?s ?e").rows:
        sentences[str(entity)].append(str(sentence))
        entities[str(sentence)].append(str(entity))
        papers[str(sentence)] = str(paper)
    inside = defaultdict(list)
    for sentence, paper in papers.items():
        inside[paper].append(sentence)
    claimed: dict[tuple[str, str], tuple[str, str]] = {}
    claims = "SELECT ?a ?b ?how ?s { ?c rdf:subject ?a ; rdf:predicate ?how ; rdf:object ?b ; prov:wasDerivedFrom ?s ; kg:polarity ?says . "
    for a, b, how, sentence in run_sparql(store, _HEAD + claims + "FILTER (STR(?says) = 'asserted') } ORDER BY DESC(?s) ?how").rows:
        relation = str(how).rpartition("#")[2]
        claimed[str(a), str(b)] = (relation, str(sentence))
        claimed.setdefault((str(b), str(a)), (f"{relation} (of)", str(sentence)))
    came = _shortest(start, goal, sentences, entities, papers, inside, claimed)
    return _steps(store, start, goal, came)


Came = dict[str, tuple[str, str, str]]
"""Node -> (the node before it, the relation, the sentence)."""


def _shortest(
    start: str,
    goal: str,
    sentences: dict[str, list[str]],
    entities: dict[str, list[str]],
    papers: dict[str, str],
    inside: dict[str, list[str]],
    claimed: dict[tuple[str, str], tuple[str, str]],
) -> Came:
    came: Came = {}
    best, queue, done = {start: 0.0}, [(0.0, start)], set()
    while queue:
        cost, node = heappop(queue)
        if node == goal:
            break
        if node in done:
            continue
        done.add(node)
        for sentence in inside.get(node, ()) or sentences.get(node, ()):
            # a paper's entities; or an entity's neighbours in the sentence, and the sentence's paper
            near = entities[sentence] if node in inside else [*entities[sentence], papers[sentence]]
            for other in near:
                stated = claimed.get((node, other))
                step = cost + (1.0 if stated else 1.001)
                if other != node and step < best.get(other, float("inf")) - 1e-9:
                    best[other] = step
                    names = "names" if node in inside else "is named in" if other in inside else "together with"
                    came[other] = (node, *(stated or (names, sentence)))
                    heappush(queue, (step, other))
    return came


def _steps(store: pyoxigraph.Store, start: str, goal: str, came: Came) -> Table:
    columns = ("step", "from", "relation", "to", "paper", "sentence")
    steps: list[tuple[Cell, ...]] = []
    node = goal
    while node != start:
        if node not in came:
            return Table(columns, [])
        before, relation, sentence = came[node]
        row = run_sparql(store, _HEAD + f"SELECT ?p ?x {{ <{sentence}> dcterms:isPartOf ?paper ; oa:exact ?x . ?paper rdfs:label ?p }}").rows[0]
        steps.append((_label(store, before), relation, _label(store, node), *row))
        node = before
    return Table(columns, [(i, *step) for i, step in enumerate(reversed(steps), 1)])


def _label(store: pyoxigraph.Store, iri: str) -> str:
    return plain(run_sparql(store, _HEAD + f"SELECT ?l {{ <{iri}> rdfs:label ?l }}").rows[0][0])


def _node(store: pyoxigraph.Store, name: str) -> str:
    """An entity, or else a paper."""
    try:
        return resolve_entity(store, name)
    except QueryError as error:
        try:
            return resolve_paper(store, name)
        except QueryError:
            raise error from None
